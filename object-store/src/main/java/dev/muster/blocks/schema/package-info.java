/// What a block is called and which columns its files have.
@NullMarked
package dev.muster.blocks.schema;

import org.jspecify.annotations.NullMarked;
