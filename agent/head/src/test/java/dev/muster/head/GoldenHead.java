package dev.muster.head;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.SampleAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;

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

    private GoldenHead() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        Head head = Head.open(HeadConfig.in(directory), new ManualClock(START_MS));
        write(head);
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
