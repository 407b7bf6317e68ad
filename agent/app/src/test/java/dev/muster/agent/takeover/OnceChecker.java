package dev.muster.agent.takeover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.List;

/// Holds a source to this: each target has one value for each of its ticks, and no more.
final class OnceChecker {
    private final SeriesSource source;
    private final long intervalMs;

    OnceChecker(SeriesSource source, long intervalMs) {
        this.source = source;
        this.intervalMs = intervalMs;
    }

    /// Reads the one series of a metric and instance, and checks it.
    ///
    /// @return its samples
    SampleColumns read(String metric, String instance) {
        SelectRequest request =
                SelectRequest.of(
                        new TimeRange(0, Long.MAX_VALUE),
                        List.of(
                                LabelMatcher.equal(Labels.METRIC, metric),
                                LabelMatcher.equal("instance", instance)));
        SampleColumns columns = new SampleColumns();
        try (SeriesSet set = source.select(request)) {
            assertThat(set.size()).as("series of %s %s", metric, instance).isEqualTo(1);
            set.reader().read(0, columns);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        for (int i = 0; i < columns.size(); i++) {
            long timeMs = columns.timestampsMs()[i];
            assertThat(timeMs % intervalMs).as("tick at %s", timeMs).isZero();
            if (i > 0) {
                assertThat(timeMs).isGreaterThan(columns.timestampsMs()[i - 1]);
            }
        }
        return columns;
    }

    /// Longest time between two values, in milliseconds.
    long longestGapMs(String metric, String instance) {
        SampleColumns columns = read(metric, instance);
        long longest = 0;
        for (int i = 1; i < columns.size(); i++) {
            longest = Math.max(longest, columns.timestampsMs()[i] - columns.timestampsMs()[i - 1]);
        }
        return longest;
    }

    /// No staleness marker, and no value below the one before: a counter of one process.
    void refuseBreaks(String metric, String instance) {
        SampleColumns columns = read(metric, instance);
        for (int i = 0; i < columns.size(); i++) {
            assertThat(Staleness.isStale(columns.values()[i])).as("marker at %s", i).isFalse();
            if (i > 0) {
                assertThat(columns.values()[i]).isGreaterThan(columns.values()[i - 1]);
            }
        }
    }
}
