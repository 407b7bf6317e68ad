package dev.muster.agent.intake;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some pushed samples, by column. Reused; belongs to one thread at a time.
public final class PushBatch {
    /// A protocol hands a batch on when it has so many samples, so that a large push neither takes
    /// much memory nor holds up scrapes.
    public static final int FULL = 4_096;

    private static final int FIRST = 64;
    private static final String RULES = "rules/";

    private final String origin;
    private final boolean whole;
    private final List<Labels> series = new ArrayList<>();
    private final List<MetricMetadata> metadata = new ArrayList<>();
    private final List<SeriesExemplar> exemplars = new ArrayList<>();
    private int[] seriesOf = new int[FIRST];
    private long[] times = new long[FIRST];
    private long[] starts = new long[FIRST];
    private double[] values = new double[FIRST];
    private @Nullable NativeHistogram @Nullable [] histograms;
    private int size;

    record SeriesExemplar(int series, Exemplar exemplar) {}

    private PushBatch(String origin, boolean whole) {
        this.origin = origin;
        this.whole = whole;
    }

    /// Of samples whose origins are their labels `job` and `instance`; their series get the labels
    /// that scraped ones get.
    public static PushBatch byTarget() {
        return new PushBatch("", false);
    }

    /// Of samples that a query node forwards.
    ///
    /// @param origin header `Muster-Origin`: its series keep the labels that they have, and where
    ///   it names a group of rules, all samples are of that one origin; empty is [#byTarget()]
    public static PushBatch of(String origin) {
        return new PushBatch(origin.startsWith(RULES) ? origin : "", !origin.isEmpty());
    }

    /// Adds a series; its samples name it by the number that is returned.
    public int series(Labels labels, MetricMetadata about) {
        series.add(labels);
        metadata.add(about);
        return series.size() - 1;
    }

    /// @param startMs since when the value counts, Unix time; 0 for not known
    public void sample(int number, long timestampMs, double value, long startMs) {
        int at = add(number, timestampMs, startMs);
        values[at] = value;
    }

    /// @param startMs since when the histogram counts, Unix time; 0 for not known
    public void histogram(int number, long timestampMs, NativeHistogram histogram, long startMs) {
        int at = add(number, timestampMs, startMs);
        @Nullable NativeHistogram[] held = histograms;
        if (held == null) {
            held = new NativeHistogram[times.length];
            histograms = held;
        }
        held[at] = histogram;
    }

    private int add(int number, long timestampMs, long startMs) {
        if (number < 0 || number >= series.size()) {
            throw new IllegalArgumentException("series must have been added: number=" + number);
        }
        if (size == times.length) {
            grow();
        }
        seriesOf[size] = number;
        times[size] = timestampMs;
        starts[size] = startMs;
        return size++;
    }

    private void grow() {
        int capacity = Math.multiplyExact(2, size);
        seriesOf = Arrays.copyOf(seriesOf, capacity);
        times = Arrays.copyOf(times, capacity);
        starts = Arrays.copyOf(starts, capacity);
        values = Arrays.copyOf(values, capacity);
        if (histograms != null) {
            histograms = Arrays.copyOf(histograms, capacity);
        }
    }

    public void exemplar(int number, Exemplar exemplar) {
        exemplars.add(new SeriesExemplar(number, exemplar));
    }

    /// Is it time to hand it on?
    public boolean full() {
        return size >= FULL || exemplars.size() >= FULL || series.size() >= FULL;
    }

    public boolean isEmpty() {
        return size == 0 && exemplars.isEmpty();
    }

    /// Forgets everything but the origin.
    public void clear() {
        series.clear();
        metadata.clear();
        exemplars.clear();
        size = 0;
        histograms = null;
    }

    public int size() {
        return size;
    }

    String origin() {
        return origin;
    }

    /// Do its series keep the labels that they have?
    boolean whole() {
        return whole;
    }

    int seriesCount() {
        return series.size();
    }

    public Labels labels(int number) {
        return series.get(number);
    }

    public MetricMetadata metadata(int number) {
        return metadata.get(number);
    }

    public int seriesOf(int sample) {
        return seriesOf[sample];
    }

    public long timestampMs(int sample) {
        return times[sample];
    }

    public long startMs(int sample) {
        return starts[sample];
    }

    public double value(int sample) {
        return values[sample];
    }

    /// The histogram of a sample; null for one that is a number.
    public @Nullable NativeHistogram histogram(int sample) {
        return histograms == null ? null : histograms[sample];
    }

    List<SeriesExemplar> exemplars() {
        return exemplars;
    }
}
