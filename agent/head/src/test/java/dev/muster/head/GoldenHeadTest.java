package dev.muster.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.head.Samples.Point;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Directories that older versions have written must still be read.
class GoldenHeadTest {
    private static final TimeRange ALL = new TimeRange(0, 2 * GoldenHead.START_MS);

    @Test
    void readsVersion1(@TempDir Path directory) throws IOException {
        HeadFiles.copy(Path.of("src/test/resources/golden/head-1"), directory);
        ManualClock clock = new ManualClock(GoldenHead.START_MS);
        try (Head head = Head.open(HeadConfig.in(directory), clock)) {
            assertThat(head.stats().replayedCommits()).isEqualTo(3);
            assertThat(head.stats().walLostCommits()).isZero();
            assertThat(Samples.read(head, ALL)).isEqualTo(GoldenHead.samples());
            SelectRequest counter =
                    SelectRequest.of(
                            ALL, List.of(LabelMatcher.equal("__name__", "requests_total")));
            try (SeriesSet set = head.select(counter)) {
                assertThat(set.metadata(0)).isEqualTo(GoldenHead.METADATA);
                assertThat(set.warnings()).isEmpty();
            }
        }
    }

    @Test
    void readsVersion2(@TempDir Path directory) throws IOException {
        HeadFiles.copy(Path.of("src/test/resources/golden/head-2"), directory);
        ManualClock clock = new ManualClock(GoldenHead.START_MS);
        TreeMap<Labels, TreeMap<Long, Point>> expected = new TreeMap<>();
        GoldenHead.samples()
                .forEach((labels, samples) -> {
                    TreeMap<Long, Point> points = new TreeMap<>();
                    samples.forEach((timeMs, bits) -> points.put(timeMs, new Point(bits, null, 0)));
                    expected.put(labels, points);
                });
        expected.put(GoldenHead.HISTOGRAM, GoldenHead.points());
        expected.put(
                GoldenHead.RETIRED,
                new TreeMap<>(
                        Map.of(
                                GoldenHead.START_MS - 1_000,
                                new Point(Double.doubleToRawLongBits(4.5), null, 0))));
        try (Head head = Head.open(HeadConfig.in(directory), clock)) {
            assertThat(head.stats().walLostCommits()).isZero();
            assertThat(Samples.points(head, ALL)).isEqualTo(expected);
            assertThat(head.exemplars(ALL, List.of(List.of())).getFirst().exemplars())
                    .hasSize(7)
                    .startsWith(GoldenHead.exemplar(0))
                    .endsWith(GoldenHead.exemplar(6));
            SelectRequest retired =
                    SelectRequest.of(ALL, List.of(LabelMatcher.equal("__name__", "retired")));
            try (SeriesSet set = head.select(retired)) {
                assertThat(set.metadata(0)).isEqualTo(GoldenHead.METADATA);
            }
        }
    }
}
