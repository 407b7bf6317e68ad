package dev.muster.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.AppendResult;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadTest {
    private static final long START_MS = 1_700_000_040_000L;
    private static final long MINUTE_MS = 60_000;
    private static final TimeRange ALL = new TimeRange(0, 2 * START_MS);
    private static final Labels A = Labels.of("__name__", "a", "job", "x");
    private static final Labels B = Labels.of("__name__", "b", "job", "x");

    private final ManualClock clock = new ManualClock(START_MS);
    private final Path directory;
    private HeadConfig config;

    HeadTest(@TempDir Path directory) {
        this.directory = directory.resolve("head");
        config =
                HeadConfig.in(this.directory)
                        .withWindow(Duration.ofMinutes(1))
                        .withOutOfOrderWindow(Duration.ofSeconds(20));
    }

    private Head open() throws IOException {
        return Head.open(config, clock);
    }

    private static void scrape(SampleAppender appender, long timeMs, double a, double b)
            throws IOException {
        appender.begin(timeMs);
        appender.append(appender.series(A, MetricMetadata.NONE), a);
        appender.append(appender.series(B, MetricMetadata.NONE), b);
        appender.commit();
    }

    @Test
    void givesBackWhatWasCommittedAndNothingElse() throws IOException {
        try (Head head = open();
                SampleAppender appender = head.appender("target")) {
            scrape(appender, START_MS, 1, 2);
            appender.begin(START_MS + 1_000);
            appender.append(0, 5);
            appender.rollback();
            appender.begin(START_MS + 2_000);
            appender.append(0, 6);
            assertThat(Samples.read(head, ALL)).hasSize(2);
            assertThat(Samples.read(head, ALL).get(A)).containsOnlyKeys(START_MS);
            appender.commit();
            assertThat(Samples.read(head, ALL).get(A)).containsOnlyKeys(START_MS, START_MS + 2_000);
        }
    }

    @Test
    void keepsTheBitsOfNotANumber() throws IOException {
        long payload = 0x7ff8_0000_dead_beefL;
        try (Head head = open()) {
            SampleAppender appender = head.appender("target");
            scrape(appender, START_MS, Staleness.STALE, Double.longBitsToDouble(payload));
            scrape(appender, START_MS + 1, -0.0, Double.NaN);
        }
        try (Head head = open()) {
            TreeMap<Labels, TreeMap<Long, Long>> read = Samples.read(head, ALL);
            assertThat(read.get(A))
                    .containsEntry(START_MS, Staleness.STALE_BITS)
                    .containsEntry(START_MS + 1, Double.doubleToRawLongBits(-0.0));
            assertThat(read.get(B)).containsEntry(START_MS, payload);
        }
    }

    @Test
    void saysWhatBecameOfASample() throws IOException {
        try (Head head = open()) {
            SampleAppender appender = head.appender("target");
            scrape(appender, START_MS, 1, 2);
            appender.begin(START_MS + 1_000);
            assertThat(appender.append(7, 1)).isEqualTo(AppendResult.UNKNOWN_SERIES);
            assertThat(appender.append(-1, 1)).isEqualTo(AppendResult.UNKNOWN_SERIES);
            assertThat(appender.append(0, 1)).isEqualTo(AppendResult.APPENDED);
            assertThat(appender.append(0, 1)).isEqualTo(AppendResult.APPENDED);
            assertThat(appender.append(0, 2)).isEqualTo(AppendResult.DUPLICATE);
            assertThat(appender.append(0, START_MS, 1)).isEqualTo(AppendResult.APPENDED);
            assertThat(appender.append(0, START_MS, 3)).isEqualTo(AppendResult.DUPLICATE);
            assertThat(appender.append(0, START_MS - 20_001, 3)).isEqualTo(AppendResult.TOO_OLD);
            assertThat(appender.append(0, START_MS + 10 * MINUTE_MS + 1, 3))
                    .isEqualTo(AppendResult.TOO_FAR_AHEAD);
            appender.commit();
            assertThat(head.stats().refused())
                    .containsEntry(AppendResult.UNKNOWN_SERIES, 2L)
                    .containsEntry(AppendResult.DUPLICATE, 2L)
                    .containsEntry(AppendResult.TOO_OLD, 1L)
                    .containsEntry(AppendResult.TOO_FAR_AHEAD, 1L)
                    .containsEntry(AppendResult.OUT_OF_ORDER, 0L);
            assertThat(head.stats().samplesAppended()).isEqualTo(3);
        }
    }

    @Test
    void takesLateSamplesUpToTheLimitOfASeries() throws IOException {
        config = config.withLateLimit(2);
        try (Head head = open()) {
            SampleAppender appender = head.appender("target");
            scrape(appender, START_MS, 1, 2);
            appender.begin(START_MS + 1);
            assertThat(appender.append(0, START_MS - 1, 1)).isEqualTo(AppendResult.APPENDED);
            assertThat(appender.append(0, START_MS - 2, 1)).isEqualTo(AppendResult.APPENDED);
            assertThat(appender.append(0, START_MS - 3, 1)).isEqualTo(AppendResult.OUT_OF_ORDER);
            assertThat(appender.append(1, START_MS - 3, 1)).isEqualTo(AppendResult.APPENDED);
            appender.commit();
            assertThat(Samples.read(head, ALL).get(A))
                    .containsOnlyKeys(START_MS - 2, START_MS - 1, START_MS);
        }
    }

    @Test
    void keepsScrapesWhenTheClockStepsBack() throws IOException {
        try (Head head = open()) {
            SampleAppender appender = head.appender("target");
            scrape(appender, START_MS, 1, 2);
            clock.advance(-10_000);
            scrape(appender, START_MS - 10_000, 3, 4);
            scrape(appender, START_MS - 9_000, 3, 4);
            assertThat(Samples.read(head, ALL).get(A))
                    .containsOnlyKeys(START_MS - 10_000, START_MS - 9_000, START_MS);
        }
    }

    @Test
    void mergesOriginsThatShareLabels() throws IOException {
        try (Head head = open()) {
            SampleAppender one = head.appender("one");
            SampleAppender two = head.appender("two");
            scrape(one, START_MS, 1, 2);
            scrape(two, START_MS + 1, 3, 4);
            scrape(one, START_MS + 2, 5, Staleness.STALE);
            scrape(two, START_MS + 2, 5, 9);
            TreeMap<Labels, TreeMap<Long, Long>> read = Samples.read(head, ALL);
            assertThat(read.get(A)).containsOnlyKeys(START_MS, START_MS + 1, START_MS + 2);
            assertThat(read.get(B)).containsEntry(START_MS + 2, Double.doubleToRawLongBits(9));
        }
    }

    @Test
    void refusesSeriesBeyondTheLimit() throws IOException {
        config = config.withSeriesLimit(1);
        try (Head head = open()) {
            SampleAppender appender = head.appender("target");
            appender.begin(START_MS);
            assertThat(appender.series(A, MetricMetadata.NONE)).isZero();
            assertThat(appender.series(B, MetricMetadata.NONE))
                    .isEqualTo(SampleAppender.OVER_LIMIT);
            appender.append(0, 1);
            appender.commit();
            assertThat(head.stats().seriesOverLimit()).isEqualTo(1);
            assertThat(head.stats().series()).isEqualTo(1);
        }
    }

    @Test
    void keepsMetadataOverARestart() throws IOException {
        MetricMetadata metadata = new MetricMetadata(MetricType.COUNTER, "seconds", "Time spent.");
        try (Head head = open()) {
            SampleAppender appender = head.appender("target");
            scrape(appender, START_MS, 1, 2);
            head.checkpoint();
            appender.begin(START_MS + 1);
            appender.append(appender.series(A, metadata), 1);
            appender.commit();
            head.abandon();
        }
        try (Head head = open();
                SeriesSet set = head.select(SelectRequest.of(ALL, List.of()))) {
            assertThat(set.metadata(0)).isEqualTo(metadata);
            assertThat(set.metadata(1)).isEqualTo(MetricMetadata.NONE);
        }
    }

    @Test
    void closesReleasesAndForgetsWindows() throws IOException {
        try (Head head = open()) {
            SampleAppender appender = head.appender("target");
            scrape(appender, START_MS, 1, 2);
            TimeRange window = TimeRange.windowOf(START_MS, MINUTE_MS);
            clock.set(window.endMs() + 19_999);
            assertThat(head.closedWindows()).isEmpty();
            clock.set(window.endMs() + 20_000);
            assertThat(head.closedWindows()).containsExactly(window);
            appender.begin(clock.millis());
            appender.append(0, 7);
            appender.commit();
            assertThat(Samples.read(head.window(window), ALL).get(A)).containsOnlyKeys(START_MS);
            head.release(window);
            assertThat(head.closedWindows()).isEmpty();
            assertThat(Samples.read(head, ALL)).containsOnlyKeys(A);
            assertThat(head.stats().series()).isEqualTo(1);
            assertThat(head.stats().seriesCollected()).isEqualTo(1);
            appender.begin(clock.millis() + 1);
            assertThat(appender.append(1, 1)).isEqualTo(AppendResult.UNKNOWN_SERIES);
            assertThat(appender.append(0, 1)).isEqualTo(AppendResult.APPENDED);
            int fresh = appender.series(B, MetricMetadata.NONE);
            assertThat(fresh).isEqualTo(2);
            assertThat(appender.append(fresh, 1)).isEqualTo(AppendResult.APPENDED);
            appender.commit();
            head.abandon();
        }
        try (Head head = open()) {
            assertThat(head.closedWindows()).isEmpty();
            assertThat(Samples.read(head, ALL).get(A)).hasSize(2);
            assertThat(Samples.read(head, ALL).get(B)).hasSize(1);
        }
    }

    @Test
    void aSeriesThatComesBackIntoItsSlotIsReplayed() throws IOException {
        try (Head head = open()) {
            SampleAppender appender = head.appender("target");
            scrape(appender, START_MS, 1, 2.5);
            TimeRange window = TimeRange.windowOf(START_MS, MINUTE_MS);
            clock.set(window.endMs() + 20_000);
            appender.begin(clock.millis());
            appender.append(0, 7);
            appender.commit();
            assertThat(head.closedWindows()).containsExactly(window);
            head.release(window);
            assertThat(head.stats().seriesCollected()).isEqualTo(1);
            scrape(appender, clock.millis() + 1, 8, 9.5);
            head.abandon();
        }
        try (Head head = open()) {
            assertThat(Samples.read(head, ALL).get(B))
                    .containsOnly(Map.entry(clock.millis() + 1, Double.doubleToRawLongBits(9.5)));
        }
    }

    @Test
    void aQueryThatRunsOutlivesTheReleaseOfItsWindow() throws IOException {
        try (Head head = open()) {
            SampleAppender appender = head.appender("target");
            scrape(appender, START_MS, 1, 2);
            TimeRange window = TimeRange.windowOf(START_MS, MINUTE_MS);
            clock.set(window.endMs() + 20_000);
            try (SeriesSet set = head.select(SelectRequest.of(ALL, List.of()))) {
                assertThat(head.closedWindows()).containsExactly(window);
                head.release(window);
                assertThat(Samples.read(set).get(A)).containsOnlyKeys(START_MS);
                assertThat(HeadFiles.chunkFiles(directory)).hasSize(1);
            }
            assertThat(HeadFiles.chunkFiles(directory)).isEmpty();
        }
    }

    @Test
    void dropsTheOldestWindowWhenTheDiskLimitIsPassed() throws IOException {
        config = config.withDiskLimitBytes(5_000);
        try (Head head = open()) {
            SampleAppender appender = head.appender("target");
            for (int i = 0; i < 1_200; i++) {
                scrape(appender, START_MS + i * 1_000L, Math.random(), Math.random());
                clock.advance(1_000);
            }
            Awaitility.await()
                    .until(() -> head.stats().walBytes() + head.stats().chunkBytes() <= 5_000);
            HeadStats stats = head.stats();
            assertThat(stats.droppedWindowsTotal()).isPositive();
            assertThat(stats.droppedWindows())
                    .hasSize((int) stats.droppedWindowsTotal())
                    .contains(TimeRange.windowOf(START_MS, MINUTE_MS));
            assertThat(Samples.read(head, ALL).getOrDefault(A, new TreeMap<>()).firstKey())
                    .isGreaterThanOrEqualTo(stats.droppedWindows().getLast().endMs());
            scrape(appender, START_MS + 1_200_000L, 1, 2);
        }
    }

    @Test
    void recoversFromAFullDisk() throws IOException {
        FullDisk disk = new FullDisk();
        TreeMap<Long, Long> acknowledged = new TreeMap<>();
        try (Head head = Head.open(config, clock, disk)) {
            SampleAppender appender = head.appender("target");
            for (int i = 0; i < 400; i++) {
                if (i % 50 == 20) {
                    disk.freeBytes(i);
                } else if (i % 50 == 40) {
                    disk.freeBytes(Long.MAX_VALUE);
                }
                long time = START_MS + i * 1_000L;
                clock.set(time);
                try {
                    scrape(appender, time, i, 2);
                    acknowledged.put(time, Double.doubleToRawLongBits(i));
                } catch (IOException e) {
                    assertThat(e).hasMessage("No space left on device");
                }
                assertThat(Samples.read(head, ALL).getOrDefault(A, new TreeMap<>()))
                        .isEqualTo(acknowledged);
            }
            assertThat(head.stats().commitFailures()).isPositive();
            assertThat(acknowledged).hasSizeGreaterThan(200);
            head.abandon();
        }
        try (Head head = open()) {
            assertThat(head.stats().walDamagedBytes()).isZero();
            assertThat(Samples.read(head, ALL).get(A)).isEqualTo(acknowledged);
        }
    }

    @Test
    void aSecondHeadOnTheDirectoryIsRefused() throws IOException {
        try (Head head = open()) {
            assertThat(head.stats().series()).isZero();
            assertThatIOException()
                    .isThrownBy(this::open)
                    .withMessage(
                            "head directory="
                                    + directory
                                    + ": must be used by one process: in use by pid="
                                    + ProcessHandle.current().pid());
        }
        open().close();
    }

    @Test
    void aCommitAfterTheEndIsRefused() throws IOException {
        Head head = open();
        SampleAppender appender = head.appender("target");
        scrape(appender, START_MS, 1, 2);
        head.close();
        head.close();
        assertThatIOException()
                .isThrownBy(() -> scrape(appender, START_MS + 1, 1, 2))
                .withMessage("wal must be open: directory=" + directory.resolve("wal"));
        assertThatIOException()
                .isThrownBy(() -> head.select(SelectRequest.of(ALL, List.of())))
                .withMessage("head must be open");
        assertThat(HeadFiles.segments(directory)).isEmpty();
    }

    @Test
    void anInterruptedThreadHarmsNothing() throws IOException {
        try (Head head = open()) {
            scrape(head.appender("target"), START_MS, 1, 2);
        }
        try (Head head = open()) {
            SampleAppender appender = head.appender("target");
            Thread.currentThread().interrupt();
            try {
                scrape(appender, START_MS + 1, 1, 2);
                assertThatIOException().isThrownBy(() -> Samples.read(head, ALL));
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
            scrape(appender, START_MS + 2, 1, 2);
            assertThat(Samples.read(head, ALL).get(A)).hasSize(3);
            assertThat(head.stats().chunksDamaged()).isZero();
        }
    }

    @Test
    void anOriginHasOneAppender() throws IOException {
        try (Head head = open()) {
            SampleAppender first = head.appender("target");
            assertThatIllegalStateException().isThrownBy(() -> head.appender("target"));
            scrape(first, START_MS, 1, 2);
            first.close();
            SampleAppender second = head.appender("target");
            scrape(second, START_MS + 1, 1, 2);
            assertThat(Samples.read(head, ALL).get(A)).hasSize(2);
        }
    }

    @Test
    void namesADamagedChunkAndGivesTheRest() throws IOException {
        try (Head head = open()) {
            SampleAppender appender = head.appender("target");
            scrape(appender, START_MS, 1, 2);
            head.checkpoint();
            scrape(appender, START_MS + 1_000, 1, 2);
        }
        Path file = HeadFiles.chunkFiles(directory).getFirst();
        byte[] bytes = Files.readAllBytes(file);
        bytes[30] ^= 1;
        Files.write(file, bytes);
        try (Head head = open()) {
            try (SeriesSet set = head.select(SelectRequest.of(ALL, List.of()))) {
                assertThat(set.warnings()).hasSize(1);
                assertThat(set.warnings().getFirst()).contains("offsetBytes=24", "lost");
                assertThat(Samples.read(set).get(A)).containsOnlyKeys(START_MS + 1_000);
            }
            assertThat(head.stats().chunksDamaged()).isEqualTo(1);
        }
    }

    @Test
    void answersLabelsFromTheIndex() throws IOException {
        try (Head head = open()) {
            scrape(head.appender("target"), START_MS, 1, 2);
            SelectRequest all = SelectRequest.of(ALL, List.of());
            SelectRequest later = all.withRange(new TimeRange(START_MS + 1, START_MS + 2));
            SelectRequest onlyA =
                    SelectRequest.of(ALL, List.of(LabelMatcher.equal("__name__", "a")));
            assertThat(head.labelNames(all)).containsExactly("__name__", "job");
            assertThat(head.labelValues("__name__", all)).containsExactly("a", "b");
            assertThat(head.labelValues("__name__", onlyA)).containsExactly("a");
            assertThat(head.labelValues("nothing", all)).isEmpty();
            assertThat(head.labelNames(later)).isEmpty();
        }
    }

    @Test
    void readsNoSamplesWhereNoneAreAskedFor() throws IOException {
        try (Head head = open()) {
            scrape(head.appender("target"), START_MS, 1, 2);
            SelectRequest request = SelectRequest.of(ALL, List.of()).withoutSamples();
            try (SeriesSet set = head.select(request)) {
                SampleColumns columns = new SampleColumns();
                set.reader().read(0, columns);
                assertThat(set.labels(0)).isEqualTo(A);
                assertThat(columns.size()).isZero();
            }
        }
    }
}
