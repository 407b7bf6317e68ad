/// Samples in primitive columns, and staleness.
@NullMarked
package dev.muster.model.sample;

import org.jspecify.annotations.NullMarked;
