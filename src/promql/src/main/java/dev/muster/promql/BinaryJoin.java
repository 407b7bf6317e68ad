package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import dev.muster.promql.VectorMatching.Cardinality;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Joins two vectors for arithmetic and comparisons, match group by match group.
///
/// The sides are called many and one; of one-to-one matching the left is the many side. Within a
/// match group different series of the one side may stand at different steps, but only one at a
/// time.
final class BinaryJoin {
    private final Evaluation evaluation;
    private final Expr.Binary binary;
    private final Steps steps;
    private final VectorMatching matching;
    private final Grouping grouping;
    private final boolean manyIsLeft;
    private final Map<Labels, MatchGroup> groups = new LinkedHashMap<>();
    private final SeriesMerge results;
    private final StepColumn column;
    private final PairOperation pairs;

    /// What is known of one match group.
    private static final class MatchGroup {
        private final List<StepSeries> one = new ArrayList<>();

        /// Which of `one` is there at each step, -1 for none; null if there is at most one series.
        private int @Nullable [] present;

        /// Steps at which a series of the many side has been matched.
        private @Nullable StepColumn matched;

        /// The same for each label set of the result, where many series may match.
        private final Map<Labels, StepColumn> matchedLabels = new HashMap<>();

        int oneAt(int step) {
            int[] known = present;
            if (known != null) {
                return known[step];
            }
            return one.isEmpty() || !one.getFirst().column().has(step) ? -1 : 0;
        }
    }

    BinaryJoin(Evaluation evaluation, Expr.Binary binary, Steps steps) {
        this.evaluation = evaluation;
        this.binary = binary;
        this.steps = steps;
        matching = binary.matching().orElse(VectorMatching.DEFAULT);
        grouping = Grouping.of(matching);
        manyIsLeft = matching.cardinality() != Cardinality.ONE_TO_MANY;
        results = new SeriesMerge(evaluation.run().budget());
        column = new StepColumn(steps.count());
        pairs = new PairOperation(binary, evaluation.run().annotations());
    }

    void run(SeriesSink sink) throws QueryException, IOException {
        List<StepSeries> left = evaluation.collect(binary.left(), steps);
        List<StepSeries> right = evaluation.collect(binary.right(), steps);
        List<StepSeries> many = manyIsLeft ? left : right;
        List<StepSeries> one = manyIsLeft ? right : left;
        if (matching.fills() || (!many.isEmpty() && !one.isEmpty())) {
            group(one, anySteps(many));
            for (StepSeries series : many) {
                evaluation.run().budget().check();
                join(series);
            }
            OptionalDouble fill = manyIsLeft ? matching.fillLeft() : matching.fillRight();
            if (fill.isPresent()) {
                fillMany(fill.getAsDouble());
            }
        }
        groups.clear();
        evaluation.release(left);
        evaluation.release(right);
        results.flush(sink);
    }

    private StepColumn anySteps(List<StepSeries> series) {
        StepColumn any = new StepColumn(steps.count());
        series.forEach(each -> any.markAll(each.column()));
        return any;
    }

    private void group(List<StepSeries> one, StepColumn manySteps) throws QueryException {
        for (StepSeries series : one) {
            groups.computeIfAbsent(grouping.of(series.labels()), _ -> new MatchGroup())
                    .one
                    .add(series);
        }
        for (Map.Entry<Labels, MatchGroup> group : groups.entrySet()) {
            if (group.getValue().one.size() > 1) {
                index(group.getKey(), group.getValue(), manySteps);
            }
        }
    }

    private void index(Labels key, MatchGroup group, StepColumn manySteps) throws QueryException {
        int[] present = new int[steps.count()];
        Arrays.fill(present, -1);
        for (int i = 0; i < group.one.size(); i++) {
            StepColumn values = group.one.get(i).column();
            for (int step = values.next(0); step >= 0; step = values.next(step + 1)) {
                if (present[step] >= 0 && (matching.fills() || manySteps.has(step))) {
                    throw duplicate(
                            key, group.one.get(present[step]).labels(), group.one.get(i).labels());
                }
                present[step] = i;
            }
        }
        group.present = present;
    }

    private QueryException duplicate(Labels key, Labels first, Labels second) {
        boolean inOrder = first.compareTo(second) <= 0;
        return QueryException.execution(
                "found duplicate series for the match group "
                        + LabelSets.braced(key)
                        + " on the "
                        + (manyIsLeft ? "right" : "left")
                        + " hand-side of the operation: ["
                        + LabelSets.braced(inOrder ? first : second)
                        + ", "
                        + LabelSets.braced(inOrder ? second : first)
                        + "];many-to-many matching not allowed: matching labels must be unique on"
                        + " one side");
    }

    private void join(StepSeries many) throws QueryException {
        Labels key = grouping.of(many.labels());
        MatchGroup group = groups.get(key);
        OptionalDouble fill = manyIsLeft ? matching.fillRight() : matching.fillLeft();
        if (group == null) {
            if (fill.isEmpty()) {
                return;
            }
            group = new MatchGroup();
            groups.put(key, group);
        }
        StepColumn values = many.column();
        int partner = Integer.MIN_VALUE;
        Labels labels = Labels.EMPTY;
        for (int step = values.next(0); step >= 0; step = values.next(step + 1)) {
            int at = group.oneAt(step);
            if (at < 0 && fill.isEmpty()) {
                continue;
            }
            if (at != partner) {
                flush(labels, many.dropName());
                partner = at;
                labels = resultLabels(many.labels(), at < 0 ? key : group.one.get(at).labels());
            }
            match(group, labels, step);
            if (at < 0) {
                combine(step, values.at(step), values.histogram(step), fill.getAsDouble(), null);
            } else {
                StepColumn other = group.one.get(at).column();
                combine(
                        step,
                        values.at(step),
                        values.histogram(step),
                        other.at(step),
                        other.histogram(step));
            }
        }
        flush(labels, many.dropName());
    }

    private void fillMany(double fill) throws QueryException {
        for (Map.Entry<Labels, MatchGroup> entry : groups.entrySet()) {
            MatchGroup group = entry.getValue();
            for (int i = 0; i < group.one.size(); i++) {
                StepSeries one = group.one.get(i);
                Labels labels = resultLabels(entry.getKey(), one.labels());
                StepColumn values = one.column();
                for (int step = values.next(0); step >= 0; step = values.next(step + 1)) {
                    if (group.matched == null || !group.matched.has(step)) {
                        combine(step, fill, null, values.at(step), values.histogram(step));
                    }
                }
                flush(labels, one.dropName());
            }
        }
    }

    /// Notes that the group has a match at this step, and refuses a second one with the same
    /// result.
    private void match(MatchGroup group, Labels labels, int step) throws QueryException {
        StepColumn matched = group.matched;
        if (matched == null) {
            matched = new StepColumn(steps.count());
            group.matched = matched;
        }
        if (matching.cardinality() == Cardinality.ONE_TO_ONE) {
            if (matched.has(step)) {
                throw QueryException.execution(
                        "multiple matches for labels: many-to-one matching must be explicit"
                                + " (group_left/group_right)");
            }
        } else {
            StepColumn same =
                    group.matchedLabels.computeIfAbsent(labels, _ -> new StepColumn(steps.count()));
            if (same.has(step)) {
                throw QueryException.execution(
                        "multiple matches for labels: grouping labels must ensure unique"
                                + " matches");
            }
            same.set(step, 0);
        }
        matched.set(step, 0);
    }

    private void combine(
            int step,
            double many,
            @Nullable NativeHistogram manyHistogram,
            double one,
            @Nullable NativeHistogram oneHistogram) {
        if (manyHistogram == null && oneHistogram == null) {
            combine(step, many, one);
        } else if (manyIsLeft) {
            pairs.apply(many, manyHistogram, one, oneHistogram, column, step);
        } else {
            pairs.apply(one, oneHistogram, many, manyHistogram, column, step);
        }
    }

    private void combine(int step, double many, double one) {
        double left = manyIsLeft ? many : one;
        double right = manyIsLeft ? one : many;
        BinaryOperator operator = binary.operator();
        if (!BinaryOperation.combinable(evaluation, binary)) {
            return;
        }
        if (!operator.isComparison()) {
            column.set(step, operator.apply(left, right));
        } else if (binary.returnBool()) {
            column.set(step, operator.holds(left, right) ? 1 : 0);
        } else if (operator.holds(left, right)) {
            column.set(step, left);
        }
    }

    /// A comparison that filters leaves an element as it is: without a name if it was to lose it.
    private void flush(Labels labels, boolean dropName) throws QueryException {
        if (!column.isEmpty()) {
            results.accept(labels, dropName || binary.returnBool(), column);
            column.clear();
        }
    }

    private Labels resultLabels(Labels many, Labels one) {
        Labels.Builder builder = many.toBuilder();
        if (binary.operator().dropsName()) {
            Grouping.METADATA.forEach(builder::remove);
        }
        Labels kept = builder.build();
        if (matching.cardinality() == Cardinality.ONE_TO_ONE) {
            kept = matching.on() ? kept.only(matching.labels()) : kept.without(matching.labels());
        }
        if (matching.include().isEmpty()) {
            return kept;
        }
        Labels.Builder withIncluded = kept.toBuilder();
        for (String name : matching.include()) {
            withIncluded.set(name, one.valueOf(name));
        }
        return withIncluded.build();
    }
}
