package dev.muster.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.SampleAppender;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// What a head says of its memory, beside what the heap says.
@Isolated // the heap is of all tests
class HeadMemoryTest {
    private static final long START_MS = 1_700_000_000_000L;
    private static final int ORIGINS = 20;
    private static final int SERIES = 3_000;

    private final ManualClock clock = new ManualClock(START_MS);

    @Test
    void saysWhatTheHeapSays(@TempDir Path directory) throws IOException {
        HeadConfig config =
                HeadConfig.in(directory)
                        .withOpenBytesLimit(16 << 20)
                        .withCheckpointInterval(Duration.ofDays(1));
        try (Head warm = Head.open(HeadConfig.in(directory.resolve("warm")), clock)) {
            fill(warm, 1, 100);
        }
        long before = heapBytes();
        try (Head head = Head.open(config, clock)) {
            fill(head, ORIGINS, SERIES);
            long used = heapBytes() - before;
            assertThat(head.memory().bytes()).isCloseTo(used, withinPercentage(15));
            assertThat(head.stats().memory()).isEqualTo(head.memory());
        }
    }

    private void fill(Head head, int origins, int series) throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < origins; i++) {
            SampleAppender appender = head.appender("origin" + i);
            for (int tick = 0; tick < 40; tick++) {
                appender.begin(START_MS + tick * 1_000L);
                for (int k = 0; k < series; k++) {
                    int reference =
                            tick == 0 ? appender.series(labels(i, k), MetricMetadata.NONE) : k;
                    appender.append(reference, k % 2 == 0 ? k : random.nextInt(1_000));
                }
                appender.commit();
            }
        }
    }

    private static Labels labels(int origin, int series) {
        return Labels.of(
                "__name__",
                "metric_" + series % 200 + "_total",
                "host",
                "host-1",
                "instance",
                "10.0.0." + origin + ":9100",
                "id",
                origin + "-" + series);
    }

    private static long heapBytes() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
