package dev.muster.agent.takeover;

import dev.muster.federation.member.Health;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.ServiceState;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Concludes from when a service's process was started that it ran while nobody looked. Thread-safe
/// by the lock of its owner.
///
/// A process that was started before its agent was lost has run all along: clocks of two machines
/// may differ by less than [#SLACK_MS].
final class StartTimes {
    static final String METRIC = "process_start_time_seconds";
    private static final long SLACK_MS = 10_000;
    private static final long LOOKBACK_MS = 60_000;

    private final SeriesSource samples;
    private final long lostMs;
    private final InstantSource clock;
    private final Map<Labels, Found> known = new HashMap<>();

    /// @param samples where scrapes go
    /// @param lostMs when the agent was found to be lost, Unix time
    StartTimes(SeriesSource samples, long lostMs, InstantSource clock) {
        this.samples = samples;
        this.lostMs = lostMs;
        this.clock = clock;
    }

    boolean isKnown(ManifestTarget target) {
        return known.containsKey(target.labels());
    }

    /// The state of a service that answers: since its process was started, where that was before
    /// its agent was lost and it has answered ever since.
    ServiceState infer(ManifestTarget target, ServiceState state) {
        Found found =
                known.computeIfAbsent(
                        target.labels(), _ -> new Found(startMs(target), state.sinceMs()));
        return found.startMs < lostMs - SLACK_MS
                        && found.startMs > 0
                        && state.sinceMs() == found.sinceMs
                ? state.as(Health.UP, Provenance.PEER, "", found.startMs)
                : state;
    }

    /// @param startMs when the process was started, Unix time
    /// @param sinceMs since when it was known to answer then
    private record Found(long startMs, long sinceMs) {}

    /// @return `Long.MAX_VALUE` where nothing tells
    private long startMs(ManifestTarget target) {
        List<LabelMatcher> matchers = new ArrayList<>();
        matchers.add(LabelMatcher.equal(Labels.METRIC, METRIC));
        target.labels().forEach((name, value) -> matchers.add(LabelMatcher.equal(name, value)));
        long nowMs = clock.millis();
        SelectRequest request =
                SelectRequest.of(new TimeRange(nowMs - LOOKBACK_MS, nowMs + 1), matchers);
        try (SeriesSet set = samples.select(request)) {
            SampleColumns columns = new SampleColumns();
            long latest = Long.MIN_VALUE;
            for (int i = 0; i < set.size(); i++) {
                columns.clear();
                set.reader().read(i, columns);
                if (columns.size() > 0) {
                    double seconds = columns.values()[columns.size() - 1];
                    latest =
                            Math.max(
                                    latest,
                                    Double.isNaN(seconds)
                                            ? Long.MAX_VALUE
                                            : (long) (seconds * 1e3));
                }
            }
            return latest == Long.MIN_VALUE ? Long.MAX_VALUE : latest;
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }
}
