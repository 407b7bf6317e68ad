package dev.muster.promql;

import dev.muster.model.time.Steps;
import java.io.IOException;

/// Evaluates aggregations. Those that make one series of each group from one value at a time are
/// folded here; the others have classes of their own.
final class Aggregation {
    private final Evaluation evaluation;
    private final Expr.Aggregate aggregate;
    private final Steps steps;

    private Aggregation(Evaluation evaluation, Expr.Aggregate aggregate, Steps steps) {
        this.evaluation = evaluation;
        this.aggregate = aggregate;
        this.steps = steps;
    }

    static void evaluate(
            Evaluation evaluation, Expr.Aggregate aggregate, Steps steps, SeriesSink sink)
            throws QueryException, IOException {
        switch (aggregate.operator()) {
            case SUM, AVG, COUNT, MIN, MAX, GROUP, STDDEV, STDVAR ->
                    groups(evaluation, aggregate, steps).finish(sink);
            case QUANTILE -> new QuantileAggregation(evaluation, aggregate, steps).run(sink);
            case COUNT_VALUES -> new ValueCounts(evaluation, aggregate, steps).run().finish(sink);
            case TOPK, BOTTOMK, LIMITK, LIMIT_RATIO ->
                    new Selection(evaluation, aggregate, steps).run(sink);
        }
    }

    /// All groups of an aggregation that folds.
    static Groups groups(Evaluation evaluation, Expr.Aggregate aggregate, Steps steps)
            throws QueryException, IOException {
        Aggregation aggregation = new Aggregation(evaluation, aggregate, steps);
        return evaluation.gather(aggregate.expr(), steps, aggregation.new Folding());
    }

    /// No groups yet.
    static Groups noGroups(QueryRun run, Expr.Aggregate aggregate, Steps steps) {
        return new Groups(
                run,
                aggregate.operator(),
                Grouping.of(aggregate),
                steps.count(),
                aggregate.expr().position());
    }

    /// Groups lane by lane.
    private final class Folding implements Gather<Groups> {
        @Override
        public Groups open() {
            return noGroups(evaluation.run(), aggregate, steps);
        }

        @Override
        public SeriesSink sink(Groups lane) {
            boolean drops = dropsHistograms(aggregate.operator());
            return (labels, dropName, column) -> {
                if (drops && dropHistograms(evaluation, aggregate, column) && column.isEmpty()) {
                    return;
                }
                lane.add(labels, dropName, column);
            };
        }

        @Override
        public void merge(Groups into, Groups next) {
            into.merge(next);
        }
    }

    /// Has the operator no use for histograms?
    private static boolean dropsHistograms(Aggregator operator) {
        return switch (operator) {
            case SUM, AVG, COUNT, GROUP, COUNT_VALUES, LIMITK, LIMIT_RATIO -> false;
            case MIN, MAX, STDDEV, STDVAR, QUANTILE, TOPK, BOTTOMK -> true;
        };
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
}
