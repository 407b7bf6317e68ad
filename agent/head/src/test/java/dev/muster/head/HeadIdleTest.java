package dev.muster.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.series.AppendResult;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Series without recent samples, which are taken out of memory and stay to be found.
class HeadIdleTest {
    private static final long START_MS = 1_700_000_040_000L;
    private static final long MINUTE_MS = 60_000;
    private static final TimeRange ALL = new TimeRange(0, 2 * START_MS);
    private static final MetricMetadata METADATA =
            new MetricMetadata(MetricType.GAUGE, "bytes", "Some.");

    private final ManualClock clock = new ManualClock(START_MS);
    private final TreeMap<Labels, TreeMap<Long, Long>> written = new TreeMap<>();
    private final Path directory;
    private HeadConfig config;

    HeadIdleTest(@TempDir Path directory) {
        this.directory = directory.resolve("head");
        config = HeadConfig.in(this.directory).withWindow(Duration.ofHours(1));
    }

    private Head open() throws IOException {
        return Head.open(config, clock);
    }

    private static Labels labels(int series) {
        return Labels.of("__name__", "m", "id", "i" + series);
    }

    /// One scrape of the series from `from` to `to`, and of one that is always there.
    private void scrape(SampleAppender appender, int from, int to) throws IOException {
        clock.advance(1_000);
        appender.begin(clock.millis());
        append(appender, labels(-1), clock.millis());
        for (int i = from; i < to; i++) {
            append(appender, labels(i), i + 0.5);
        }
        appender.commit();
    }

    private void append(SampleAppender appender, Labels labels, double value) {
        int reference = appender.series(labels, METADATA);
        assertThat(appender.append(reference, value)).isEqualTo(AppendResult.APPENDED);
        written.computeIfAbsent(labels, key -> new TreeMap<>())
                .put(clock.millis(), Double.doubleToRawLongBits(value));
    }

    /// Ticks of the series that is always there until the others are idle.
    private void idle(SampleAppender appender) throws IOException {
        for (int i = 0; i < 6; i++) {
            clock.advance(MINUTE_MS);
            scrape(appender, 0, 0);
        }
    }

    @Test
    void areFoundAndSlotsAreUsedAgain() throws IOException {
        try (Head head = open();
                SampleAppender appender = head.appender("target")) {
            for (int round = 0; round < 5; round++) {
                scrape(appender, round * 100, round * 100 + 100);
                scrape(appender, round * 100, round * 100 + 100);
                idle(appender);
                assertThat(head.stats().activity())
                        .isEqualTo(new SeriesActivity(1, 100, round * 100));
                head.releaseIdle();
                assertThat(head.stats().activity())
                        .isEqualTo(new SeriesActivity(1, 0, round * 100 + 100));
                assertThat(Samples.read(head, ALL)).isEqualTo(written);
            }
            assertThat(head.labelValues("id", SelectRequest.of(ALL, List.of())))
                    .hasSize(501)
                    .contains("i7");
            assertThat(head.labelNames(SelectRequest.of(ALL, List.of())))
                    .containsExactly("__name__", "id");
            LabelMatcher one = LabelMatcher.equal("id", "i250");
            try (SeriesSet set = head.select(SelectRequest.of(ALL, List.of(one)))) {
                assertThat(set.size()).isEqualTo(1);
                assertThat(set.metadata(0)).isEqualTo(METADATA);
            }
            head.abandon();
        }
        for (int restart = 0; restart < 3; restart++) {
            try (Head head = open()) {
                assertThat(head.stats().walLostCommits()).isZero();
                assertThat(Samples.read(head, ALL)).isEqualTo(written);
            }
        }
    }

    @Test
    void comeBackWithWhatTheyHad() throws IOException {
        try (Head head = open();
                SampleAppender appender = head.appender("target")) {
            scrape(appender, 0, 10);
            int reference = appender.series(labels(3), METADATA);
            idle(appender);
            head.releaseIdle();
            appender.begin(clock.millis() + 1);
            assertThat(appender.append(reference, 1)).isEqualTo(AppendResult.UNKNOWN_SERIES);
            appender.rollback();
            scrape(appender, 5, 15);
            assertThat(Samples.read(head, ALL)).isEqualTo(written);
            idle(appender);
            head.checkpoint();
            scrape(appender, 3, 7);
            assertThat(Samples.read(head, ALL)).isEqualTo(written);
            Path copy = HeadFiles.copy(directory, directory.resolveSibling("copy"));
            head.abandon();
            try (Head again = Head.open(HeadConfig.in(copy).withWindow(config.window()), clock)) {
                assertThat(Samples.read(again, ALL)).isEqualTo(written);
            }
        }
    }

    @Test
    void giveTheirMemoryBackBeforeTheWindowEnds() throws IOException {
        try (Head head = open();
                SampleAppender appender = head.appender("target")) {
            scrape(appender, 0, 10);
            idle(appender);
            long before = head.memory().bytes();
            for (int round = 0; round < 4; round++) {
                scrape(appender, 1_000 + 5_000 * round, 1_000 + 5_000 * round + 5_000);
                long full = head.memory().bytes();
                assertThat(full - before).isGreaterThan(800_000);
                idle(appender);
                head.checkpoint();
                assertThat(head.stats().series()).isEqualTo(1);
                // what is left is mostly the buffer in which scrapes are staged
                assertThat(head.memory().bytes() - before).isLessThan((full - before) / 3);
                assertThat(head.memory().indexBytes()).isLessThan(100_000);
            }
            assertThat(Samples.read(head, ALL)).isEqualTo(written);
            head.abandon();
        }
        try (Head head = open()) {
            assertThat(Samples.read(head, ALL)).isEqualTo(written);
        }
    }

    @Test
    void areCutIntoTheBlockAndGoWithTheirWindow() throws IOException {
        config = config.withWindow(Duration.ofMinutes(10));
        try (Head head = open();
                SampleAppender appender = head.appender("target")) {
            scrape(appender, 0, 100);
            idle(appender);
            head.releaseIdle();
            idle(appender);
            clock.advance(20 * MINUTE_MS);
            TimeRange window = head.closedWindows().getFirst();
            assertThat(Samples.read(head.window(window), window)).hasSize(101);
            head.release(window);
            assertThat(head.stats().activity().released()).isZero();
            assertThat(Samples.read(head, ALL)).hasSize(1);
        }
    }

    @Test
    void countTowardsTheLimitOfSeries() throws IOException {
        config = config.withSeriesLimit(101);
        try (Head head = open();
                SampleAppender appender = head.appender("target")) {
            scrape(appender, 0, 100);
            idle(appender);
            head.releaseIdle();
            assertThat(appender.series(labels(500), METADATA)).isEqualTo(SampleAppender.OVER_LIMIT);
        }
    }

    @Test
    void areNotThoseOfATargetThatIsAskedOnceAnHour() throws IOException {
        try (Head head = open()) {
            SampleAppender appender = head.appender("slow");
            scrape(appender, 0, 10);
            clock.advance(60 * MINUTE_MS);
            head.releaseIdle();
            assertThat(head.stats().series()).isEqualTo(11);
            appender.close();
            head.releaseIdle();
            assertThat(head.stats().series()).isZero();
            assertThat(Samples.read(head, ALL)).isEqualTo(written);
        }
    }
}
