package dev.muster.query.upness;

import dev.muster.blocks.read.UpnessStore;
import dev.muster.blocks.upness.UpnessHistory;
import dev.muster.blocks.upness.UpnessRun;
import dev.muster.blocks.upness.UpnessSpan;
import dev.muster.blocks.upness.UpnessTarget;
import dev.muster.federation.view.FleetState;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import dev.muster.query.source.AgentDirectory;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Who was up, as series: `muster_host_up` and `muster_up`, 1 or 0, of the hosts and services of
/// the fleet, and `muster_host_state` and `muster_state`, 1 for the state, cause and provenance
/// that hold. Nothing is stored for them: they follow from the table `upness` and the logs of
/// living agents. Thread-safe.
public final class UpnessSource implements SeriesSource {
    /// A longer range than this is asked for by those who mean everything.
    private static final long LONGEST_MS = 400L * 86_400_000;

    /// Of a request for labels alone, so much is looked at.
    private static final long LABELS_MS = 3_600_000;

    /// Back-dated changes of a window may be in the next, and in the agents' logs.
    private static final long OVERLAP_MS = 300_000;

    /// A log that ended no longer ago than this goes on: clocks differ a little, and answers take
    /// time.
    private static final long LIVE_MS = 5_000;

    private static final long SPAN_BYTES = 64;

    private final UpnessStore store;
    private final UpnessAgents agents;
    private final Supplier<FleetState> fleet;
    private final OutsideLog outside;
    private final InstantSource clock;

    /// @param fleet what this node shows
    /// @param outside what it has shown of hosts that no agent logged
    /// @param timeout for the answer of one agent
    public UpnessSource(
            UpnessStore store,
            AgentDirectory directory,
            Supplier<FleetState> fleet,
            OutsideLog outside,
            HttpClient http,
            Duration timeout,
            InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.fleet = fleet;
        this.outside = outside;
        agents = new UpnessAgents(directory, http, timeout, System::nanoTime);
    }

    /// Whether series of this source may match.
    static boolean concerns(List<LabelMatcher> matchers) {
        return UpnessNames.may(matchers);
    }

    @Override
    public SeriesSet select(SelectRequest request) throws IOException {
        long nowMs = clock.millis();
        long endMs = Math.min(request.range().endMs(), nowMs + 1);
        long longestMs = request.samples() ? LONGEST_MS : LABELS_MS;
        long startMs = Math.max(Math.max(0, endMs - longestMs), request.range().startMs());
        if (!concerns(request.matchers()) || startMs >= endMs) {
            return SeriesSet.empty();
        }
        TimeRange range = new TimeRange(startMs, endMs);
        TimeRange wider = new TimeRange(Math.max(0, startMs - UpnessSeries.STEP_MS), endMs);
        List<String> warnings = new ArrayList<>();
        List<UpnessRun> runs = runs(wider, request, warnings);
        SortedMap<UpnessTarget, List<UpnessSpan>> history = UpnessHistory.of(runs, wider);
        List<UpnessSeries> found = new ArrayList<>();
        history.forEach((target, spans) -> {
            request.budget().check();
            series(target, spans, range, request.matchers(), found);
        });
        request.budget().chargeSeries(found.size());
        request.budget()
                .chargeMemory(found.stream().mapToLong(s -> SPAN_BYTES * s.spans().size()).sum());
        found.sort(Comparator.comparing(UpnessSeries::labels));
        return new UpnessSeriesSet(found, range, nowMs, warnings, request.budget());
    }

    private List<UpnessRun> runs(TimeRange range, SelectRequest request, List<String> warnings)
            throws IOException {
        Predicate<String> cells = equalTo(request.matchers(), "cell");
        TimeRange read = new TimeRange(range.startMs(), range.endMs() + OVERLAP_MS);
        UpnessStore.Found stored = store.read(read, cells, request.budget());
        warnings.addAll(stored.warnings());
        long nowMs = clock.millis();
        UpnessAgents.Found live =
                agents.read(
                        cells,
                        cell -> recentFrom(stored.untilMs().getOrDefault(cell, 0L), range, nowMs),
                        request.budget());
        if (UpnessNames.only(request.matchers())) {
            live.unanswered()
                    .forEach(cell ->
                            warnings.add(
                                    "no agent of cell=" + cell + " told how it changed lately"));
        }
        Predicate<String> hosts = equalTo(request.matchers(), "host");
        List<UpnessRun> runs = new ArrayList<>();
        for (UpnessRun run : stored.runs()) {
            run.within(range, target -> hosts.test(target.host())).ifPresent(runs::add);
        }
        for (UpnessRun run : live.runs()) {
            goingOn(run, nowMs)
                    .within(range, target -> hosts.test(target.host()) && cells.test(target.cell()))
                    .ifPresent(runs::add);
        }
        List<UpnessRun> watched = new ArrayList<>(OutsideRuns.of(fleet.get(), nowMs));
        watched.addAll(outside.recent());
        for (UpnessRun run : watched) {
            run.within(range, target -> hosts.test(target.host()) && cells.test(target.cell()))
                    .ifPresent(runs::add);
        }
        return runs;
    }

    /// A log that goes on still does: an answer is some moments old when it is used, and what is
    /// not told in them has not changed as far as anybody knows.
    private static UpnessRun goingOn(UpnessRun run, long nowMs) {
        boolean lately = run.untilMs() <= nowMs && nowMs - run.untilMs() <= LIVE_MS;
        return !run.open() || run.cut() || !lately
                ? run
                : new UpnessRun(
                        run.cell(),
                        run.observer(),
                        run.incarnation(),
                        run.fromMs(),
                        nowMs + 1,
                        false,
                        run.entries(),
                        true);
    }

    /// From when on agents are asked: from the end of what is stored on, in full minutes so that
    /// several questions have one answer.
    private static long recentFrom(long storedUntilMs, TimeRange range, long nowMs) {
        long fromMs = Math.max(range.startMs(), storedUntilMs - OVERLAP_MS);
        return Math.max(0, Math.min(fromMs, nowMs - OVERLAP_MS)) / 60_000 * 60_000;
    }

    private static Predicate<String> equalTo(List<LabelMatcher> matchers, String label) {
        List<LabelMatcher> of =
                matchers.stream().filter(matcher -> matcher.name().equals(label)).toList();
        return value -> of.stream().allMatch(matcher -> matcher.matches(value));
    }

    private static void series(
            UpnessTarget target,
            List<UpnessSpan> spans,
            TimeRange range,
            List<LabelMatcher> matchers,
            List<UpnessSeries> into) {
        String up = target.isHost() ? UpnessNames.HOST_UP : UpnessNames.UP;
        String state = target.isHost() ? UpnessNames.HOST_STATE : UpnessNames.STATE;
        Labels base = labels(target, spans);
        if (UpnessNames.matches(matchers, up)) {
            var series =
                    new UpnessSeries(
                            base.toBuilder().set(Labels.METRIC, up).build(),
                            spans,
                            UpnessSeries::up);
            add(series, range, matchers, into);
        }
        if (UpnessNames.matches(matchers, state)) {
            Map<Labels, UpnessSpan> states = new LinkedHashMap<>();
            for (UpnessSpan span : spans) {
                states.putIfAbsent(labels(base, state, span), span);
            }
            states.forEach((labels, span) ->
                    add(
                            new UpnessSeries(labels, spans, UpnessSeries.whileSo(span)),
                            range,
                            matchers,
                            into));
        }
    }

    private static void add(
            UpnessSeries series,
            TimeRange range,
            List<LabelMatcher> matchers,
            List<UpnessSeries> into) {
        if (LabelMatcher.all(matchers, series.labels()) && series.isIn(range)) {
            into.add(series);
        }
    }

    /// Zone and rack are those told last, so that a series does not change its name.
    private static Labels labels(UpnessTarget target, List<UpnessSpan> spans) {
        Labels.Builder labels =
                Labels.builder().set("cell", target.cell()).set("host", target.host());
        if (!target.isHost()) {
            return labels.set("job", target.job()).set("instance", target.instance()).build();
        }
        for (UpnessSpan span : spans) {
            if (!span.zone().isEmpty()) {
                labels.set("zone", span.zone());
            }
            if (!span.rack().isEmpty()) {
                labels.set("rack", span.rack());
            }
        }
        return labels.build();
    }

    private static Labels labels(Labels base, String name, UpnessSpan span) {
        Labels.Builder labels =
                base.toBuilder()
                        .set(Labels.METRIC, name)
                        .set("state", span.state().label())
                        .set("provenance", span.provenance().label());
        return span.cause().isEmpty() ? labels.build() : labels.set("cause", span.cause()).build();
    }
}
