/// Containers that a Docker daemon runs.
@NullMarked
package dev.muster.agent.scrape.sd.docker;

import org.jspecify.annotations.NullMarked;
