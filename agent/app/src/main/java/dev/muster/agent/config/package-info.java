/// The agent's configuration keys, one interface a feature.
@NullMarked
package dev.muster.agent.config;

import org.jspecify.annotations.NullMarked;
