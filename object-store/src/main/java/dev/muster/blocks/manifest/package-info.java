/// Which blocks of a cell and day have taken the place of which.
@NullMarked
package dev.muster.blocks.manifest;

import org.jspecify.annotations.NullMarked;
