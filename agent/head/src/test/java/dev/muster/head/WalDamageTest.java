package dev.muster.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.muster.head.wal.WalCorruptionException;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.HistogramMarker;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.series.SeriesExemplars;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Logs that are torn, cut or have a wrong bit: what is lost is counted, nothing is made up.
@Execution(ExecutionMode.CONCURRENT)
class WalDamageTest {
    private static final long START_MS = 1_700_000_000_000L;
    private static final TimeRange ALL = new TimeRange(0, 2 * START_MS);
    private static final int COMMITS = 4;

    private final ManualClock clock = new ManualClock(START_MS);
    private final Path temporary;
    private final Path original;
    private int copies;

    WalDamageTest(@TempDir Path temporary) {
        this.temporary = temporary;
        original = temporary.resolve("original");
    }

    private static Labels labels(int origin, int series) {
        return Labels.of("__name__", "m" + series, "origin", "o" + origin);
    }

    /// Commits of two origins in turn, and what they wrote.
    private TreeMap<Labels, TreeMap<Long, Long>> write(long segmentBytes) throws IOException {
        TreeMap<Labels, TreeMap<Long, Long>> written = new TreeMap<>();
        HeadConfig config = HeadConfig.in(original).withWalSegmentBytes(segmentBytes);
        try (Head head = Head.open(config, clock)) {
            SampleAppender[] appenders = {head.appender("o0"), head.appender("o1")};
            for (int i = 0; i < COMMITS; i++) {
                commit(appenders[i % 2], i % 2, i, written);
            }
            head.abandon();
        }
        return written;
    }

    private static void commit(
            SampleAppender appender,
            int origin,
            int i,
            TreeMap<Labels, TreeMap<Long, Long>> written)
            throws IOException {
        long time = START_MS + i * 1_000L;
        appender.begin(time);
        for (int series = 0; series <= i; series++) {
            Labels labels = labels(origin, series);
            double value = series == 0 ? 7 : i * 1.1 + series;
            int reference = appender.series(labels, MetricMetadata.NONE);
            appender.start(reference, i == 3 ? 0 : START_MS - series);
            if (series == 1) {
                NativeHistogram histogram = Histograms.next(null, new Random(i / 2));
                appender.append(reference, histogram);
                value = HistogramMarker.VALUE;
            } else {
                appender.append(reference, value);
            }
            appender.exemplar(reference, new Exemplar(Labels.of("trace_id", "t" + i), value, time));
            written.computeIfAbsent(labels, key -> new TreeMap<>())
                    .put(time, Double.doubleToRawLongBits(value));
        }
        appender.commit();
    }

    private Path copy(Path segment, byte[] content) throws IOException {
        Path copy = HeadFiles.copy(original, temporary.resolve("copy" + copies++));
        Files.write(copy.resolve("wal").resolve(segment.getFileName()), content);
        return copy;
    }

    /// Samples up to that commit.
    private static TreeMap<Labels, TreeMap<Long, Long>> upTo(
            TreeMap<Labels, TreeMap<Long, Long>> written, int commits) {
        TreeMap<Labels, TreeMap<Long, Long>> result = new TreeMap<>();
        written.forEach((labels, samples) -> {
            var some = samples.headMap(START_MS + commits * 1_000L);
            if (!some.isEmpty()) {
                result.put(labels, new TreeMap<>(some));
            }
        });
        return result;
    }

    private static int count(TreeMap<Labels, TreeMap<Long, Long>> samples) {
        return samples.values().stream().mapToInt(TreeMap::size).sum();
    }

    @Test
    void aTornLogKeepsEveryWholeCommit() throws IOException {
        TreeMap<Labels, TreeMap<Long, Long>> written = write(1 << 20);
        Path segment = HeadFiles.segments(original).getFirst();
        byte[] whole = Files.readAllBytes(segment);
        int kept = -1;
        for (int length = 0; length <= whole.length; length++) {
            Path directory = copy(segment, Arrays.copyOf(whole, length));
            try (Head head = Head.open(HeadConfig.in(directory), clock)) {
                HeadStats stats = head.stats();
                int commits = (int) stats.replayedCommits();
                assertThat(commits).isBetween(kept, kept + 1);
                kept = commits;
                assertThat(Samples.read(head, ALL)).isEqualTo(upTo(written, commits));
                checkSide(head);
                assertThat(stats.walLostCommits()).isZero();
                assertThat(stats.walDamagedBytes()).isZero();
                if (length % 4 == 0) {
                    appendAndReopen(head, directory, upTo(written, commits));
                }
            }
            HeadFiles.delete(directory);
        }
        assertThat(kept).isEqualTo(COMMITS);
    }

    /// Samples that are there have the histograms and start times that were written with them.
    private static void checkSide(Head head) throws IOException {
        Samples.points(head, ALL)
                .forEach((labels, points) ->
                        points.forEach((timeMs, point) -> {
                            int i = (int) (timeMs - START_MS) / 1_000;
                            int series = Integer.parseInt(labels.metric().substring(1));
                            assertThat(point.startMs()).isEqualTo(i == 3 ? 0 : START_MS - series);
                            assertThat(point.histogram())
                                    .isEqualTo(
                                            series == 1
                                                    ? Histograms.next(null, new Random(i / 2))
                                                    : null);
                        }));
        for (SeriesExemplars some : head.exemplars(ALL, List.of(List.of()))) {
            some.exemplars()
                    .forEach(exemplar ->
                            assertThat(exemplar.labels().valueOf("trace_id"))
                                    .isEqualTo("t" + (exemplar.timestampMs() - START_MS) / 1_000));
        }
    }

    /// After a repair the log goes on.
    private void appendAndReopen(
            Head head, Path directory, TreeMap<Labels, TreeMap<Long, Long>> before)
            throws IOException {
        SampleAppender appender = head.appender("o0");
        commit(appender, 0, COMMITS, before);
        head.abandon();
        try (Head again = Head.open(HeadConfig.in(directory), clock)) {
            assertThat(again.stats().walTornBytes()).isZero();
            assertThat(Samples.read(again, ALL)).isEqualTo(before);
            again.abandon();
        }
    }

    @Test
    void aWrongBitIsNeverASilentLoss() throws IOException {
        TreeMap<Labels, TreeMap<Long, Long>> written = write(1 << 20);
        Path segment = HeadFiles.segments(original).getFirst();
        byte[] whole = Files.readAllBytes(segment);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << at % 8);
            Path directory = copy(segment, damaged);
            try (Head head = Head.open(HeadConfig.in(directory), clock)) {
                HeadStats stats = head.stats();
                TreeMap<Labels, TreeMap<Long, Long>> read = Samples.read(head, ALL);
                read.forEach((labels, samples) ->
                        assertThat(written.get(labels)).containsAllEntriesOf(samples));
                checkSide(head);
                long lost = stats.walLostCommits();
                if (stats.walTornBytes() > 0) {
                    assertThat(lost).isZero();
                    assertThat(stats.replayedCommits()).isEqualTo(COMMITS - 1);
                } else {
                    assertThat(stats.replayedCommits() + lost).isEqualTo(COMMITS);
                }
                if (count(read) < count(written)) {
                    assertThat(lost + stats.walTornBytes()).isPositive();
                }
                head.abandon();
            }
            if (at % 4 == 0) {
                reopened(directory);
            }
            HeadFiles.delete(directory);
        }
    }

    /// The damage was written away: the next open finds a whole log.
    private void reopened(Path directory) throws IOException {
        try (Head head = Head.open(HeadConfig.in(directory), clock)) {
            assertThat(head.stats().walLostCommits()).isZero();
            assertThat(head.stats().walDamagedBytes()).isZero();
            head.abandon();
        }
    }

    /// Ticks that build on a lost record are lost, too, even where a record of late samples, which
    /// stands alone, comes between the two.
    @Test
    void lateSamplesBehindALostRecordDoNotVouchForTicks() throws IOException {
        Path small = temporary.resolve("late");
        TreeMap<Long, Long> written = new TreeMap<>();
        long[] sizes = new long[6];
        try (Head head = Head.open(HeadConfig.in(small), clock)) {
            SampleAppender appender = head.appender("o0");
            int reference = appender.series(labels(0, 0), MetricMetadata.NONE);
            for (int i = 0; i < sizes.length; i++) {
                appender.begin(START_MS + i);
                long timeMs = i == 3 ? START_MS - 7 : START_MS + i;
                appender.append(reference, timeMs, i * 1.25);
                written.put(timeMs, Double.doubleToRawLongBits(i * 1.25));
                appender.commit();
                sizes[i] = head.stats().walBytes();
            }
            head.abandon();
        }
        Path segment = HeadFiles.segments(small).getFirst();
        byte[] bytes = Files.readAllBytes(segment);
        bytes[(int) sizes[1] + 30] ^= 1;
        Files.write(segment, bytes);
        try (Head head = Head.open(HeadConfig.in(small), clock)) {
            assertThat(head.stats().walLostCommits()).isEqualTo(3);
            TreeMap<Long, Long> read =
                    Samples.read(head, ALL).getOrDefault(labels(0, 0), new TreeMap<>());
            assertThat(read).containsOnlyKeys(START_MS - 7, START_MS, START_MS + 1);
            assertThat(written).containsAllEntriesOf(read);
            head.abandon();
        }
    }

    @Test
    void aSegmentThatIsMissingIsCounted() throws IOException {
        TreeMap<Labels, TreeMap<Long, Long>> written = write(4096);
        Path small = temporary.resolve("small");
        HeadConfig config = HeadConfig.in(small).withWalSegmentBytes(4096);
        try (Head head = Head.open(config, clock)) {
            SampleAppender appender = head.appender("o0");
            for (int i = 0; i < 400; i++) {
                commit(appender, 0, i % 6 + 6 * (i / 6), new TreeMap<>());
                if (HeadFiles.segments(small).size() > 3) {
                    break;
                }
            }
            head.abandon();
        }
        assertThat(written).isNotEmpty();
        Files.delete(HeadFiles.segments(small).get(1));
        try (Head head = Head.open(config, clock)) {
            assertThat(head.stats().walLostCommits()).isPositive();
        }
    }

    @Test
    void aDamagedCheckpointIsRefused() throws IOException {
        write(1 << 20);
        try (Head head = Head.open(HeadConfig.in(original), clock)) {
            head.checkpoint();
        }
        Path checkpoint = original.resolve("checkpoint");
        byte[] bytes = Files.readAllBytes(checkpoint);
        bytes[bytes.length / 2] ^= 1;
        Files.write(checkpoint, bytes);
        assertThatExceptionOfType(WalCorruptionException.class)
                .isThrownBy(() -> Head.open(HeadConfig.in(original), clock))
                .withMessageContaining("magic and checksum must match");
    }
}
