/// The contracts to read and to write series.
@NullMarked
package dev.muster.model.series;

import org.jspecify.annotations.NullMarked;
