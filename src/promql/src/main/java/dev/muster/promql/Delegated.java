package dev.muster.promql;

import java.util.List;

/// What is asked of places that answer an operator, and all below it, for their own series.
///
/// @param query what they are asked, as PromQL
/// @param steps how many of the operator's steps they answer: the last ones; those before are
///   evaluated here
/// @param parts who is asked
public record Delegated(String query, int steps, List<Work> parts) {
    public Delegated {
        parts = List.copyOf(parts);
    }

    /// One of those who are asked.
    ///
    /// @param part its name
    /// @param nanos until its answer was whole; 0 where it was not asked yet, as all the rest
    /// @param series it has found
    /// @param samples it has decoded
    /// @param rows it has sent
    public record Work(String part, long nanos, long series, long samples, long rows) {}
}
