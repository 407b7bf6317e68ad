package dev.muster.query.cluster;

import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SeriesSource;
import dev.muster.promql.EngineConfig;
import dev.muster.promql.MatrixSeries;
import dev.muster.promql.MatrixValue;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryException;
import dev.muster.promql.QueryOptions;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartSeries;
import dev.muster.promql.part.PartSink;
import java.io.IOException;

/// Evaluates parts without an aggregation on top by the plain engine: what the way there and back
/// is tested with.
final class SeriesEvaluator implements PartEvaluator {
    @Override
    public void part(
            SeriesSource source,
            PartQuery query,
            PartSink sink,
            ShareLimits limits,
            ReadBudget budget)
            throws QueryException, IOException {
        var engine =
                new PromQlEngine(
                        EngineConfig.DEFAULT.toBuilder().maxSamples(limits.samples()).build());
        var result =
                engine.range(
                        source,
                        query.expr(),
                        query.steps(),
                        QueryOptions.DEFAULT.withBudget(budget));
        var row = new PartSeries(query.steps().count(), 1);
        for (MatrixSeries series : ((MatrixValue) result.value()).series()) {
            row.begin(series.labels(), series.labels(), false);
            for (int i = 0; i < series.size(); i++) {
                int step =
                        Math.toIntExact(
                                (series.timestampMs(i) - query.steps().startMs())
                                        / query.steps().stepMs());
                row.column(0)[step] = series.value(i);
                row.mark(step);
            }
            sink.series(row);
        }
        sink.spent(result.stats().seriesRead(), result.stats().samplesRead());
    }
}
