package dev.muster.model.merge;

import dev.muster.model.series.Completeness;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSource;
import java.io.IOException;
import java.util.List;
import java.util.SortedSet;

/// A source that says of names and values, too, what is missing from them. Thread-safe.
public interface QuerySource extends SeriesSource {
    /// Names or values, and what is missing.
    ///
    /// @param texts ascending
    /// @param warnings as those of a series set
    /// @param completeness as that of a series set
    record Texts(SortedSet<String> texts, List<String> warnings, Completeness completeness) {
        public Texts {
            warnings = List.copyOf(warnings);
        }
    }

    /// As [#labelNames], with warnings.
    Texts names(SelectRequest request) throws IOException;

    /// As [#labelValues], with warnings.
    Texts values(String name, SelectRequest request) throws IOException;
}
