/// Arithmetic that keeps what rounding loses.
@NullMarked
package dev.muster.promql.numeric;

import org.jspecify.annotations.NullMarked;
