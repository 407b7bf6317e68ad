/// What the agents of a cell tell of the metric names that they hold, so that queries for others
/// need not ask them.
@NullMarked
package dev.muster.agent.hint;

import org.jspecify.annotations.NullMarked;
