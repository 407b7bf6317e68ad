package dev.muster.promql;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Evaluates `info`, which adds the labels of info series, such as `target_info`, to series with
/// the same `instance` and `job`.
final class InfoFunction {
    private static final String DEFAULT_METRIC = "target_info";
    private static final List<String> IDENTIFYING = List.of("instance", "job");
    private static final String SPECIAL = "\\.+*?()|[]{}^$";

    private final Evaluation evaluation;
    private final Expr.Call call;
    private final Steps steps;

    /// Matchers of the second argument on the name, and on other labels.
    private final List<LabelMatcher> nameMatchers = new ArrayList<>();

    private final List<LabelMatcher> dataMatchers = new ArrayList<>();
    private final Set<String> dataLabels = new HashSet<>();

    /// The info series of one metric with one identity: which of them is there at each step.
    private static final class Identity {
        private final List<Labels> series = new ArrayList<>();
        private final List<StepColumn> times = new ArrayList<>();
        private int[] chosen = new int[0];
    }

    InfoFunction(Evaluation evaluation, Expr.Call call, Steps steps) {
        this.evaluation = evaluation;
        this.call = call;
        this.steps = steps;
        if (call.arguments().size() > 1
                && call.arguments().get(1) instanceof Expr.VectorSelector selector) {
            for (LabelMatcher matcher : selector.matchers()) {
                if (matcher.name().equals(Labels.METRIC)) {
                    nameMatchers.add(matcher);
                } else {
                    dataMatchers.add(matcher);
                    dataLabels.add(matcher.name());
                }
            }
        } else {
            nameMatchers.add(LabelMatcher.equal(Labels.METRIC, DEFAULT_METRIC));
        }
    }

    void run(SeriesSink sink) throws QueryException, IOException {
        List<StepSeries> base = evaluation.collect(call.arguments().getFirst(), steps);
        Map<String, Map<Labels, Identity>> infos = infoSeries(base);
        for (Map<Labels, Identity> identities : infos.values()) {
            for (Identity identity : identities.values()) {
                choose(identity);
            }
        }
        SeriesMerge merge = new SeriesMerge(evaluation.run().budget());
        for (StepSeries series : base) {
            evaluation.run().budget().check();
            if (isInfo(series.labels())) {
                merge.accept(series.labels(), series.dropName(), series.column());
            } else {
                enrich(series, infos, merge);
            }
        }
        evaluation.release(base);
        merge.flush(sink);
    }

    private boolean isInfo(Labels labels) {
        if (nameMatchers.isEmpty()) {
            return false;
        }
        String metric = labels.metric();
        return nameMatchers.stream().allMatch(matcher -> matcher.matches(metric));
    }

    /// By metric, then by identity.
    private Map<String, Map<Labels, Identity>> infoSeries(List<StepSeries> base)
            throws QueryException, IOException {
        Map<String, Map<Labels, Identity>> infos = new LinkedHashMap<>();
        List<LabelMatcher> matchers = new ArrayList<>();
        for (String name : IDENTIFYING) {
            Set<String> values = new TreeSet<>();
            for (StepSeries series : base) {
                if (!isInfo(series.labels())) {
                    values.add(series.labels().valueOf(name));
                }
            }
            values.remove("");
            if (!values.isEmpty()) {
                matchers.add(LabelMatcher.regex(name, alternatives(values)));
            }
        }
        if (matchers.isEmpty()) {
            return infos;
        }
        matchers.addAll(dataMatchers);
        matchers.addAll(
                nameMatchers.isEmpty()
                        ? List.of(LabelMatcher.equal(Labels.METRIC, DEFAULT_METRIC))
                        : nameMatchers);
        Expr.VectorSelector selector =
                new Expr.VectorSelector(
                        "", matchers, shift(), Expr.Extension.NONE, call.position());
        new InstantScan(evaluation.run(), selector, steps)
                .run(
                        InstantScan.Yield.TIME_OF_NUMBER,
                        (labels, _, column) -> {
                            if (column.hasHistograms()) {
                                throw QueryException.execution(
                                        "this should be an info metric, with float samples: "
                                                + LabelSets.braced(labels));
                            }
                            Identity identity =
                                    infos.computeIfAbsent(labels.metric(), _ -> new HashMap<>())
                                            .computeIfAbsent(
                                                    labels.only(IDENTIFYING), _ -> new Identity());
                            identity.series.add(labels);
                            identity.times.add(column.copy());
                        });
        return infos;
    }

    private static String alternatives(Set<String> values) {
        StringBuilder pattern = new StringBuilder();
        for (String value : values) {
            pattern.append(pattern.isEmpty() ? "" : "|");
            for (char c : value.toCharArray()) {
                pattern.append(SPECIAL.indexOf(c) >= 0 ? "\\" : "").append(c);
            }
        }
        return pattern.toString();
    }

    /// Info series are looked up at the time at which the first selector of the first argument
    /// looks, be it inside of subqueries.
    private Expr.Shift shift() {
        Expr.Shift none = new Expr.Shift(new DurationExpr.Literal(0), At.STEP);
        return firstShift(call.arguments().getFirst(), none).orElse(none);
    }

    private static Optional<Expr.Shift> firstShift(Expr expr, Expr.Shift outer) {
        return switch (expr) {
            case Expr.VectorSelector selector -> Optional.of(inside(outer, selector.shift()));
            case Expr.MatrixSelector matrix ->
                    Optional.of(inside(outer, matrix.selector().shift()));
            case Expr.Paren paren -> firstShift(paren.expr(), outer);
            case Expr.StepInvariant invariant -> firstShift(invariant.expr(), outer);
            case Expr.Unary unary -> firstShift(unary.expr(), outer);
            case Expr.Subquery subquery ->
                    firstShift(subquery.expr(), inside(outer, subquery.shift()));
            case Expr.Aggregate aggregate -> firstShift(aggregate.expr(), outer);
            case Expr.Binary binary ->
                    firstShift(binary.left(), outer).or(() -> firstShift(binary.right(), outer));
            case Expr.Call inner ->
                    inner.arguments().stream()
                            .map(argument -> firstShift(argument, outer))
                            .flatMap(Optional::stream)
                            .findFirst();
            case Expr.NumberLiteral _, Expr.StringLiteral _ -> Optional.empty();
        };
    }

    private static Expr.Shift inside(Expr.Shift outer, Expr.Shift inner) {
        if (inner.hasAt()) {
            return inner;
        }
        long offsetMs = DurationExpr.ms(outer.offset()) + DurationExpr.ms(inner.offset());
        return new Expr.Shift(DurationExpr.ofMs(offsetMs), outer.at());
    }

    /// At each step the info series with the newest sample.
    private void choose(Identity identity) throws QueryException {
        identity.chosen = new int[steps.count()];
        Arrays.fill(identity.chosen, -1);
        for (int step = 0; step < steps.count(); step++) {
            for (int i = 0; i < identity.series.size(); i++) {
                StepColumn times = identity.times.get(i);
                if (!times.has(step)) {
                    continue;
                }
                int known = identity.chosen[step];
                double knownTime = known < 0 ? -1e300 : identity.times.get(known).at(step);
                if (times.at(step) > knownTime) {
                    identity.chosen[step] = i;
                } else if (times.at(step) == knownTime) {
                    throw QueryException.execution(
                            "found duplicate series for info metric: existing "
                                    + LabelSets.braced(identity.series.get(known))
                                    + " @ "
                                    + Math.round(knownTime * 1000)
                                    + ", new "
                                    + LabelSets.braced(identity.series.get(i))
                                    + " @ "
                                    + Math.round(times.at(step) * 1000));
                }
            }
        }
    }

    private void enrich(
            StepSeries base, Map<String, Map<Labels, Identity>> infos, SeriesMerge merge)
            throws QueryException {
        Labels key = base.labels().only(IDENTIFYING);
        List<Identity> identities = new ArrayList<>();
        for (Map<Labels, Identity> ofMetric : infos.values()) {
            Identity identity = ofMetric.get(key);
            if (identity != null) {
                identities.add(identity);
            }
        }
        StepColumn column = base.column();
        Map<List<Integer>, Optional<Labels>> known = new HashMap<>();
        Map<Labels, StepColumn> enriched = new LinkedHashMap<>();
        for (int step = column.next(0); step >= 0; step = column.next(step + 1)) {
            List<Integer> chosen = new ArrayList<>();
            for (Identity identity : identities) {
                chosen.add(identity.chosen[step]);
            }
            Optional<Labels> labels = known.get(chosen);
            if (labels == null) {
                labels = Optional.ofNullable(labels(base.labels(), identities, chosen));
                known.put(chosen, labels);
            }
            if (labels.isPresent()) {
                enriched.computeIfAbsent(labels.get(), _ -> new StepColumn(steps.count()))
                        .setFrom(step, column, step);
            }
        }
        for (Map.Entry<Labels, StepColumn> each : enriched.entrySet()) {
            merge.accept(each.getKey(), base.dropName(), each.getValue());
        }
    }

    /// The labels with those of the chosen info series; null if the series is to be dropped.
    private @Nullable Labels labels(Labels base, List<Identity> identities, List<Integer> chosen)
            throws QueryException {
        Labels.Builder added = Labels.builder();
        Set<Labels> found = new LinkedHashSet<>();
        for (int i = 0; i < identities.size(); i++) {
            if (chosen.get(i) >= 0) {
                found.add(identities.get(i).series.get(chosen.get(i)));
            }
        }
        if (found.isEmpty() && !dataMatchers.stream().allMatch(LabelMatcher::matchesEmpty)) {
            return null;
        }
        for (Labels info : found) {
            for (int i = 0; i < info.size(); i++) {
                add(base, info.name(i), info.value(i), added);
            }
        }
        Labels.Builder result = base.toBuilder();
        added.build().forEach(result::set);
        return result.build();
    }

    private void add(Labels base, String name, String value, Labels.Builder added)
            throws QueryException {
        if (name.equals(Labels.METRIC) || (!dataLabels.isEmpty() && !dataLabels.contains(name))) {
            return;
        }
        String other = added.get(name);
        if (other != null && !other.equals(value)) {
            throw QueryException.execution("conflicting label: " + name);
        }
        if (base.get(name) == null) {
            added.set(name, value);
        }
    }
}
