package dev.muster.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
}
