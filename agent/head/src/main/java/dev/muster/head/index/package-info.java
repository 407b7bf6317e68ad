/// Which series exist, and which of them match.
@NullMarked
package dev.muster.head.index;

import org.jspecify.annotations.NullMarked;
