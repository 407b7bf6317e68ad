/// Services of agents that are lost: peers of the cell probe and scrape them until their agent is
/// back.
@NullMarked
package dev.muster.agent.takeover;

import org.jspecify.annotations.NullMarked;
