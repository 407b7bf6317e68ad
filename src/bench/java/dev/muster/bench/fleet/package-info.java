/// What a fleet takes of a query node.
@NullMarked
package dev.muster.bench.fleet;

import org.jspecify.annotations.NullMarked;
