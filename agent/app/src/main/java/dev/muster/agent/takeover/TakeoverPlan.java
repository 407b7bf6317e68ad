package dev.muster.agent.takeover;

import java.time.Duration;

/// How an agent looks after the services of lost peers.
///
/// @param enabled does it?
/// @param scrapesPerSecond most scrapes a second for all of them, 1 to 10,000
/// @param hostScrapesPerSecond most scrapes a second for one of them, at least 1
/// @param hostsLimit most of them whose samples are held at one time, 1 to 64
/// @param memoryBudgetBytes memory that their series may take
/// @param bodyMemoryBytes most bytes of their bodies on the way, all together
/// @param downInterval from one look at a service to the next once its host is known to be down
public record TakeoverPlan(
        boolean enabled,
        int scrapesPerSecond,
        int hostScrapesPerSecond,
        int hostsLimit,
        long memoryBudgetBytes,
        long bodyMemoryBytes,
        Duration downInterval) {
    /// The defaults: 200 scrapes a second, 100 of one host, 16 hosts, 32 MB of series, 16 MB of
    /// bodies, 5 s between looks at a dead host.
    public static final TakeoverPlan DEFAULT =
            new TakeoverPlan(true, 200, 100, 16, 32L << 20, 16L << 20, Duration.ofSeconds(5));

    public TakeoverPlan {
        require("scrapes-per-second", scrapesPerSecond, 1, 10_000);
        require("host-scrapes-per-second", hostScrapesPerSecond, 1, 10_000);
        require("hosts-limit", hostsLimit, 1, 64);
        require("memory-budget", memoryBudgetBytes, 1, Long.MAX_VALUE);
        require("body-memory-limit", bodyMemoryBytes, 64 << 10, Long.MAX_VALUE);
        require("down-interval in ms", downInterval.toMillis(), 1_000, 60_000);
    }

    private static void require(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    what + " must be " + least + " to " + most + ": found=" + value);
        }
    }

    /// The same, or none of it.
    public TakeoverPlan enabled(boolean on) {
        return new TakeoverPlan(
                on,
                scrapesPerSecond,
                hostScrapesPerSecond,
                hostsLimit,
                memoryBudgetBytes,
                bodyMemoryBytes,
                downInterval);
    }

    /// The same with other rates.
    public TakeoverPlan withRates(int ofAll, int ofHost) {
        return new TakeoverPlan(
                enabled,
                ofAll,
                ofHost,
                hostsLimit,
                memoryBudgetBytes,
                bodyMemoryBytes,
                downInterval);
    }

    /// The same with another limit of hosts.
    public TakeoverPlan withHostsLimit(int limit) {
        return new TakeoverPlan(
                enabled,
                scrapesPerSecond,
                hostScrapesPerSecond,
                limit,
                memoryBudgetBytes,
                bodyMemoryBytes,
                downInterval);
    }
}
