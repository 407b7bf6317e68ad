package dev.muster.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.SampleAppender;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesFootprintTest {
    private static final int SERIES = 20_000;

    @TempDir Path directory;

    private final ManualClock clock = new ManualClock(1_000_000_000_000L);

    private static Labels labels(int i) {
        return Labels.of(
                "__name__", "requests_total", "job", "web", "instance", "h:1", "user", "user-" + i);
    }

    @Test
    void findsSeriesThatExistAndCreatesNone() throws Exception {
        try (Head head = Head.open(HeadConfig.in(directory), clock)) {
            SampleAppender appender = head.appender("a");
            append(appender);
            assertThat(appender.find(labels(7)))
                    .isEqualTo(appender.series(labels(7), MetricMetadata.NONE));
            assertThat(appender.find(labels(SERIES))).isEqualTo(SampleAppender.NO_SERIES);
            assertThat(head.stats().series()).isEqualTo(SERIES);
            appender.close();
        }
    }

    /// Memory of series comes back once the window that holds their samples is released.
    @Test
    void shrinksWhenSeriesAreReleased() throws Exception {
        HeadConfig config =
                HeadConfig.in(directory)
                        .withWindow(Duration.ofMinutes(1))
                        .withOutOfOrderWindow(Duration.ZERO);
        try (Head head = Head.open(config, clock)) {
            long empty = head.footprint().bytes();
            SampleAppender appender = head.appender("a");
            append(appender);
            long full = head.footprint().bytes();
            clock.advance(180_000);
            head.release(head.closedWindows().getFirst());
            assertThat(head.footprint().collected()).isEqualTo(SERIES);
            assertThat(head.footprint().bytes() - empty).isLessThan((full - empty) / 2);
            appender.close();
        }
    }

    private void append(SampleAppender appender) throws Exception {
        appender.begin(clock.millis());
        for (int i = 0; i < SERIES; i++) {
            appender.append(appender.series(labels(i), MetricMetadata.NONE), i);
        }
        appender.commit();
    }
}
