package dev.muster.model.series;

import java.io.IOException;
import java.util.SortedSet;
import java.util.TreeSet;

/// Where series are read from: the head, blocks, agents, or several of them as one. Thread-safe.
public interface SeriesSource {
    /// The series that match and may have samples in the range.
    ///
    /// @throws IOException if the source cannot be read; a part that is missing while the rest can
    ///   be read is no error but a warning of the set
    SeriesSet select(SelectRequest request) throws IOException;

    /// Names of the labels that matching series have, ascending, `__name__` among them.
    default SortedSet<String> labelNames(SelectRequest request) throws IOException {
        SortedSet<String> names = new TreeSet<>();
        try (SeriesSet set = select(request.withoutSamples())) {
            for (int i = 0; i < set.size(); i++) {
                set.labels(i).forEach((name, value) -> names.add(name));
            }
        }
        return names;
    }

    /// Values that label `name` has among matching series, ascending.
    default SortedSet<String> labelValues(String name, SelectRequest request) throws IOException {
        SortedSet<String> values = new TreeSet<>();
        try (SeriesSet set = select(request.withoutSamples())) {
            for (int i = 0; i < set.size(); i++) {
                String value = set.labels(i).get(name);
                if (value != null) {
                    values.add(value);
                }
            }
        }
        return values;
    }

    /// What reading the samples of a request would take; [ReadEstimate#NONE] from a source that
    /// cannot tell.
    default ReadEstimate estimate(SelectRequest request) throws IOException {
        return ReadEstimate.NONE;
    }

    /// A source that holds nothing.
    static SeriesSource empty() {
        return request -> SeriesSet.empty();
    }
}
