package dev.muster.promql;

import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Evaluates `topk`, `bottomk`, `limitk` and `limit_ratio`, which choose among the series of each
/// group at each step. Series come in order, one at a time; only what may be chosen is kept.
final class Selection {
    private final Evaluation evaluation;
    private final Expr.Aggregate aggregate;
    private final Steps steps;
    private final Aggregator operator;
    private final boolean byValue;
    private final Position parameterPosition;
    private final GroupTable<Group> groups;
    private double[] parameters = new double[0];
    private boolean checked;
    private boolean chooses;

    /// Labels of the series that were kept, by number.
    private final List<Labels> labels = new ArrayList<>();

    private final List<Boolean> dropNames = new ArrayList<>();

    /// What is chosen of one group.
    private final class Group {
        /// At each step, of `topk` and `bottomk`.
        private final @Nullable ValueHeap[] heaps =
                new @Nullable ValueHeap[byValue ? steps.count() : 0];

        /// How many were chosen at each step, of `limitk`.
        private final int[] counts = new int[operator == Aggregator.LIMITK ? steps.count() : 0];

        /// What was chosen, of `limitk` and `limit_ratio`.
        private final List<StepSeries> chosen = new ArrayList<>();
    }

    Selection(Evaluation evaluation, Expr.Aggregate aggregate, Steps steps) {
        this.evaluation = evaluation;
        this.aggregate = aggregate;
        this.steps = steps;
        operator = aggregate.operator();
        byValue = operator == Aggregator.TOPK || operator == Aggregator.BOTTOMK;
        parameterPosition = aggregate.parameter().orElseThrow().position();
        groups = new GroupTable<>(Grouping.of(aggregate));
    }

    void run(SeriesSink sink) throws QueryException, IOException {
        start();
        evaluation.vector(
                aggregate.expr(),
                steps,
                (series, dropName, column) -> {
                    if (offer(series, column)) {
                        keep(series, dropName, column);
                    }
                });
        finish(sink);
    }

    /// Chooses among series that are known.
    void choose(List<StepSeries> all, SeriesSink sink) throws QueryException, IOException {
        start();
        for (StepSeries series : all) {
            if (offer(series.labels(), series.column())) {
                keep(series.labels(), series.dropName(), series.column());
            }
        }
        finish(sink);
    }

    /// To be called before anything is offered.
    void start() throws QueryException, IOException {
        parameters = evaluation.scalar(aggregate.parameter().orElseThrow(), steps);
    }

    /// Offers a series that may be chosen at some steps and cuts its column down to these: those at
    /// which it belongs to the chosen so far. What comes later may oust it.
    ///
    /// @return whether any step is left; if so, [#keep] may be called
    boolean offer(Labels series, StepColumn column) throws QueryException {
        if (!checked) {
            checked = true;
            chooses = checkParameters();
        }
        if (byValue) {
            Aggregation.dropHistograms(evaluation, aggregate, column);
        }
        if (!chooses || column.isEmpty()) {
            return false;
        }
        Group group = groups.find(series);
        if (group == null) {
            group = new Group();
            evaluation
                    .run()
                    .budget()
                    .chargeMemory(64 + 8L * group.heaps.length + 4L * group.counts.length);
            groups.add(series, group);
        }
        double offset = operator == Aggregator.LIMIT_RATIO ? offset(series) : 0;
        for (int step = column.next(0); step >= 0; step = column.next(step + 1)) {
            if (!offer(group, step, column.at(step), offset)) {
                column.remove(step);
            }
        }
        return !column.isEmpty();
    }

    private boolean offer(Group group, int step, double value, double offset) {
        switch (operator) {
            case LIMITK -> {
                if (group.counts[step] >= limit(step)) {
                    return false;
                }
                group.counts[step]++;
                return true;
            }
            case LIMIT_RATIO -> {
                double ratio = Math.clamp(parameters[step], -1, 1);
                return ratio >= 0 ? offset < ratio : offset >= 1 + ratio;
            }
            default -> {
                ValueHeap heap = group.heaps[step];
                if (heap == null) {
                    heap = new ValueHeap(operator == Aggregator.BOTTOMK);
                    evaluation.run().budget().chargeMemory(heap.sizeBytes());
                    group.heaps[step] = heap;
                }
                if (!heap.wants(value, limit(step))) {
                    return false;
                }
                long before = heap.sizeBytes();
                heap.add(value, labels.size(), limit(step));
                if (heap.sizeBytes() > before) {
                    evaluation.run().budget().chargeMemory(heap.sizeBytes() - before);
                }
                return true;
            }
        }
    }

    private int limit(int step) {
        return (int) Math.min(parameters[step], Integer.MAX_VALUE);
    }

    /// Keeps the series that was just offered, as far as it was chosen.
    private void keep(Labels series, boolean dropName, StepColumn column) {
        if (byValue) {
            evaluation.run().budget().chargeMemory(16);
            labels.add(series);
            dropNames.add(dropName);
        } else {
            Group group = groups.find(series);
            if (group != null) {
                group.chosen.add(
                        StepSeries.copy(series, dropName, column, evaluation.run().budget()));
            }
        }
    }

    /// Pushes what was chosen and kept, group by group.
    private void finish(SeriesSink sink) throws QueryException, IOException {
        for (Group group : groups.groups()) {
            evaluation.run().budget().check();
            if (byValue) {
                pushBest(group, sink);
            } else {
                for (StepSeries series : group.chosen) {
                    sink.accept(series.labels(), series.dropName(), series.column());
                }
                evaluation.release(group.chosen);
            }
        }
        release();
    }

    /// To be called once, when nothing is offered any more.
    void release() {
        long bytes = 16L * labels.size();
        for (Group group : groups.groups()) {
            bytes += 64 + 8L * group.heaps.length + 4L * group.counts.length;
            for (ValueHeap heap : group.heaps) {
                bytes += heap == null ? 0 : heap.sizeBytes();
            }
        }
        evaluation.run().budget().releaseMemory(bytes);
    }

    /// One series after another: of one step in the order of their values, else in their own order.
    private void pushBest(Group group, SeriesSink sink) throws QueryException, IOException {
        if (steps.count() == 1) {
            ValueHeap heap = group.heaps[0];
            if (heap != null) {
                heap.sort();
                StepColumn column = new StepColumn(1);
                for (int i = 0; i < heap.size(); i++) {
                    column.clear();
                    column.set(0, heap.value(i));
                    int number = heap.series(i);
                    sink.accept(labels.get(number), dropNames.get(number), column);
                }
            }
            return;
        }
        ChosenPoints points = new ChosenPoints();
        for (int step = 0; step < group.heaps.length; step++) {
            ValueHeap heap = group.heaps[step];
            for (int i = 0; heap != null && i < heap.size(); i++) {
                points.add(heap.series(i), step, heap.value(i));
            }
        }
        StepColumn column = new StepColumn(steps.count());
        points.forEach(
                column, number -> sink.accept(labels.get(number), dropNames.get(number), column));
    }

    /// @return whether anything can be chosen at all
    private boolean checkParameters() throws QueryException {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        boolean nan = false;
        for (double parameter : parameters) {
            nan |= Double.isNaN(parameter);
            least = Numbers.min(least, parameter);
            greatest = Numbers.max(greatest, parameter);
        }
        if (operator == Aggregator.LIMIT_RATIO) {
            return checkRatios(least, greatest, nan);
        }
        if (greatest < 1) {
            return false;
        }
        if (nan) {
            throw QueryException.execution("Parameter value is NaN");
        }
        if (least <= Long.MIN_VALUE) {
            throw QueryException.execution(
                    "Scalar value " + Numbers.general(least) + " underflows int64");
        }
        if (greatest >= Long.MAX_VALUE) {
            throw QueryException.execution(
                    "Scalar value " + Numbers.general(greatest) + " overflows int64");
        }
        return true;
    }

    private boolean checkRatios(double least, double greatest, boolean nan) throws QueryException {
        if (least == 0 && greatest == 0) {
            return false;
        }
        if (nan) {
            throw QueryException.execution("Ratio value is NaN");
        }
        if (greatest > 1) {
            evaluation.run().annotations().invalidRatio(greatest, 1, parameterPosition);
        }
        if (least < -1) {
            evaluation.run().annotations().invalidRatio(least, -1, parameterPosition);
        }
        return true;
    }

    /// A number in `[0, 1)` that depends on the labels alone.
    private static double offset(Labels labels) {
        return (labels.seriesId() >>> 11) * 0x1p-53;
    }
}
