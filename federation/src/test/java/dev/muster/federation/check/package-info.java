/// Checks of what is promised, over the event logs of agents and query nodes.
@NullMarked
package dev.muster.federation.check;

import org.jspecify.annotations.NullMarked;
