package dev.muster.query.upness;

import dev.muster.model.merge.MergedSource;
import dev.muster.model.merge.QuerySource;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.ReadEstimate;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.promql.part.PartPlan;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartSelector;
import dev.muster.promql.part.PartSource;
import java.io.IOException;
import java.util.List;

/// All series of a source, and those of upness. A question that names neither the one nor the other
/// is put to both; a query that may touch upness is not delegated in parts: the parts know none.
public final class WithUpness implements QuerySource, PartSource {
    private final QuerySource source;
    private final UpnessSource upness;
    private final QuerySource both;

    /// @param source all stored series
    public WithUpness(QuerySource source, UpnessSource upness) {
        this.source = source;
        this.upness = upness;
        both =
                new MergedSource(
                        List.of(
                                new MergedSource.Part("samples", source),
                                new MergedSource.Part("upness", upness)));
    }

    @Override
    public PartPlan plan(PartQuery query, List<PartSelector> selectors, ReadBudget budget)
            throws IOException {
        boolean touched = selectors.stream().anyMatch(s -> UpnessSource.concerns(s.matchers()));
        return touched || !(source instanceof PartSource parts)
                ? PartPlan.NONE
                : parts.plan(query, selectors, budget);
    }

    @Override
    public SeriesSet select(SelectRequest request) throws IOException {
        if (UpnessNames.only(request.matchers())) {
            return upness.select(request);
        }
        return of(request).select(request);
    }

    @Override
    public Texts names(SelectRequest request) throws IOException {
        return of(request).names(request);
    }

    @Override
    public Texts values(String name, SelectRequest request) throws IOException {
        return of(request).values(name, request);
    }

    @Override
    public ReadEstimate estimate(SelectRequest request) throws IOException {
        return source.estimate(request);
    }

    private QuerySource of(SelectRequest request) {
        return UpnessSource.concerns(request.matchers()) ? both : source;
    }
}
