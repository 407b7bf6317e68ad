package dev.muster.promql;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Hands series to a plain sink, one at a time and in order, while later ones are computed.
final class InOrder implements Gather<List<StepSeries>> {
    private final SeriesSink sink;
    private final QueryBudget budget;

    InOrder(SeriesSink sink, QueryBudget budget) {
        this.sink = sink;
        this.budget = budget;
    }

    @Override
    public List<StepSeries> open() {
        return new ArrayList<>();
    }

    @Override
    public SeriesSink sink(List<StepSeries> lane) {
        return (labels, dropName, column) ->
                lane.add(StepSeries.copy(labels, dropName, column, budget));
    }

    @Override
    public void merge(List<StepSeries> into, List<StepSeries> next) {
        throw new IllegalStateException("lanes are delivered");
    }

    @Override
    public boolean delivers() {
        return true;
    }

    @Override
    public SeriesSink direct() {
        return sink;
    }

    @Override
    public void deliver(List<StepSeries> lane) throws QueryException, IOException {
        for (StepSeries series : lane) {
            sink.accept(series.labels(), series.dropName(), series.column());
            budget.releaseMemory(series.chargedBytes());
        }
    }
}
