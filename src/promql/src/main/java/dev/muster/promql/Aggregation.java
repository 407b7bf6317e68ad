package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import dev.muster.promql.histogram.HistogramText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Evaluates the aggregation operators that make one series of each group; those that choose series
/// are in [Selection].
final class Aggregation {
    private final Evaluation evaluation;
    private final Expr.Aggregate aggregate;
    private final Grouping grouping;
    private final Steps steps;

    private Aggregation(Evaluation evaluation, Expr.Aggregate aggregate, Steps steps) {
        this.evaluation = evaluation;
        this.aggregate = aggregate;
        grouping = Grouping.of(aggregate);
        this.steps = steps;
    }

    static void evaluate(
            Evaluation evaluation, Expr.Aggregate aggregate, Steps steps, SeriesSink sink)
            throws QueryException, IOException {
        Aggregation aggregation = new Aggregation(evaluation, aggregate, steps);
        switch (aggregate.operator()) {
            case SUM, AVG, COUNT, MIN, MAX, GROUP, STDDEV, STDVAR -> aggregation.fold(sink);
            case QUANTILE -> aggregation.quantile(sink);
            case COUNT_VALUES -> aggregation.countValues(sink);
            case TOPK, BOTTOMK, LIMITK, LIMIT_RATIO ->
                    new Selection(evaluation, aggregate, steps).run(sink);
        }
    }

    private static final class Group {
        private final GroupAccumulator accumulator;
        private @Nullable HistogramGroup histograms;
        private boolean dropName;

        Group(GroupAccumulator accumulator) {
            this.accumulator = accumulator;
        }
    }

    private void fold(SeriesSink sink) throws QueryException, IOException {
        Map<Labels, Group> groups = new LinkedHashMap<>();
        QueryBudget budget = evaluation.run().budget();
        Aggregator operator = aggregate.operator();
        boolean addsHistograms = operator == Aggregator.SUM || operator == Aggregator.AVG;
        boolean dropsHistograms =
                !addsHistograms && operator != Aggregator.COUNT && operator != Aggregator.GROUP;
        evaluation.vector(
                aggregate.expr(),
                steps,
                (labels, dropName, column) -> {
                    if (dropsHistograms && dropHistograms(column) && column.isEmpty()) {
                        return;
                    }
                    Labels key = grouping.of(labels);
                    Group group = groups.get(key);
                    if (group == null) {
                        group = new Group(GroupAccumulator.of(operator, steps.count()));
                        budget.chargeMemory(group.accumulator.sizeBytes());
                        groups.put(key, group);
                    }
                    if (addsHistograms && column.hasHistograms()) {
                        addHistograms(group, column);
                    }
                    group.accumulator.add(column);
                    group.dropName |= dropName;
                });
        StepColumn column = new StepColumn(steps.count());
        for (Map.Entry<Labels, Group> entry : groups.entrySet()) {
            column.clear();
            entry.getValue().accumulator.finish(column);
            budget.releaseMemory(entry.getValue().accumulator.sizeBytes());
            HistogramGroup histograms = entry.getValue().histograms;
            if (histograms != null) {
                histograms.finish(column);
            }
            if (histograms == null || !column.isEmpty()) {
                sink.accept(entry.getKey(), entry.getValue().dropName, column);
            }
        }
    }

    /// Moves the histograms of a column into those of the group.
    private void addHistograms(Group group, StepColumn column) {
        HistogramGroup histograms = group.histograms;
        if (histograms == null) {
            histograms =
                    new HistogramGroup(
                            aggregate.operator() == Aggregator.AVG,
                            steps.count(),
                            evaluation.run(),
                            aggregate.expr().position());
            group.histograms = histograms;
        }
        histograms.add(column);
        column.dropHistograms();
    }

    private boolean dropHistograms(StepColumn column) {
        return dropHistograms(evaluation, aggregate, column);
    }

    /// Drops the histograms of a column, for an operator of numbers only, and says so.
    ///
    /// @return whether there were any
    static boolean dropHistograms(
            Evaluation evaluation, Expr.Aggregate aggregate, StepColumn column) {
        boolean any = column.dropHistograms();
        if (any) {
            evaluation
                    .run()
                    .annotations()
                    .ignoredInAggregation(aggregate.operator().text(), aggregate.expr().position());
        }
        return any;
    }

    /// The series of each group, all kept.
    private Map<Labels, List<StepSeries>> collectGroups() throws QueryException, IOException {
        Map<Labels, List<StepSeries>> groups = new LinkedHashMap<>();
        for (StepSeries series : evaluation.collect(aggregate.expr(), steps)) {
            if (dropHistograms(series.column()) && series.column().isEmpty()) {
                evaluation.release(List.of(series));
                continue;
            }
            groups.computeIfAbsent(grouping.of(series.labels()), _ -> new ArrayList<>())
                    .add(series);
        }
        return groups;
    }

    private void quantile(SeriesSink sink) throws QueryException, IOException {
        Expr parameter = aggregate.parameter().orElseThrow();
        double[] quantiles = evaluation.scalar(parameter, steps);
        Map<Labels, List<StepSeries>> groups = collectGroups();
        if (!groups.isEmpty()) {
            warnOfQuantiles(quantiles, parameter.position());
        }
        StepColumn column = new StepColumn(steps.count());
        for (Map.Entry<Labels, List<StepSeries>> group : groups.entrySet()) {
            evaluation.run().budget().check();
            List<StepSeries> members = group.getValue();
            double[] values = new double[members.size()];
            boolean dropName = false;
            column.clear();
            for (int step = 0; step < steps.count(); step++) {
                int size = 0;
                for (StepSeries member : members) {
                    if (member.column().has(step)) {
                        values[size++] = member.column().at(step);
                    }
                }
                if (size > 0) {
                    column.set(step, Quantile.of(quantiles[step], values, size));
                }
            }
            for (StepSeries member : members) {
                dropName |= member.dropName();
            }
            evaluation.release(members);
            sink.accept(group.getKey(), dropName, column);
        }
    }

    private void warnOfQuantiles(double[] quantiles, Position position) {
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

    private void countValues(SeriesSink sink) throws QueryException, IOException {
        if (!(aggregate.parameter().orElseThrow() instanceof Expr.StringLiteral label)) {
            throw new IllegalStateException("label of count_values must be a string");
        }
        if (!StringText.isLabelName(label.value())) {
            throw QueryException.execution("invalid label name " + label);
        }
        Map<Labels, StepColumn> counts = new LinkedHashMap<>();
        evaluation.vector(
                aggregate.expr(),
                steps,
                (labels, dropName, column) -> {
                    Map<Object, StepColumn> known = new LinkedHashMap<>();
                    for (int i = column.next(0); i >= 0; i = column.next(i + 1)) {
                        NativeHistogram histogram = column.histogram(i);
                        Object value = histogram == null ? column.at(i) : histogram;
                        StepColumn count = known.get(value);
                        if (count == null) {
                            String text =
                                    histogram == null
                                            ? Numbers.plain(column.at(i))
                                            : HistogramText.of(histogram, Numbers::general);
                            count = counterOf(labels, label.value(), text, counts);
                            known.put(value, count);
                        }
                        count.set(i, count.has(i) ? count.at(i) + 1 : 1);
                    }
                });
        for (Map.Entry<Labels, StepColumn> count : counts.entrySet()) {
            evaluation.run().budget().releaseMemory(StepColumn.sizeBytes(steps.count()));
            sink.accept(count.getKey(), false, count.getValue());
        }
    }

    private StepColumn counterOf(
            Labels labels, String label, String value, Map<Labels, StepColumn> counts) {
        Labels.Builder key;
        if (aggregate.without()) {
            // As if the series had the label before it is grouped.
            Labels with = labels.toBuilder().set(label, value).build();
            key = grouping.of(with).toBuilder();
        } else {
            key = grouping.of(labels).toBuilder().set(label, value);
        }
        return counts.computeIfAbsent(
                key.build(),
                _ -> {
                    evaluation.run().budget().chargeMemory(StepColumn.sizeBytes(steps.count()));
                    return new StepColumn(steps.count());
                });
    }
}
