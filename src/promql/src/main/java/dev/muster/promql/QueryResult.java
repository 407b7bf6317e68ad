package dev.muster.promql;

import dev.muster.model.series.Completeness;
import java.util.List;

/// An answer with what must be said of it.
///
/// @param value the answer
/// @param warnings the answer may be wrong or is not whole; texts as Prometheus prints them
/// @param infos the answer may not be what was meant; texts as Prometheus prints them
/// @param completeness how much of what should have answered did
/// @param whole whether no source said that something is missing
/// @param stats what it has cost
public record QueryResult(
        QueryValue value,
        List<String> warnings,
        List<String> infos,
        Completeness completeness,
        boolean whole,
        QueryStats stats) {
    public QueryResult {
        warnings = List.copyOf(warnings);
        infos = List.copyOf(infos);
    }
}
