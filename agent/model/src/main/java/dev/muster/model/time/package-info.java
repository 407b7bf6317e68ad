/// Spans of time and the steps of a range query.
@NullMarked
package dev.muster.model.time;

import org.jspecify.annotations.NullMarked;
