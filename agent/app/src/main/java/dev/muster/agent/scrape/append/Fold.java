package dev.muster.agent.scrape.append;

import dev.muster.model.labels.Labels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One metric of one target whose new series are counted instead of stored: how many, which label
/// makes them many, and the series that holds the count. A few kilobytes, however many series fold.
/// Confined to the thread that appends.
final class Fold {
    /*
     * The first LOOKED_AT series of a scrape, and then one in SPARSE, are looked at: their labels are
     * read, relabelled and sketched. The others are told from the name alone, so that a scrape of
     * 100,000 new series does not hold up the other targets.
     */
    private static final int LOOKED_AT = 1_000;
    private static final int SPARSE = 32;
    private static final int LABELS_LIMIT = 16;
    private static final int EXAMPLES = 3;

    private final String metric;
    private final Labels stored;
    private final byte[] exposedName;
    private final List<String> names = new ArrayList<>();
    private final List<DistinctSketch> sketches = new ArrayList<>();
    private final List<Labels> examples = new ArrayList<>(EXAMPLES);
    private final long sinceMs;

    private int reference = SeriesCache.NONE;
    private int count;
    private int lastCount;
    private boolean open;
    private long total;
    private long lastMs;

    /// @param metric name of the metric as stored
    /// @param exposedName as the target writes it
    /// @param stored labels of the series that holds the count
    Fold(String metric, String exposedName, Labels stored, long tickMs) {
        this.metric = metric;
        this.stored = stored;
        this.exposedName = exposedName.getBytes(StandardCharsets.UTF_8);
        sinceMs = tickMs;
        lastMs = tickMs;
    }

    String metric() {
        return metric;
    }

    /// Labels of the series that holds the count.
    Labels stored() {
        return stored;
    }

    int reference() {
        return reference;
    }

    void reference(int seriesReference) {
        reference = seriesReference;
    }

    /// Series folded in this scrape.
    int count() {
        return count;
    }

    /// Tick of the last series that folded.
    long lastMs() {
        return lastMs;
    }

    /// Does the series of the count have a sample and no marker after it?
    boolean open() {
        return open;
    }

    void open(boolean value) {
        open = value;
    }

    /// Is the key one of this metric that need not be looked at?
    boolean takesUnseen(byte[] bytes, int start, int end) {
        int nameEnd = start + exposedName.length;
        return count >= LOOKED_AT
                && count % SPARSE != 0
                && nameEnd < end
                && bytes[nameEnd] == '{'
                && Arrays.equals(bytes, start, nameEnd, exposedName, 0, exposedName.length);
    }

    /// Counts a series without a look at it.
    void count(long tickMs) {
        count++;
        lastMs = tickMs;
    }

    /// Counts a series and remembers what is particular about it.
    void count(Labels exposed, long tickMs) {
        count(tickMs);
        if (examples.size() < EXAMPLES) {
            examples.add(exposed);
        }
        for (int i = 0; i < exposed.size(); i++) {
            int at = names.indexOf(exposed.name(i));
            if (at < 0 && names.size() < LABELS_LIMIT) {
                at = names.size();
                names.add(exposed.name(i));
                sketches.add(new DistinctSketch());
            }
            if (at >= 0) {
                sketches.get(at).add(exposed.value(i));
            }
        }
    }

    /// A scrape is over.
    ///
    /// @param good false forgets what it counted
    void settle(boolean good) {
        if (good) {
            lastCount = count;
            total += count;
        }
        count = 0;
    }

    FoldedMetric told(Labels target) {
        int most = -1;
        long values = 0;
        for (int i = 0; i < names.size(); i++) {
            long estimate = sketches.get(i).estimate();
            if (estimate > values) {
                most = i;
                values = estimate;
            }
        }
        return new FoldedMetric(
                target,
                metric,
                lastCount,
                total,
                sinceMs,
                lastMs,
                most < 0 ? "" : names.get(most),
                values,
                examples);
    }
}
