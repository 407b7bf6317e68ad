/// JSON as the agent writes it.
@NullMarked
package dev.muster.agent.json;

import org.jspecify.annotations.NullMarked;
