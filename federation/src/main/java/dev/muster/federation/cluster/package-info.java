/// Query nodes that know of each other, and which of them owns what.
@NullMarked
package dev.muster.federation.cluster;

import org.jspecify.annotations.NullMarked;
