/// Arithmetic that keeps what rounding loses.
@NullMarked
package dev.muster.query.promql.numeric;

import org.jspecify.annotations.NullMarked;
