package dev.muster.head;

import dev.muster.head.Samples.Point;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.HistogramMarker;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.SampleAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the golden files hold, and how they were written: once for each version of the formats, by
/// hand, into a directory that must not exist.
final class GoldenHead {
    static final long START_MS = 1_700_000_040_000L;

    static final Labels COUNTER = Labels.of("__name__", "requests_total", "job", "größe");
    static final Labels GAUGE = Labels.of("__name__", "load", "job", "a");
    static final Labels GONE = Labels.of("__name__", "gone");
    static final MetricMetadata METADATA =
            new MetricMetadata(MetricType.COUNTER, "seconds", "Requests.\nAll of them.");

    private static final double[][] ROWS = {
        {1, 0.5, 7},
        {2, 0.5, 7},
        {5, 0.25, Staleness.STALE},
        {5, Double.longBitsToDouble(0x7ff8_0000_0000_beefL), 0},
        {9, -0.0, 0},
        {1e300, Double.NEGATIVE_INFINITY, 0},
        {1e300, Double.MIN_VALUE, 0},
    };

    /// Series that version 2 adds to those of version 1.
    static final Labels HISTOGRAM = Labels.of("__name__", "latency", "job", "a");

    static final Labels RETIRED = Labels.of("__name__", "retired");

    private static final double[] BOUNDS = {0.1, 1, 2.5};

    /// By tick; null where the series has a number or nothing.
    private static final @Nullable NativeHistogram[] HISTOGRAMS = {
        exponential(3, 1, 2, 0),
        exponential(5, 1, 4, 0),
        custom(4, 7),
        null,
        custom(4.5, 7),
        null,
        exponential(1e17, -1, 0.25, 3)
    };

    private GoldenHead() {}

    private static NativeHistogram exponential(double count, double a, double b, double c) {
        return NativeHistogram.exponential(
                2,
                CounterReset.NOT_RESET,
                0x1p-128,
                1,
                count,
                count / 3,
                Buckets.of(new int[] {-7, 0, 1_000}, new double[] {a, b, c}),
                Buckets.of(new int[] {2}, new double[] {c}));
    }

    private static NativeHistogram custom(double a, double b) {
        Buckets buckets = Buckets.of(new int[] {0, 3}, new double[] {a, b});
        return NativeHistogram.custom(CounterReset.GAUGE, a + b, -2.5, BOUNDS, buckets);
    }

    private static long timeMs(int row) {
        return START_MS + row * 1_000L + (row > 4 ? 7 : 0);
    }

    /// What version 2 adds: histograms, start times, exemplars, a series that is not in memory.
    private static void writeSide(Head head, ManualClock clock) throws IOException {
        SampleAppender appender = head.appender("side");
        appender.begin(START_MS - 1_000);
        appender.append(appender.series(RETIRED, METADATA), 4.5);
        appender.commit();
        clock.advance(400_000);
        appender.close();
        head.releaseIdle();
        clock.advance(-400_000);
        appender = head.appender("side");
        int reference = appender.series(HISTOGRAM, MetricMetadata.NONE);
        for (int row = 0; row < HISTOGRAMS.length; row++) {
            appender.begin(timeMs(row));
            if (row == 1 || row == 5) {
                appender.start(reference, START_MS - row);
            }
            NativeHistogram histogram = HISTOGRAMS[row];
            if (histogram == null) {
                appender.append(reference, row);
            } else {
                appender.append(reference, histogram);
                appender.append(reference, timeMs(row) - 500, histogram);
            }
            appender.exemplar(reference, exemplar(row));
            appender.commit();
            if (row == 3) {
                head.checkpoint();
            }
        }
    }

    static Exemplar exemplar(int row) {
        return new Exemplar(Labels.of("trace_id", "t" + row), row * 0.5, timeMs(row));
    }

    /// The samples of [#HISTOGRAM].
    static TreeMap<Long, Point> points() {
        TreeMap<Long, Point> result = new TreeMap<>();
        for (int row = 0; row < HISTOGRAMS.length; row++) {
            long startMs = row == 0 ? 0 : row < 5 ? START_MS - 1 : START_MS - 5;
            NativeHistogram histogram = HISTOGRAMS[row];
            if (histogram == null) {
                long bits = Double.doubleToRawLongBits(row);
                result.put(timeMs(row), new Point(bits, null, startMs));
            } else {
                Point point = new Point(HistogramMarker.BITS, histogram, startMs);
                result.put(timeMs(row), point);
                result.put(timeMs(row) - 500, point);
            }
        }
        return result;
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        ManualClock clock = new ManualClock(START_MS);
        Head head = Head.open(HeadConfig.in(directory), clock);
        write(head);
        writeSide(head, clock);
        head.abandon();
        Files.delete(directory.resolve("lock"));
    }

    private static void write(Head head) throws IOException {
        SampleAppender appender = head.appender("http://ünïcode:9100/metrics");
        SampleAppender other = head.appender("push");
        for (int row = 0; row < ROWS.length; row++) {
            appender.begin(START_MS + row * 1_000L + (row > 4 ? 7 : 0));
            appender.append(appender.series(COUNTER, METADATA), ROWS[row][0]);
            appender.append(appender.series(GAUGE, MetricMetadata.NONE), ROWS[row][1]);
            if (row < 3) {
                appender.append(appender.series(GONE, MetricMetadata.NONE), ROWS[row][2]);
            }
            if (row == 2 || row == 5) {
                appender.append(1, START_MS - row * 100L, row);
            }
            appender.commit();
            if (row == 3) {
                other.begin(START_MS);
                other.append(other.series(GONE, MetricMetadata.NONE), START_MS + 5_500, 3);
                other.commit();
                head.checkpoint();
            }
        }
    }

    static TreeMap<Labels, TreeMap<Long, Long>> samples() {
        TreeMap<Labels, TreeMap<Long, Long>> result = new TreeMap<>();
        for (int row = 0; row < ROWS.length; row++) {
            long time = START_MS + row * 1_000L + (row > 4 ? 7 : 0);
            put(result, COUNTER, time, ROWS[row][0]);
            put(result, GAUGE, time, ROWS[row][1]);
            if (row < 3) {
                put(result, GONE, time, ROWS[row][2]);
            }
        }
        put(result, GAUGE, START_MS - 200, 2);
        put(result, GAUGE, START_MS - 500, 5);
        put(result, GONE, START_MS + 5_500, 3);
        return result;
    }

    private static void put(
            TreeMap<Labels, TreeMap<Long, Long>> into, Labels labels, long time, double value) {
        into.computeIfAbsent(labels, key -> new TreeMap<>())
                .put(time, Double.doubleToRawLongBits(value));
    }
}
