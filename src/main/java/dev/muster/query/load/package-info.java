/// What queries may take of the node together: turns, memory, and who is told what they cost.
@NullMarked
package dev.muster.query.load;

import org.jspecify.annotations.NullMarked;
