package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import dev.muster.promql.VectorMatching.Cardinality;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Joins two vectors for arithmetic and comparisons, match group by match group.
///
/// The sides are called many and one; of one-to-one matching the left is the many side. Within a
/// match group different series of the one side may stand at different steps, but only one at a
/// time. The one side is held, the other streams by.
final class BinaryJoin {
    private final Evaluation evaluation;
    private final Expr.Binary binary;
    private final Steps steps;
    private final VectorMatching matching;
    private final Grouping grouping;
    private final boolean manyIsLeft;
    private final GroupTable<MatchGroup> groups;
    private final SeriesMerge results;
    private final StepColumn column;
    private final PairOperation pairs;
    private long chargedBytes;

    /// What is known of one match group.
    private static final class MatchGroup {
        private final List<StepSeries> one = new ArrayList<>();

        /// Which of `one` is there at each step, -1 for none; null if there is at most one series.
        private int @Nullable [] present;

        /// Steps at which a series of the many side has been matched.
        private @Nullable BitSet matched;

        /// The same for each label set of the result, where many series may match.
        private final Map<Labels, BitSet> matchedLabels = new HashMap<>();

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
        groups = new GroupTable<>(grouping);
        manyIsLeft = matching.cardinality() != Cardinality.ONE_TO_MANY;
        results = new SeriesMerge(evaluation.run().budget());
        column = new StepColumn(steps.count());
        pairs = new PairOperation(binary, evaluation.run().annotations());
    }

    void run(SeriesSink sink) throws QueryException, IOException {
        Expr manySide = manyIsLeft ? binary.left() : binary.right();
        Expr oneSide = manyIsLeft ? binary.right() : binary.left();
        List<StepSeries> one;
        if (SeriesLocal.streams(manySide)) {
            one = evaluation.collect(oneSide, steps);
            group(one);
            if (mayBeAmbiguous()) {
                joinAll(evaluation.collect(manySide, steps));
            } else {
                index(new StepColumn(steps.count()));
                evaluation.vector(
                        manySide,
                        steps,
                        (labels, dropName, values) ->
                                join(new StepSeries(labels, dropName, values, 0)));
            }
        } else {
            // What holds its answer anyway goes first, so that its inputs are not held beside the
            // one side.
            List<StepSeries> many = evaluation.collect(manySide, steps);
            one = evaluation.collect(oneSide, steps);
            group(one);
            joinAll(many);
        }
        OptionalDouble fill = manyIsLeft ? matching.fillLeft() : matching.fillRight();
        if (fill.isPresent()) {
            fillMany(fill.getAsDouble());
        }
        evaluation.run().budget().releaseMemory(chargedBytes);
        evaluation.release(one);
        results.flush(sink);
    }

    private void joinAll(List<StepSeries> many) throws QueryException {
        if (matching.fills() || !many.isEmpty()) {
            // Only at steps at which there is a series of the many side is ambiguity an error.
            index(anySteps(many));
        }
        for (StepSeries series : many) {
            evaluation.run().budget().check();
            join(series);
        }
        evaluation.release(many);
    }

    private StepColumn anySteps(List<StepSeries> series) {
        StepColumn any = new StepColumn(steps.count());
        series.forEach(each -> any.markAll(each.column()));
        return any;
    }

    private void group(List<StepSeries> one) {
        for (StepSeries series : one) {
            MatchGroup group = groups.find(series.labels());
            if (group == null) {
                group = new MatchGroup();
                groups.add(series.labels(), group);
            }
            group.one.add(series);
        }
    }

    /// Have two series of the one side a value at the same step?
    private boolean mayBeAmbiguous() {
        for (MatchGroup group : groups.groups()) {
            if (group.one.size() > 1) {
                StepColumn any = new StepColumn(steps.count());
                for (StepSeries series : group.one) {
                    if (any.overlaps(series.column())) {
                        return true;
                    }
                    any.markAll(series.column());
                }
            }
        }
        return false;
    }

    private void index(StepColumn manySteps) throws QueryException {
        for (int i = 0; i < groups.size(); i++) {
            if (groups.group(i).one.size() > 1) {
                index(groups.key(i), groups.group(i), manySteps);
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
        MatchGroup group = groups.find(many.labels());
        OptionalDouble fill = manyIsLeft ? matching.fillRight() : matching.fillLeft();
        if (group == null) {
            if (fill.isEmpty()) {
                return;
            }
            group = new MatchGroup();
            groups.add(many.labels(), group);
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
                labels =
                        resultLabels(
                                many.labels(),
                                at < 0 ? grouping.of(many.labels()) : group.one.get(at).labels());
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
        for (int g = 0; g < groups.size(); g++) {
            MatchGroup group = groups.group(g);
            for (int i = 0; i < group.one.size(); i++) {
                StepSeries one = group.one.get(i);
                Labels labels = resultLabels(groups.key(g), one.labels());
                StepColumn values = one.column();
                for (int step = values.next(0); step >= 0; step = values.next(step + 1)) {
                    if (group.matched == null || !group.matched.get(step)) {
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
        BitSet matched = group.matched;
        if (matched == null) {
            matched = newMatches();
            group.matched = matched;
        }
        if (matching.cardinality() == Cardinality.ONE_TO_ONE) {
            if (matched.get(step)) {
                throw QueryException.execution(
                        "multiple matches for labels: many-to-one matching must be explicit"
                                + " (group_left/group_right)");
            }
        } else {
            BitSet same = group.matchedLabels.computeIfAbsent(labels, _ -> newMatches());
            if (same.get(step)) {
                throw QueryException.execution(
                        "multiple matches for labels: grouping labels must ensure unique"
                                + " matches");
            }
            same.set(step);
        }
        matched.set(step);
    }

    private BitSet newMatches() {
        long bytes = 64L + (steps.count() >> 3);
        evaluation.run().budget().chargeMemory(bytes);
        chargedBytes += bytes;
        return new BitSet(steps.count());
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
