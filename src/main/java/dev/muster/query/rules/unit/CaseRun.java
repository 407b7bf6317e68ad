package dev.muster.query.rules.unit;

import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.promql.DurationText;
import dev.muster.promql.EngineConfig;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryException;
import dev.muster.promql.QueryOptions;
import dev.muster.promql.SeriesLine;
import dev.muster.query.rules.Alert;
import dev.muster.query.rules.AlertState;
import dev.muster.query.rules.GroupRun;
import dev.muster.query.rules.HistogramText;
import dev.muster.query.rules.Rule;
import dev.muster.query.rules.RuleGroup;
import dev.muster.query.rules.RuleQuery;
import dev.muster.query.rules.RuleSample;
import dev.muster.query.rules.RuleSettings;
import dev.muster.query.template.GoText;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Runs one case: lets virtual time pass, evaluates all groups, looks at alerts and queries. One
/// use.
final class CaseRun {
    private final TestFile file;
    private final TestFile.Case test;
    private final List<RuleGroup> ruleGroups;
    private final boolean diff;
    private final List<String> errors = new ArrayList<>();
    private final PromQlEngine engine;

    CaseRun(TestFile file, TestFile.Case test, List<RuleGroup> ruleGroups, boolean diff) {
        this.file = file;
        this.test = test;
        this.ruleGroups = ruleGroups;
        this.diff = diff;
        engine =
                new PromQlEngine(
                        EngineConfig.DEFAULT.toBuilder()
                                .defaultSubqueryStep(file.interval())
                                .parallelism(1)
                                .build());
    }

    /// What is not as expected; nothing if all is.
    List<String> run() {
        for (TestFile.AlertTest alert : test.alerts()) {
            if (alert.alert().isEmpty()) {
                return List.of(
                        "an item under alert_rule_test misses required attribute alertname at"
                                + " eval_time "
                                + DurationText.of(alert.time().toMillis())
                                + (test.name().isEmpty()
                                        ? ""
                                        : " (in TestGroup " + test.name() + ")"));
            }
        }
        try {
            CaseStore store = CaseStore.of(test);
            RuleQuery query =
                    (expr, timeMs) ->
                            RuleQuery.samples(
                                    engine.instant(
                                                    store.source(),
                                                    expr,
                                                    timeMs,
                                                    QueryOptions.DEFAULT)
                                            .value());
            List<GroupRun> groups = groups(query, store);
            if (evaluate(groups, store)) {
                for (TestFile.ExprTest expr : test.exprs()) {
                    check(expr, query);
                }
            }
        } catch (QueryException e) {
            errors.add(e.getMessage());
        }
        return errors;
    }

    private List<GroupRun> groups(RuleQuery query, CaseStore store) {
        URI url = externalUrl();
        RuleSettings settings = new RuleSettings(test.externalLabels(), url);
        List<RuleGroup> ordered = new ArrayList<>(ruleGroups);
        ordered.sort(
                Comparator.comparingInt(group -> Math.max(0, file.order().indexOf(group.name()))));
        return ordered.stream()
                .map(group -> new GroupRun(group, settings, query, store, Duration.ZERO))
                .toList();
    }

    private URI externalUrl() {
        try {
            return URI.create(test.externalUrl());
        } catch (IllegalArgumentException _) {
            return URI.create("");
        }
    }

    /// @return whether all rules could be evaluated
    private boolean evaluate(List<GroupRun> groups, CaseStore store) {
        long lastMs = test.lastMs();
        long intervalMs = file.interval().toMillis();
        List<Long> alertTimes =
                test.alerts().stream()
                        .map(each -> each.time().toMillis())
                        .distinct()
                        .sorted()
                        .toList();
        int next = 0;
        for (long atMs = 0; atMs <= lastMs; atMs += intervalMs) {
            Optional<String> refused = store.advance(test.startMs() + atMs);
            if (refused.isPresent()) {
                errors.add(refused.get());
            } else if (!evaluate(groups, atMs)) {
                return false;
            }
            while (next < alertTimes.size() && alertTimes.get(next) < atMs + intervalMs) {
                check(alertTimes.get(next++), groups);
            }
        }
        return true;
    }

    private boolean evaluate(List<GroupRun> groups, long atMs) {
        boolean fine = true;
        for (GroupRun group : groups) {
            group.evaluate(test.startMs() + atMs);
            for (GroupRun.Status rule : group.rules()) {
                if (rule.failure().isPresent()) {
                    fine = false;
                    errors.add(
                            "    rule: "
                                    + rule.rule().name()
                                    + ", time: "
                                    + TestText.goDuration(atMs)
                                    + ", err: "
                                    + rule.failure().get());
                }
            }
        }
        return fine;
    }

    private void check(long timeMs, List<GroupRun> groups) {
        for (TestFile.AlertTest alert : test.alerts()) {
            if (alert.time().toMillis() == timeMs) {
                check(alert, found(alert.alert(), groups));
            }
        }
    }

    private static List<TestFile.ExpectedAlert> found(String name, List<GroupRun> groups) {
        List<TestFile.ExpectedAlert> found = new ArrayList<>();
        for (GroupRun group : groups) {
            for (GroupRun.Status rule : group.rules()) {
                if (!(rule.rule() instanceof Rule.Alerting) || !rule.rule().name().equals(name)) {
                    continue;
                }
                for (Alert alert : rule.alerts()) {
                    if (alert.state() == AlertState.FIRING) {
                        found.add(
                                new TestFile.ExpectedAlert(
                                        TestText.map(alert.labels()), alert.annotations()));
                    }
                }
            }
        }
        return found;
    }

    private void check(TestFile.AlertTest alert, List<TestFile.ExpectedAlert> found) {
        Comparator<TestFile.ExpectedAlert> order =
                Comparator.comparing(TestFile.ExpectedAlert::toString);
        List<TestFile.ExpectedAlert> expected = alert.expected().stream().sorted(order).toList();
        List<TestFile.ExpectedAlert> got = found.stream().sorted(order).toList();
        if (expected.equals(got)) {
            return;
        }
        String name = test.name().isEmpty() ? "" : "    name: " + test.name() + ",\n";
        String head =
                name
                        + "    alertname: "
                        + alert.alert()
                        + ", time: "
                        + DurationText.of(alert.time().toMillis())
                        + ", ";
        errors.add(
                diff
                        ? head
                                + TextDiff.of(
                                        TestText.alerts(expected), TestText.alerts(got), "        ")
                        : head
                                + "\n        exp:"
                                + TestText.indented(TestText.alerts(expected), "            ")
                                + ", \n        got:"
                                + TestText.indented(TestText.alerts(got), "            "));
    }

    /// A sample to compare.
    ///
    /// @param resetGiven whether the word on counter resets counts
    private record Point(
            Labels labels, double value, @Nullable NativeHistogram histogram, boolean resetGiven) {
        @Override
        public String toString() {
            return TestText.labels(TestText.map(labels))
                    + " "
                    + (histogram == null
                            ? GoText.number(value, 'E', -1)
                            : HistogramText.of(histogram));
        }
    }

    private void check(TestFile.ExprTest expr, RuleQuery query) {
        String head =
                "    expr: "
                        + GoText.quoted(expr.expr())
                        + ", time: "
                        + DurationText.of(expr.time().toMillis());
        try {
            List<Point> got = new ArrayList<>();
            for (RuleSample sample :
                    query.at(expr.expr(), test.startMs() + expr.time().toMillis())) {
                got.add(new Point(sample.labels(), sample.value(), sample.histogram(), false));
            }
            List<Point> expected = new ArrayList<>();
            for (TestFile.ExpectedSample sample : expr.expected()) {
                expected.add(point(sample));
            }
            compare(head, expected, got);
        } catch (QueryException | IOException e) {
            errors.add(head + ", err: " + e.getMessage());
        }
    }

    private static Point point(TestFile.ExpectedSample sample) throws QueryException {
        try {
            Labels labels = SeriesLine.metric(sample.labels());
            if (sample.histogram().isEmpty()) {
                return new Point(labels, sample.value(), null, false);
            }
            List<SeriesLine.Value> values = SeriesLine.parse("{} " + sample.histogram()).values();
            if (values.size() == 1
                    && values.getFirst()
                            instanceof SeriesLine.Value.Histogram(var histogram, var reset)) {
                return new Point(labels, 0, histogram, reset);
            }
            throw new QueryException(
                    QueryException.Kind.PARSE,
                    "expected one histogram, got values=" + values.size());
        } catch (QueryException e) {
            throw new QueryException(
                    QueryException.Kind.PARSE,
                    "labels " + GoText.quoted(sample.labels()) + ": " + e.getMessage());
        }
    }

    private void compare(String head, List<Point> expected, List<Point> got) {
        Comparator<Point> order = Comparator.comparing(Point::labels);
        expected.sort(order);
        got.sort(order);
        boolean same = expected.size() == got.size();
        for (int i = 0; same && i < got.size(); i++) {
            same = same(expected.get(i), got.get(i));
        }
        if (same) {
            return;
        }
        errors.add(
                diff
                        ? head + ", " + TextDiff.of(lines(expected), lines(got), "        ")
                        : head
                                + ",\n        exp: "
                                + text(expected)
                                + "\n        got: "
                                + text(got));
    }

    private static String text(List<Point> points) {
        return points.isEmpty()
                ? "nil"
                : points.stream().map(Point::toString).collect(Collectors.joining(", "));
    }

    private static String lines(List<Point> points) {
        return points.stream().map(Point::toString).collect(Collectors.joining("\n"));
    }

    private boolean same(Point expected, Point got) {
        NativeHistogram wanted = expected.histogram;
        NativeHistogram found = got.histogram;
        if (!expected.labels.equals(got.labels) || (wanted == null) != (found == null)) {
            return false;
        }
        if (wanted == null || found == null) {
            return sameNumber(expected.value, got.value);
        }
        return expected.resetGiven
                ? HistogramText.of(wanted).equals(HistogramText.of(found))
                : HistogramText.of(wanted.withCounterReset(CounterReset.UNKNOWN))
                        .equals(HistogramText.of(found.withCounterReset(CounterReset.UNKNOWN)));
    }

    /// NaN equals nothing, as in promtool.
    private boolean sameNumber(double one, double other) {
        return one == other
                || (file.fuzzy() && (Math.nextUp(one) == other || Math.nextDown(one) == other));
    }
}
