package dev.muster.agent.upness;

import dev.muster.blocks.upness.UpnessEntry;
import dev.muster.blocks.upness.UpnessProvenance;
import dev.muster.blocks.upness.UpnessRun;
import dev.muster.blocks.upness.UpnessState;
import dev.muster.blocks.upness.UpnessTarget;
import dev.muster.federation.view.CellView;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Fills the gap that an agent leaves when it is away: a service that answered before and answers
/// after, and whose process started before the gap, was up all the time. What peers saw in the gap
/// goes before that. Confined to the thread of the log.
final class GapRepair {
    /// A gap is looked at for so long after the start: by then every target was scraped.
    private static final long PATIENCE_MS = 120_000;

    /// Gaps from here on are no restart of this agent, and are left as they are.
    private static final long LONGEST_GAP_MS = 86_400_000;

    private final String host;
    private final UpnessLog log;
    private final SeriesSource series;
    private final UpnessMetrics metrics;

    /// Services that were up when the log ended; null until looked up.
    private @Nullable Map<UpnessTarget, Long> open;

    private long startedMs;

    GapRepair(String host, UpnessLog log, SeriesSource series, UpnessMetrics metrics) {
        this.host = host;
        this.log = log;
        this.series = series;
        this.metrics = metrics;
    }

    void step(CellView view, long nowMs) throws IOException {
        Map<UpnessTarget, Long> services = open;
        if (services == null) {
            startedMs = nowMs;
            services = upAtEnd(view.cell(), nowMs);
            open = services;
        }
        if (services.isEmpty()) {
            return;
        }
        if (nowMs - startedMs > PATIENCE_MS) {
            services.clear();
            return;
        }
        for (UpnessTarget target : List.copyOf(services.keySet())) {
            UpnessEntry held = log.held(target);
            if (held != null && held.provenance() == UpnessProvenance.OWN) {
                Long endMs = services.get(target);
                if (held.to() != UpnessState.UP) {
                    services.remove(target);
                } else if (endMs != null && fill(target, endMs, held.atMs(), nowMs)) {
                    services.remove(target);
                }
            }
        }
    }

    /// Own services that were up when the log before this one ended, and when that was.
    private Map<UpnessTarget, Long> upAtEnd(String cell, long nowMs) throws IOException {
        Map<UpnessTarget, Long> services = new HashMap<>();
        OptionalLong end = log.lastEndMs();
        if (end.isEmpty() || nowMs - end.getAsLong() > LONGEST_GAP_MS) {
            return services;
        }
        long endMs = end.getAsLong();
        for (UpnessRun run : log.read(new TimeRange(endMs - 1, endMs), this::isOwnService)) {
            if (run.observer().equals(host) && run.cell().equals(cell)) {
                Map<UpnessTarget, UpnessEntry> last = new HashMap<>();
                run.entries().stream()
                        .sorted(UpnessEntry.ORDER)
                        .forEach(entry -> last.put(entry.target(), entry));
                last.forEach((target, entry) -> {
                    if (entry.to() == UpnessState.UP) {
                        services.put(target, endMs);
                    }
                });
            }
        }
        return services;
    }

    private boolean isOwnService(UpnessTarget target) {
        return target.host().equals(host) && !target.isHost();
    }

    /// @return whether it is settled, one way or the other
    private boolean fill(UpnessTarget target, long endMs, long backMs, long nowMs)
            throws IOException {
        OptionalLong start = processStartMs(target, backMs, nowMs);
        if (start.isEmpty()) {
            return false;
        }
        if (start.getAsLong() <= endMs && backMs > endMs) {
            log.append(
                    new UpnessEntry(
                            target,
                            "",
                            "",
                            endMs,
                            nowMs,
                            backMs,
                            UpnessState.UNKNOWN,
                            UpnessState.UP,
                            "",
                            "",
                            UpnessProvenance.INFERRED,
                            1,
                            List.of()));
            metrics.inferred.increment();
        }
        return true;
    }

    /// When the process of a service started, as it says itself since it is back.
    private OptionalLong processStartMs(UpnessTarget target, long backMs, long nowMs)
            throws IOException {
        var request =
                SelectRequest.of(
                        new TimeRange(Math.min(backMs, nowMs), nowMs + 1),
                        List.of(
                                LabelMatcher.equal("__name__", "process_start_time_seconds"),
                                LabelMatcher.equal("job", target.job()),
                                LabelMatcher.equal("instance", target.instance())));
        try (SeriesSet found = series.select(request)) {
            SampleReader reader = found.reader();
            SampleColumns columns = new SampleColumns();
            for (int i = 0; i < found.size(); i++) {
                columns.clear();
                reader.read(i, columns);
                int last = columns.size() - 1;
                if (last >= 0 && !Staleness.isStale(columns.values()[last])) {
                    return OptionalLong.of((long) (columns.values()[last] * 1000));
                }
            }
        }
        return OptionalLong.empty();
    }
}
