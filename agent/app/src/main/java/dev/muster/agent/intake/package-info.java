/// From samples that are pushed, whatever the protocol, to series in the head.
@NullMarked
package dev.muster.agent.intake;

import org.jspecify.annotations.NullMarked;
