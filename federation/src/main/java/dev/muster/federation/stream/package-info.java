/// How a cell is told to those outside of it: a stream of what has changed, by version and hash.
@NullMarked
package dev.muster.federation.stream;

import org.jspecify.annotations.NullMarked;
