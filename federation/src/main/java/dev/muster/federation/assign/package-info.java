/// Which cell an agent is of: the map of cells, the choice, and moving when the map grows. Pure: no
/// clock, thread, file or socket.
@NullMarked
package dev.muster.federation.assign;

import org.jspecify.annotations.NullMarked;
