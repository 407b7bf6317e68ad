package dev.muster.query.rules.backtest;

import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import dev.muster.promql.Expr;
import dev.muster.promql.MatrixSeries;
import dev.muster.promql.MatrixValue;
import dev.muster.promql.PromQl;
import dev.muster.promql.QueryException;
import dev.muster.query.rules.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Evaluates alerting rules over the past, day by day, the last first: what there is no time for is
/// the oldest. One use each. Confined to one thread.
public final class BackTest {
    /// Who was down, from the history of the fleet.
    private static final String OUTAGES = "muster_host_up == 0";

    /// Most steps of one query: somewhat less than the engine takes.
    private static final long PART_STEPS = 10_000;

    private static final long DAY_MS = 86_400_000;
    private static final int STEPS_LIMIT = 200_000;

    /// As long as a series lasts after its last sample.
    private static final long SELECTOR_STEP_MS = 300_000;

    private final RangeQueries queries;
    private final Rule.Alerting rule;
    private final Steps steps;
    private final List<Steps> days;
    private final Presence alerts;
    private final Map<String, BitSet> down = new HashMap<>();
    private final Map<String, Integer> emptyDays = new HashMap<>();
    private final BitSet looked = new BitSet();
    private boolean outagesKnown = true;
    private int daysLooked;

    private BackTest(RangeQueries queries, Rule.Alerting rule, Steps steps, List<Steps> days) {
        this.queries = queries;
        this.rule = rule;
        this.steps = steps;
        this.days = days;
        alerts = new Presence(steps);
    }

    /// @param interval from one evaluation of the rule to the next
    /// @param days how far back
    /// @param nowMs end of the last day, Unix time
    /// @throws QueryException if the expression is wrong or costs too much
    public static BackTestReport run(
            RangeQueries queries, Rule.Alerting rule, Duration interval, int days, long nowMs)
            throws QueryException, IOException {
        long leastMs = Math.ceilDiv(days * DAY_MS, STEPS_LIMIT);
        long stepMs = Math.min(DAY_MS, Math.max(leastMs, interval.toMillis()));
        // days of whole steps, so that each piece lies on the steps of the whole
        long dayMs = DAY_MS / stepMs * stepMs;
        long startMs = nowMs - days * dayMs + stepMs;
        List<Steps> pieces = new ArrayList<>();
        for (int day = days - 1; day >= 0; day--) {
            long fromMs = startMs + day * dayMs;
            pieces.add(new Steps(fromMs, fromMs + dayMs - stepMs, stepMs));
        }
        return new BackTest(queries, rule, new Steps(startMs, nowMs, stepMs), pieces).run();
    }

    private BackTestReport run() throws QueryException, IOException {
        Expr expr = PromQl.parse(rule.expr());
        List<String> never = RuleDoubts.of(expr);
        List<String> selectors =
                Selectors.of(expr).stream().map(Selectors::text).distinct().toList();
        for (Steps day : days) {
            if (!never.isEmpty() || !queries.hasTime()) {
                break;
            }
            look(day, selectors);
        }
        List<Firing> firings = firings();
        int outages = 0;
        for (Firing firing : firings) {
            outages += isDuringOutage(firing) ? 1 : 0;
        }
        boolean all = !never.isEmpty() || daysLooked == days.size();
        return new BackTestReport(
                rule.name(),
                rule.expr(),
                daysLooked == 0 ? steps.startMs() : days.get(daysLooked - 1).startMs(),
                steps.endMs(),
                steps.stepMs(),
                daysLooked,
                all && !alerts.isCut(),
                firings,
                outagesKnown ? outages : -1,
                selectors.stream()
                        .map(text ->
                                new BackTestReport.SelectorDays(
                                        text, daysLooked, emptyDays.getOrDefault(text, 0)))
                        .toList(),
                never);
    }

    private void look(Steps day, List<String> selectors) throws QueryException, IOException {
        for (Steps part : parts(day)) {
            alerts.add(queries.answer(rule.expr(), part));
        }
        int first = index(day.startMs());
        looked.set(first, first + day.count());
        Steps sparse = sparse(day);
        for (String selector : selectors) {
            if (queries.answer("count(" + selector + ")", sparse).size() == 0) {
                emptyDays.merge(selector, 1, Integer::sum);
            }
        }
        lookAtOutages(day);
        daysLooked++;
    }

    /// Steps back from the end, so that what has just begun is seen.
    private static Steps sparse(Steps day) {
        long stepMs = Math.max(day.stepMs(), SELECTOR_STEP_MS);
        return new Steps(
                day.endMs() - (day.endMs() - day.startMs()) / stepMs * stepMs, day.endMs(), stepMs);
    }

    private void lookAtOutages(Steps day) {
        if (!outagesKnown) {
            return;
        }
        try {
            for (Steps part : parts(day)) {
                outages(queries.answer(OUTAGES, part));
            }
        } catch (QueryException | IOException _) {
            outagesKnown = false; // the report says so
        }
    }

    private void outages(MatrixValue values) {
        for (MatrixSeries series : values.series()) {
            String host = series.labels().get("host");
            BitSet at = down.computeIfAbsent(host == null ? "" : host, _ -> new BitSet());
            for (int i = 0; i < series.size(); i++) {
                at.set(index(series.timestampMs(i)));
            }
        }
    }

    /// A day of a rule that is evaluated each second has more steps than a query may have.
    private static List<Steps> parts(Steps day) {
        List<Steps> parts = new ArrayList<>();
        long partMs = PART_STEPS * day.stepMs();
        for (long fromMs = day.startMs(); fromMs <= day.endMs(); fromMs += partMs) {
            long toMs = Math.min(day.endMs(), fromMs + partMs - day.stepMs());
            parts.add(new Steps(fromMs, toMs, day.stepMs()));
        }
        return parts;
    }

    private int index(long atMs) {
        return Math.toIntExact((atMs - steps.startMs()) / steps.stepMs());
    }

    private List<Firing> firings() {
        List<Firing> all = new ArrayList<>();
        for (Map.Entry<Labels, BitSet> series : alerts.series().entrySet()) {
            all.addAll(Firing.of(series.getKey(), series.getValue(), looked, steps, rule));
        }
        all.sort(Comparator.comparingLong(Firing::startMs).thenComparing(Firing::labels));
        return all;
    }

    /// Was the host that it is of down when it began, or while it was about to? Any host, where it
    /// is of none.
    private boolean isDuringOutage(Firing firing) {
        String host = firing.labels().get("host");
        String instance = firing.labels().get("instance");
        int from = Math.max(0, index(firing.startMs() - rule.hold().toMillis()));
        int to = index(firing.endMs());
        for (Map.Entry<String, BitSet> outage : down.entrySet()) {
            int next = outage.getValue().nextSetBit(from);
            boolean then = next >= 0 && next <= to;
            if (then && mayBeOf(outage.getKey(), host, instance)) {
                return true;
            }
        }
        return false;
    }

    private static boolean mayBeOf(String down, @Nullable String host, @Nullable String instance) {
        if (host != null) {
            return host.equals(down);
        }
        if (instance != null) {
            return instance.equals(down) || instance.startsWith(down + ":");
        }
        return true;
    }
}
