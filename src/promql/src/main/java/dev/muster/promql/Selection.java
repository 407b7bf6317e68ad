package dev.muster.promql;

import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Evaluates `topk`, `bottomk`, `limitk` and `limit_ratio`, which choose among the series of each
/// group at each step.
final class Selection {
    private final Evaluation evaluation;
    private final Expr.Aggregate aggregate;
    private final Steps steps;
    private final Aggregator operator;
    private final Position parameterPosition;
    private double[] parameters = new double[0];

    Selection(Evaluation evaluation, Expr.Aggregate aggregate, Steps steps) {
        this.evaluation = evaluation;
        this.aggregate = aggregate;
        this.steps = steps;
        operator = aggregate.operator();
        parameterPosition = aggregate.parameter().orElseThrow().position();
    }

    void run(SeriesSink sink) throws QueryException, IOException {
        parameters = evaluation.scalar(aggregate.parameter().orElseThrow(), steps);
        List<StepSeries> all = evaluation.collect(aggregate.expr(), steps);
        if (operator == Aggregator.TOPK || operator == Aggregator.BOTTOMK) {
            all.forEach(each -> Aggregation.dropHistograms(evaluation, aggregate, each.column()));
        }
        if (all.isEmpty() || !checkParameters()) {
            evaluation.release(all);
            return;
        }
        Grouping grouping = Grouping.of(aggregate);
        Map<Labels, List<StepSeries>> groups = new LinkedHashMap<>();
        for (StepSeries series : all) {
            groups.computeIfAbsent(grouping.of(series.labels()), _ -> new ArrayList<>())
                    .add(series);
        }
        for (List<StepSeries> group : groups.values()) {
            evaluation.run().budget().check();
            select(group, sink);
        }
        evaluation.release(all);
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

    private void select(List<StepSeries> group, SeriesSink sink)
            throws QueryException, IOException {
        StepColumn[] chosen = new StepColumn[group.size()];
        int[] order = new int[group.size()];
        ValueHeap heap = new ValueHeap(group, operator == Aggregator.BOTTOMK);
        int lastCount = 0;
        for (int step = 0; step < steps.count(); step++) {
            evaluation.run().budget().check();
            int count = choose(group, step, heap, order);
            for (int i = 0; i < count; i++) {
                StepColumn column = chosen[order[i]];
                if (column == null) {
                    column = new StepColumn(steps.count());
                    chosen[order[i]] = column;
                }
                column.setFrom(step, group.get(order[i]).column(), step);
            }
            lastCount = count;
        }
        if (steps.count() > 1) {
            for (int i = 0; i < chosen.length; i++) {
                order[i] = i;
            }
            lastCount = chosen.length;
        }
        for (int i = 0; i < lastCount; i++) {
            StepColumn column = chosen[order[i]];
            if (column != null) {
                StepSeries series = group.get(order[i]);
                sink.accept(series.labels(), series.dropName(), column);
            }
        }
    }

    /// Writes the numbers of the series chosen at a step into `order`, best first.
    ///
    /// @return how many there are
    private int choose(List<StepSeries> group, int step, ValueHeap heap, int[] order) {
        return switch (operator) {
            case LIMITK -> firstOf(group, step, order);
            case LIMIT_RATIO -> ratioOf(group, step, order);
            default -> {
                heap.start(step, (int) Math.min(parameters[step], group.size()));
                for (int i = 0; i < group.size(); i++) {
                    if (group.get(i).column().has(step)) {
                        heap.offer(i);
                    }
                }
                yield heap.drain(order);
            }
        };
    }

    private int firstOf(List<StepSeries> group, int step, int[] order) {
        int limit = (int) Math.min(parameters[step], group.size());
        int count = 0;
        for (int i = 0; i < group.size() && count < limit; i++) {
            if (group.get(i).column().has(step)) {
                order[count++] = i;
            }
        }
        return count;
    }

    private int ratioOf(List<StepSeries> group, int step, int[] order) {
        double ratio = Math.clamp(parameters[step], -1, 1);
        int count = 0;
        for (int i = 0; i < group.size(); i++) {
            if (group.get(i).column().has(step)) {
                double offset = offset(group.get(i).labels());
                boolean in = ratio >= 0 ? offset < ratio : offset >= 1 + ratio;
                if (in) {
                    order[count++] = i;
                }
            }
        }
        return count;
    }

    /// A number in `[0, 1)` that depends on the labels alone.
    private static double offset(Labels labels) {
        return (labels.seriesId() >>> 11) * 0x1p-53;
    }

    /// The best values of one step. The worst of them is on top, so that a better one takes its
    /// place.
    private static final class ValueHeap {
        private final List<StepSeries> group;
        private final boolean least;
        private final int[] heap;
        private int step;
        private int limit;
        private int size;

        ValueHeap(List<StepSeries> group, boolean least) {
            this.group = group;
            this.least = least;
            heap = new int[group.size()];
        }

        void start(int newStep, int newLimit) {
            step = newStep;
            limit = newLimit;
            size = 0;
        }

        void offer(int series) {
            if (size < limit) {
                heap[size] = series;
                up(size++);
            } else if (limit > 0) {
                double top = value(heap[0]);
                double value = value(series);
                boolean better = least ? top > value : top < value;
                if (better || (Double.isNaN(top) && !Double.isNaN(value))) {
                    heap[0] = series;
                    down(0);
                }
            }
        }

        /// Writes what is in the heap, best first.
        int drain(int[] order) {
            for (int i = 0; i < size; i++) {
                int series = heap[i];
                int at = i;
                while (at > 0 && worse(order[at - 1], series)) {
                    order[at] = order[at - 1];
                    at--;
                }
                order[at] = series;
            }
            return size;
        }

        private double value(int series) {
            return group.get(series).column().at(step);
        }

        private boolean worse(int a, int b) {
            double x = value(a);
            double y = value(b);
            if (Double.isNaN(x)) {
                return !Double.isNaN(y);
            }
            return least ? x > y : x < y;
        }

        private void up(int from) {
            int i = from;
            while (i > 0) {
                int parent = (i - 1) / 2;
                if (!worse(heap[i], heap[parent])) {
                    return;
                }
                swap(i, parent);
                i = parent;
            }
        }

        private void down(int from) {
            int i = from;
            while (true) {
                int child = 2 * i + 1;
                if (child >= size) {
                    return;
                }
                if (child + 1 < size && worse(heap[child + 1], heap[child])) {
                    child++;
                }
                if (!worse(heap[child], heap[i])) {
                    return;
                }
                swap(i, child);
                i = child;
            }
        }

        private void swap(int a, int b) {
            int held = heap[a];
            heap[a] = heap[b];
            heap[b] = held;
        }
    }
}
