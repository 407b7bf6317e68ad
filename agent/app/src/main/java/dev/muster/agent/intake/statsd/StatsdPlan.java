package dev.muster.agent.intake.statsd;

import java.time.Duration;

/// Where StatsD packets are taken, and how much is kept of them.
///
/// @param host address to listen on
/// @param port to listen on, 0 to 65535; 0 takes any free one
/// @param seriesLimit most series, 1 to 1000000; what is beyond is counted and not kept
/// @param idle a series without a packet for so long ends
public record StatsdPlan(String host, int port, int seriesLimit, Duration idle) {
    private static final int MOST_SERIES = 1_000_000;

    public StatsdPlan {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("statsd-port must be 0 to 65535: found=" + port);
        }
        if (seriesLimit < 1 || seriesLimit > MOST_SERIES) {
            throw new IllegalArgumentException(
                    "statsd-series-limit must be 1 to " + MOST_SERIES + ": found=" + seriesLimit);
        }
    }
}
