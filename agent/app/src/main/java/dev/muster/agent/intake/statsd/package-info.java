/// StatsD over UDP, with the tags of DogStatsD.
@NullMarked
package dev.muster.agent.intake.statsd;

import org.jspecify.annotations.NullMarked;
