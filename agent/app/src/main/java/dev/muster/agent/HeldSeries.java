package dev.muster.agent;

import dev.muster.model.merge.MergedSeriesSet;
import dev.muster.model.series.Completeness;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/// What this agent holds: its own series, and those it took in place of lost peers.
///
/// @param own the agent's head
/// @param taken a source for each peer; mostly none
record HeldSeries(SeriesSource own, Supplier<List<SeriesSource>> taken) implements SeriesSource {
    @Override
    public SeriesSet select(SelectRequest request) throws IOException {
        List<SeriesSource> others = taken.get();
        if (others.isEmpty()) {
            return own.select(request);
        }
        List<SeriesSet> sets = new ArrayList<>();
        try {
            sets.add(own.select(request));
            for (SeriesSource other : others) {
                add(sets, other, request);
            }
            return MergedSeriesSet.of(sets, List.of(), Completeness.NONE, request.budget());
        } catch (IOException | RuntimeException e) {
            sets.forEach(SeriesSet::close);
            throw e;
        }
    }

    /// One that was let go meanwhile, because everything is shipped, is left out.
    private void add(List<SeriesSet> sets, SeriesSource other, SelectRequest request)
            throws IOException {
        try {
            sets.add(other.select(request));
        } catch (IOException | IllegalStateException e) {
            if (taken.get().contains(other)) {
                throw e;
            }
        }
    }

    @Override
    public SortedSet<String> labelNames(SelectRequest request) throws IOException {
        SortedSet<String> names = new TreeSet<>(own.labelNames(request));
        for (SeriesSource other : taken.get()) {
            names.addAll(other.labelNames(request));
        }
        return names;
    }

    @Override
    public SortedSet<String> labelValues(String name, SelectRequest request) throws IOException {
        SortedSet<String> values = new TreeSet<>(own.labelValues(name, request));
        for (SeriesSource other : taken.get()) {
            values.addAll(other.labelValues(name, request));
        }
        return values;
    }
}
