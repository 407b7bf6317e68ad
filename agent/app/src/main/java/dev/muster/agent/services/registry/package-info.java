/// Services that register themselves with the agent of their host.
@NullMarked
package dev.muster.agent.services.registry;

import org.jspecify.annotations.NullMarked;
