package dev.muster.query.load;

import java.time.Duration;

/// Writes queries that took long to the log of the node.
final class SlowLog {
    private static final System.Logger LOG = System.getLogger("dev.muster.query.slow");
    private static final double NANOS_PER_SECOND = 1e9;

    private final long thresholdNanos;
    private final LoadMetrics metrics;

    /// @param threshold queries that took at least this long are written; zero for none
    SlowLog(Duration threshold, LoadMetrics metrics) {
        thresholdNanos = threshold.toNanos();
        this.metrics = metrics;
    }

    void ended(ActiveQuery query, String outcome) {
        long elapsedNanos = query.elapsedNanos();
        if (thresholdNanos <= 0 || elapsedNanos < thresholdNanos) {
            return;
        }
        metrics.slow();
        LOG.log(System.Logger.Level.WARNING, () -> text(query, outcome, elapsedNanos));
    }

    private static String text(ActiveQuery query, String outcome, long elapsedNanos) {
        Usage usage = query.usage();
        ActiveQuery.Origin origin = query.origin();
        return "slow query call="
                + origin.call()
                + " class="
                + query.priority().text()
                + " outcome="
                + outcome
                + " seconds="
                + elapsedNanos / NANOS_PER_SECOND
                + " waitedSeconds="
                + query.waitedNanos() / NANOS_PER_SECOND
                + " series="
                + usage.series()
                + " samples="
                + usage.samples()
                + " fetchedBytes="
                + usage.fetchedBytes()
                + " peakMemoryBytes="
                + usage.peakMemoryBytes()
                + " client="
                + origin.client()
                + " query="
                + ActiveFile.oneLine(origin.query());
    }
}
