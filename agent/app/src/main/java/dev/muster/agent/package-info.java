/// The agent: configuration and wiring.
@NullMarked
package dev.muster.agent;

import org.jspecify.annotations.NullMarked;
