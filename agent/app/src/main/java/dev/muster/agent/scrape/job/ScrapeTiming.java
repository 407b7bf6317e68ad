package dev.muster.agent.scrape.job;

import java.time.Duration;

/// When a target is scraped.
///
/// @param interval between two scrapes; 250 ms to 1 day
/// @param timeout for a whole scrape; positive, at most `interval`
public record ScrapeTiming(Duration interval, Duration timeout) {
    public static final Duration SHORTEST = Duration.ofMillis(250);
    public static final Duration LONGEST = Duration.ofDays(1);

    public ScrapeTiming {
        if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "scrape interval must be between 250ms and 1d: interval="
                            + interval.toMillis()
                            + "ms");
        }
        if (!timeout.isPositive() || timeout.compareTo(interval) > 0) {
            throw new IllegalArgumentException(
                    "scrape timeout must be positive and at most the interval: timeout="
                            + timeout.toMillis()
                            + "ms, interval="
                            + interval.toMillis()
                            + "ms");
        }
    }

    public long intervalMs() {
        return interval.toMillis();
    }

    public long timeoutMs() {
        return timeout.toMillis();
    }
}
