package dev.muster.promql;

import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import dev.muster.promql.part.PartHistogram;
import dev.muster.promql.part.PartSeries;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Merges what parts answer into what the expression would have been evaluated to here. Thread-safe
/// but for [#push].
final class PartMerge {
    private final Evaluation evaluation;
    private final Expr expr;
    private final Steps steps;
    private final int columns;

    /// Of an aggregation that makes one series of each group; null else.
    private final @Nullable Groups groups;

    private final Map<Labels, StepSeries> series = new HashMap<>();

    PartMerge(Evaluation evaluation, Expr expr, Steps steps) {
        this.evaluation = evaluation;
        this.expr = expr;
        this.steps = steps;
        if (expr instanceof Expr.Aggregate aggregate) {
            columns = GroupAccumulator.columns(aggregate.operator());
            groups =
                    switch (aggregate.operator()) {
                        case TOPK, BOTTOMK, LIMITK, LIMIT_RATIO, QUANTILE -> null;
                        case COUNT_VALUES -> ValueCounts.none(evaluation.run(), aggregate, steps);
                        case SUM, AVG, COUNT, GROUP, MIN, MAX, STDDEV, STDVAR ->
                                Aggregation.noGroups(evaluation.run(), aggregate, steps);
                    };
        } else {
            columns = 1;
            groups = null;
        }
    }

    /// Takes in a series or group of one part.
    ///
    /// @param offset the step at which the part begins
    /// @throws IOException if it is not what the expression makes
    synchronized void add(PartSeries part, int offset) throws IOException {
        if (part.columns() != columns || part.steps() > steps.count() - offset) {
            throw new IOException(
                    "part: numbers must be those of the query: expected columns="
                            + columns
                            + ", steps="
                            + (steps.count() - offset)
                            + ", actual columns="
                            + part.columns()
                            + ", steps="
                            + part.steps());
        }
        if (groups != null) {
            groups.merge(part, offset);
        } else {
            addSeries(part, offset);
        }
    }

    private void addSeries(PartSeries part, int offset) {
        StepSeries known = series.get(part.labels());
        if (known == null) {
            long bytes = StepColumn.sizeBytes(steps.count());
            evaluation.run().budget().chargeMemory(bytes);
            StepColumn column = new StepColumn(steps.count());
            known = new StepSeries(part.labels(), part.dropName(), column, bytes);
            series.put(part.labels(), known);
        }
        double[] values = part.column(0);
        for (int i = part.next(0); i >= 0; i = part.next(i + 1)) {
            known.column().set(offset + i, values[i]);
        }
        if (part.hasHistograms()) {
            for (int i = 0; i < part.steps(); i++) {
                PartHistogram histogram = part.histogram(i);
                if (histogram != null) {
                    known.column().set(offset + i, histogram.histogram());
                }
            }
        }
    }

    /// Pushes the merged series in the order in which they would have come. To be called once,
    /// after all parts.
    void push(SeriesSink sink) throws QueryException, IOException {
        if (groups != null) {
            groups.finishSorted(sink);
            return;
        }
        List<StepSeries> all = new ArrayList<>(series.values());
        all.sort(Comparator.comparing(StepSeries::labels));
        if (expr instanceof Expr.Aggregate aggregate) {
            Selection selection = new Selection(evaluation, aggregate, steps);
            selection.choose(all, sink);
        } else {
            for (StepSeries each : all) {
                sink.accept(each.labels(), each.dropName(), each.column());
            }
        }
        evaluation.release(all);
    }
}
