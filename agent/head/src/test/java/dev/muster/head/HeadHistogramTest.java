package dev.muster.head;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.head.Samples.Point;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.HistogramMarker;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.AppendResult;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.series.SeriesExemplars;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Histograms, start times and exemplars in a head.
class HeadHistogramTest {
    private static final long START_MS = 1_700_000_040_000L;
    private static final TimeRange ALL = new TimeRange(0, 2 * START_MS);
    private static final Labels A = Labels.of("__name__", "a");
    private static final Labels B = Labels.of("__name__", "b");

    private final ManualClock clock = new ManualClock(START_MS);
    private final Path directory;
    private HeadConfig config;

    HeadHistogramTest(@TempDir Path directory) {
        this.directory = directory.resolve("head");
        config = HeadConfig.in(this.directory).withWindow(Duration.ofMinutes(1));
    }

    private Head open() throws IOException {
        return Head.open(config, clock);
    }

    private static NativeHistogram histogram(double count) {
        return NativeHistogram.exponential(
                3,
                CounterReset.UNKNOWN,
                0x1p-128,
                1,
                count,
                count * 1.5,
                Buckets.of(new int[] {-4, 0, 7}, new double[] {2, 0, count - 3}),
                Buckets.NONE);
    }

    private static TreeMap<Long, Point> samplesOfA(Head head, TimeRange range) throws IOException {
        return requireNonNull(Samples.points(head, range).get(A));
    }

    private static Point point(NativeHistogram histogram, long startMs) {
        return new Point(HistogramMarker.BITS, histogram, startMs);
    }

    private static Point point(double value, long startMs) {
        return new Point(Double.doubleToRawLongBits(value), null, startMs);
    }

    @Test
    void givesBackHistogramsBesideNumbers() throws IOException {
        TreeMap<Labels, TreeMap<Long, Point>> expected = new TreeMap<>();
        try (Head head = open();
                SampleAppender appender = head.appender("target")) {
            for (int i = 0; i < 10; i++) {
                appender.begin(START_MS + i);
                int a = appender.series(A, MetricMetadata.NONE);
                int b = appender.series(B, MetricMetadata.NONE);
                assertThat(appender.append(a, histogram(i + 4))).isEqualTo(AppendResult.APPENDED);
                put(expected, A, START_MS + i, point(histogram(i + 4), 0));
                if (i % 3 == 0) {
                    appender.append(b, histogram(i + 100));
                    put(expected, B, START_MS + i, point(histogram(i + 100), 0));
                } else {
                    appender.append(b, i == 4 ? Staleness.STALE : i);
                    put(expected, B, START_MS + i, point(i == 4 ? Staleness.STALE : i, 0));
                }
                appender.append(a, START_MS - 100 - i, histogram(7));
                put(expected, A, START_MS - 100 - i, point(histogram(7), 0));
                appender.commit();
            }
            assertThat(Samples.points(head, ALL)).isEqualTo(expected);
            TimeRange some = new TimeRange(START_MS + 3, START_MS + 5);
            assertThat(samplesOfA(head, some))
                    .isEqualTo(requireNonNull(expected.get(A)).subMap(START_MS + 3, START_MS + 5));
            head.checkpoint();
            assertThat(samplesOfA(head, some))
                    .isEqualTo(requireNonNull(expected.get(A)).subMap(START_MS + 3, START_MS + 5));
            assertThat(Samples.points(head, ALL)).isEqualTo(expected);
        }
        try (Head head = open()) {
            assertThat(Samples.points(head, ALL)).isEqualTo(expected);
        }
    }

    private static void put(
            TreeMap<Labels, TreeMap<Long, Point>> into, Labels labels, long timeMs, Point point) {
        into.computeIfAbsent(labels, key -> new TreeMap<>()).put(timeMs, point);
    }

    @Test
    void storesANumberThatLooksLikeAHistogramAsNotANumber() throws IOException {
        try (Head head = open();
                SampleAppender appender = head.appender("target")) {
            appender.begin(START_MS);
            int a = appender.series(A, MetricMetadata.NONE);
            appender.append(a, HistogramMarker.VALUE);
            appender.append(a, START_MS - 1, HistogramMarker.VALUE);
            appender.commit();
            assertThat(samplesOfA(head, ALL).values().stream().map(Point::bits))
                    .containsExactly(Staleness.NORMAL_NAN_BITS, Staleness.NORMAL_NAN_BITS);
        }
    }

    @Test
    void refusesAnotherHistogramAtTheSameTime() throws IOException {
        try (Head head = open();
                SampleAppender appender = head.appender("target")) {
            appender.begin(START_MS);
            int a = appender.series(A, MetricMetadata.NONE);
            assertThat(appender.append(a, histogram(4))).isEqualTo(AppendResult.APPENDED);
            assertThat(appender.append(a, histogram(4))).isEqualTo(AppendResult.APPENDED);
            assertThat(appender.append(a, histogram(5))).isEqualTo(AppendResult.DUPLICATE);
            assertThat(appender.append(a, 1)).isEqualTo(AppendResult.DUPLICATE);
            appender.commit();
            appender.begin(START_MS + 1);
            assertThat(appender.append(a, START_MS, histogram(4))).isEqualTo(AppendResult.APPENDED);
            assertThat(appender.append(a, START_MS, histogram(5)))
                    .isEqualTo(AppendResult.DUPLICATE);
            assertThat(appender.append(a, START_MS - 1, histogram(5)))
                    .isEqualTo(AppendResult.APPENDED);
            assertThat(appender.append(a, START_MS - 1, histogram(6)))
                    .isEqualTo(AppendResult.DUPLICATE);
            assertThat(appender.append(a + 1, histogram(5))).isEqualTo(AppendResult.UNKNOWN_SERIES);
            appender.commit();
            assertThat(samplesOfA(head, ALL).values())
                    .containsExactly(point(histogram(5), 0), point(histogram(4), 0));
        }
    }

    @Test
    void startTimesCountFromTheNextSampleOn() throws IOException {
        TreeMap<Long, Point> expected = new TreeMap<>();
        expected.put(START_MS - 9, point(8, 200));
        expected.put(START_MS, point(1, 100));
        expected.put(START_MS + 1, point(2, 100));
        expected.put(START_MS + 2, point(3, 200));
        expected.put(START_MS + 4, point(histogram(9), 200));
        expected.put(START_MS + 5, point(5, 0));
        try (Head head = open();
                SampleAppender appender = head.appender("target")) {
            appender.begin(START_MS);
            int a = appender.series(A, MetricMetadata.NONE);
            appender.start(a, 100);
            appender.append(a, 1);
            appender.commit();
            appender.begin(START_MS + 1);
            appender.append(a, 2);
            appender.start(a, 200);
            appender.append(a, START_MS - 9, 8);
            appender.commit();
            appender.begin(START_MS + 2);
            appender.append(a, 3);
            appender.commit();
            appender.begin(START_MS + 3);
            appender.start(a, 300);
            appender.rollback();
            appender.begin(START_MS + 4);
            appender.append(a, histogram(9));
            appender.commit();
            appender.begin(START_MS + 5);
            appender.start(a, 0);
            appender.append(a, 5);
            appender.commit();
            assertThat(samplesOfA(head, ALL)).isEqualTo(expected);
            head.abandon();
        }
        try (Head head = open()) {
            assertThat(samplesOfA(head, ALL)).isEqualTo(expected);
        }
        try (Head head = open()) {
            assertThat(samplesOfA(head, ALL)).isEqualTo(expected);
        }
    }

    @Test
    void aStartTimeOutlivesCheckpointsAndRestarts() throws IOException {
        for (int round = 0; round < 5; round++) {
            try (Head head = open();
                    SampleAppender appender = head.appender("target")) {
                int a = appender.series(A, MetricMetadata.NONE);
                for (int i = 0; i < 3; i++) {
                    appender.begin(START_MS + round * 10L + i);
                    if (round == 0 && i == 1) {
                        appender.start(a, 77);
                    }
                    appender.append(a, i);
                    appender.commit();
                }
                if (round % 2 == 0) {
                    head.abandon();
                }
            }
        }
        try (Head head = open()) {
            assertThat(samplesOfA(head, ALL).values().stream().map(Point::startMs))
                    .hasSize(15)
                    .startsWith(0L, 77L)
                    .endsWith(77L, 77L);
        }
    }

    @Test
    void keepsTheNewestExemplars() throws IOException {
        config = config.withExemplarLimit(3);
        Exemplar[] made = new Exemplar[5];
        for (int i = 0; i < made.length; i++) {
            made[i] = new Exemplar(Labels.of("trace_id", "t" + i), i, START_MS + i);
        }
        try (Head head = open();
                SampleAppender appender = head.appender("target")) {
            appender.begin(START_MS + 10);
            int a = appender.series(A, MetricMetadata.NONE);
            int b = appender.series(B, MetricMetadata.NONE);
            appender.append(a, 1);
            appender.exemplar(a, made[0]);
            appender.exemplar(b, made[1]);
            assertThat(exemplars(head)).isEmpty();
            appender.commit();
            appender.begin(START_MS + 11);
            appender.exemplar(a, made[4]);
            appender.rollback();
            appender.begin(START_MS + 12);
            appender.exemplar(a, made[0]);
            appender.exemplar(a, made[2]);
            appender.exemplar(a, made[2]);
            appender.exemplar(b, new Exemplar(Labels.EMPTY, 1, START_MS));
            appender.exemplar(b, new Exemplar(Labels.EMPTY, 1, START_MS + 3_600_000));
            appender.exemplar(b, new Exemplar(Labels.of("a", "x".repeat(128)), 1, START_MS + 9));
            appender.exemplar(b, made[3]);
            appender.commit();
            assertThat(exemplars(head))
                    .isEqualTo(Map.of(A, List.of(made[2]), B, List.of(made[1], made[3])));
            assertThat(head.stats().exemplars()).isEqualTo(new ExemplarStats(3, 4, 2, 1, 2));
            TimeRange range = new TimeRange(START_MS + 3, START_MS + 4);
            assertThat(head.exemplars(range, List.of(List.of(LabelMatcher.equal("__name__", "b")))))
                    .containsExactly(new SeriesExemplars(B, List.of(made[3])));
            assertThat(head.exemplars(range, List.of())).isEmpty();
            head.abandon();
        }
        for (int restart = 0; restart < 3; restart++) {
            try (Head head = open()) {
                assertThat(exemplars(head))
                        .isEqualTo(Map.of(A, List.of(made[2]), B, List.of(made[1], made[3])));
            }
        }
    }

    private static Map<Labels, List<Exemplar>> exemplars(Head head) throws IOException {
        Map<Labels, List<Exemplar>> found = new TreeMap<>();
        for (SeriesExemplars some : head.exemplars(ALL, List.of(List.of()))) {
            found.put(some.series(), some.exemplars());
        }
        return found;
    }

    @Test
    void aHistogramThatStaysTakesAByteASample() throws IOException {
        assertThat(bytesPerSample(0)).isLessThan(2.5);
    }

    @Test
    void aHistogramThatGrowsTakesAFewBytesASample() throws IOException {
        assertThat(bytesPerSample(3)).isLessThan(30);
    }

    /// Bytes in chunks, of 600 samples of 100 histograms of 40 buckets, of which some change.
    private double bytesPerSample(int changing) throws IOException {
        Random random = new Random(1);
        int[] indexes = new int[40];
        double[][] counts = new double[100][40];
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = i - 10;
        }
        config = config.withWindow(Duration.ofHours(2));
        try (Head head = open()) {
            SampleAppender appender = head.appender("target");
            List<Integer> references = new ArrayList<>();
            for (int k = 0; k < counts.length; k++) {
                Labels labels = Labels.of("__name__", "h", "k", "k" + k);
                references.add(appender.series(labels, MetricMetadata.NONE));
            }
            for (int i = 0; i < 600; i++) {
                appender.begin(START_MS + i * 1_000L);
                for (int k = 0; k < counts.length; k++) {
                    for (int n = 0; n < changing; n++) {
                        counts[k][random.nextInt(40)] += 1 + random.nextInt(3);
                    }
                    appender.append(references.get(k), grown(indexes, counts[k]));
                }
                appender.commit();
            }
            head.checkpoint();
            HeadStats stats = head.stats();
            System.out.println(
                    "changing=" + changing + " chunkBytesPerSample=" + stats.chunkBytes() / 60e3);
            return stats.chunkBytes() / 60e3;
        }
    }

    private static NativeHistogram grown(int[] indexes, double[] counts) {
        Buckets buckets = Buckets.of(indexes, counts);
        return NativeHistogram.exponential(
                3,
                CounterReset.NOT_RESET,
                0x1p-128,
                0,
                buckets.total(),
                buckets.total() * 1.37,
                buckets,
                Buckets.NONE);
    }

    @Test
    void seriesOfNumbersCostNoMore() throws IOException {
        try (Head head = open()) {
            SampleAppender appender = head.appender("target");
            @Nullable Long before = null;
            for (int i = 0; i < 3; i++) {
                appender.begin(START_MS + i);
                appender.append(appender.series(A, MetricMetadata.NONE), 1);
                appender.commit();
                long bytes = head.stats().walBytes();
                if (before != null) {
                    // header, type, flags, origin, record before, definitions, tick, slots, values
                    assertThat(bytes - before).isEqualTo(16 + 1 + 1 + 1 + 1 + 1 + 8 + 1 + 8);
                }
                before = bytes;
            }
        }
    }
}
