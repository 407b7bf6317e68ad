/// The cell's bus: the only package that sees Hazelcast.
@NullMarked
package dev.muster.federation.hazelcast;

import org.jspecify.annotations.NullMarked;
