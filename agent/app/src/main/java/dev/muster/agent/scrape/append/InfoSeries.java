package dev.muster.agent.scrape.append;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.AppendResult;
import dev.muster.model.series.SampleAppender;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The `target_info` of a target: 1 at each scrape, whether it went well or not, so that alerts on
/// `up` can be joined with the service's owner. A target that exposes its own has its way: in
/// scrapes that bring it, this one is absent. Confined to the thread that appends.
final class InfoSeries {
    static final String METRIC = "target_info";
    private static final int UNKNOWN = -2;
    private static final MetricMetadata METADATA =
            new MetricMetadata(MetricType.INFO, "", "What is known of the target's service.");

    private final SampleAppender out;
    private final Labels labels;
    private int reference = UNKNOWN;
    private boolean open;
    private byte @Nullable [] exposed;

    InfoSeries(SampleAppender out, Labels labels) {
        this.out = out;
        this.labels = labels;
    }

    /// A series of that name was seen for the first time in a body.
    void learn(byte[] bytes, int from, int to) {
        exposed = Arrays.copyOfRange(bytes, from, to);
    }

    /// Was the target's own series in this scrape?
    boolean isExposed(SeriesCache cache, int round) {
        byte[] key = exposed;
        if (key == null) {
            return false;
        }
        int entry = cache.find(key, 0, key.length);
        return entry != SeriesCache.NONE
                && cache.reference(entry) >= 0
                && cache.seen(entry) == round;
    }

    void append() {
        write(1);
        open = true;
    }

    /// Marks the series stale, if it is open.
    void appendStale() {
        if (open) {
            write(Staleness.STALE);
            open = false;
        }
    }

    /// Goes on with the series of another appender, if it is the same one.
    ///
    /// @return the reference of the other's series that now has to end; negative if there is none
    int goOnFor(InfoSeries earlier) {
        if (!earlier.open) {
            return UNKNOWN;
        }
        if (!labels.equals(earlier.labels)) {
            return earlier.reference;
        }
        reference = earlier.reference;
        open = true;
        return UNKNOWN;
    }

    /// The reference of the series while it is open; negative otherwise.
    int openReference() {
        return open ? reference : UNKNOWN;
    }

    private void write(double value) {
        if (reference < 0 || out.append(reference, value) == AppendResult.UNKNOWN_SERIES) {
            reference = out.series(labels, METADATA);
            if (reference >= 0) {
                out.append(reference, value);
            }
        }
    }
}
