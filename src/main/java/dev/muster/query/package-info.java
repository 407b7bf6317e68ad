/// The query node: configuration and wiring.
@NullMarked
package dev.muster.query;

import org.jspecify.annotations.NullMarked;
