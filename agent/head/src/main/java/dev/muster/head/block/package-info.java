/// A closed window of the head as a source of series.
@NullMarked
package dev.muster.head.block;

import org.jspecify.annotations.NullMarked;
