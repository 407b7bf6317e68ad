/// What is said of metric names without naming them.
@NullMarked
package dev.muster.model.hint;

import org.jspecify.annotations.NullMarked;
