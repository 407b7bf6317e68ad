package dev.muster.query.source;

import dev.muster.blocks.tombstone.Tombstone;
import dev.muster.blocks.tombstone.TombstoneStore;
import dev.muster.model.merge.QuerySource;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.ReadEstimate;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.part.PartPlan;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartSelector;
import dev.muster.promql.part.PartSource;
import java.io.IOException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// A source without what was deleted from it. Where no tombstone touches the time that is asked for
/// it costs nothing; where one does, parts of queries are not delegated: the parts know of none.
public final class TombstonedSource implements QuerySource, PartSource {
    private final QuerySource source;
    private final TombstoneStore tombstones;

    public TombstonedSource(QuerySource source, TombstoneStore tombstones) {
        this.source = source;
        this.tombstones = tombstones;
    }

    @Override
    public PartPlan plan(PartQuery query, List<PartSelector> selectors, ReadBudget budget)
            throws IOException {
        if (!(source instanceof PartSource parts)) {
            return PartPlan.NONE;
        }
        for (PartSelector selector : selectors) {
            if (!tombstones.in(selector.range()).isEmpty()) {
                return PartPlan.NONE;
            }
        }
        return parts.plan(query, selectors, budget);
    }

    @Override
    public SeriesSet select(SelectRequest request) throws IOException {
        List<Tombstone> some = tombstones.in(request.range());
        if (some.isEmpty()) {
            return source.select(request);
        }
        // where the newest sample is hidden, the one before it shows
        SeriesSet set = source.select(request.withLooks(null));
        return TombstonedSeriesSet.of(set, some, request.range());
    }

    @Override
    public Texts names(SelectRequest request) throws IOException {
        if (nothingHidden(request.range())) {
            return source.names(request);
        }
        SortedSet<String> names = new TreeSet<>();
        try (SeriesSet set = select(request.withoutSamples())) {
            for (int i = 0; i < set.size(); i++) {
                set.labels(i).forEach((name, value) -> names.add(name));
            }
            return new Texts(names, set.warnings(), set.completeness());
        }
    }

    @Override
    public Texts values(String name, SelectRequest request) throws IOException {
        if (nothingHidden(request.range())) {
            return source.values(name, request);
        }
        SortedSet<String> values = new TreeSet<>();
        try (SeriesSet set = select(request.withoutSamples())) {
            for (int i = 0; i < set.size(); i++) {
                String value = set.labels(i).get(name);
                if (value != null) {
                    values.add(value);
                }
            }
            return new Texts(values, set.warnings(), set.completeness());
        }
    }

    private boolean nothingHidden(TimeRange range) {
        return tombstones.in(range).isEmpty();
    }

    /// With what was deleted: it is read, too.
    @Override
    public ReadEstimate estimate(SelectRequest request) throws IOException {
        return source.estimate(request);
    }
}
