package dev.muster.promql;

import dev.muster.model.time.Steps;
import java.io.IOException;
import java.util.Arrays;

/// Evaluates `quantile`, which must have all values of a group at a step. It keeps them without the
/// series that they are of.
final class QuantileAggregation {
    private final Evaluation evaluation;
    private final Expr.Aggregate aggregate;
    private final Steps steps;

    QuantileAggregation(Evaluation evaluation, Expr.Aggregate aggregate, Steps steps) {
        this.evaluation = evaluation;
        this.aggregate = aggregate;
        this.steps = steps;
    }

    /// The values of one group at each step.
    private final class Values {
        private final double[][] values = new double[steps.count()][];
        private final int[] sizes = new int[steps.count()];
        private boolean dropName;
        private long chargedBytes;

        Values() {
            Arrays.fill(values, NONE);
            charge(20L * steps.count());
        }

        private void charge(long bytes) {
            evaluation.run().budget().chargeMemory(bytes);
            chargedBytes += bytes;
        }

        void add(int step, double value) {
            reserve(step, 1);
            values[step][sizes[step]++] = value;
        }

        private void reserve(int step, int more) {
            int needed = Math.addExact(sizes[step], more);
            int capacity = values[step].length;
            if (needed > capacity) {
                int grown = Math.max(needed, Math.max(4, capacity + (capacity >> 1)));
                charge(8L * (grown - capacity));
                values[step] = Arrays.copyOf(values[step], grown);
            }
        }

        void add(Values other) {
            for (int step = 0; step < sizes.length; step++) {
                reserve(step, other.sizes[step]);
                System.arraycopy(
                        other.values[step], 0, values[step], sizes[step], other.sizes[step]);
                sizes[step] += other.sizes[step];
            }
            dropName |= other.dropName;
            evaluation.run().budget().releaseMemory(other.chargedBytes);
        }
    }

    private static final double[] NONE = {};

    /// Groups lane by lane.
    private final class Collecting implements Gather<GroupTable<Values>> {
        @Override
        public GroupTable<Values> open() {
            return new GroupTable<>(Grouping.of(aggregate));
        }

        @Override
        public SeriesSink sink(GroupTable<Values> lane) {
            return (labels, dropName, column) -> {
                if (Aggregation.dropHistograms(evaluation, aggregate, column) && column.isEmpty()) {
                    return;
                }
                Values group = lane.find(labels);
                if (group == null) {
                    group = new Values();
                    lane.add(labels, group);
                }
                double[] values = column.values();
                for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
                    group.add(i, values[i]);
                }
                group.dropName |= dropName;
            };
        }

        @Override
        public void merge(GroupTable<Values> into, GroupTable<Values> next) {
            for (int i = 0; i < next.size(); i++) {
                Values mine = into.find(next.key(i));
                if (mine == null) {
                    into.add(next.key(i), next.group(i));
                } else {
                    mine.add(next.group(i));
                }
            }
        }
    }

    void run(SeriesSink sink) throws QueryException, IOException {
        Expr parameter = aggregate.parameter().orElseThrow();
        double[] quantiles = evaluation.scalar(parameter, steps);
        GroupTable<Values> groups = evaluation.gather(aggregate.expr(), steps, new Collecting());
        if (groups.size() > 0) {
            warn(quantiles, parameter.position());
        }
        StepColumn column = new StepColumn(steps.count());
        for (int i = 0; i < groups.size(); i++) {
            Values group = groups.group(i);
            column.clear();
            for (int step = 0; step < steps.count(); step++) {
                evaluation.run().budget().check();
                if (group.sizes[step] > 0) {
                    column.set(
                            step,
                            Quantile.of(quantiles[step], group.values[step], group.sizes[step]));
                }
            }
            evaluation.run().budget().releaseMemory(group.chargedBytes);
            sink.accept(groups.key(i), group.dropName, column);
        }
    }

    private void warn(double[] quantiles, Position position) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        Annotations annotations = evaluation.run().annotations();
        for (double quantile : quantiles) {
            if (Double.isNaN(quantile)) {
                annotations.invalidQuantile(quantile, position);
            } else {
                least = Math.min(least, quantile);
                greatest = Math.max(greatest, quantile);
            }
        }
        if (greatest > 1) {
            annotations.invalidQuantile(greatest, position);
        }
        if (least < 0) {
            annotations.invalidQuantile(least, position);
        }
    }
}
