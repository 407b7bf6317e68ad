/// Numbers and texts in byte arrays, little-endian.
@NullMarked
package dev.muster.head.bytes;

import org.jspecify.annotations.NullMarked;
