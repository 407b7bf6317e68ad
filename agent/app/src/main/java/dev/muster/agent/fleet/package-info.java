/// The agent among the others: the cell it is of, the directory of all cells, the watch over
/// others.
@NullMarked
package dev.muster.agent.fleet;

import org.jspecify.annotations.NullMarked;
