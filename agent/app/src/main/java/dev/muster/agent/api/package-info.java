/// The agent's HTTP routes.
@NullMarked
package dev.muster.agent.api;

import org.jspecify.annotations.NullMarked;
