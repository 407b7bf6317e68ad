/// The federation on virtual time: the detector and the fleet view of production, with a network,
/// hosts, clocks and operators that fail as told.
@NullMarked
package dev.muster.federation.sim;

import org.jspecify.annotations.NullMarked;
