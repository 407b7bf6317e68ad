package dev.muster.promql.part;

import dev.muster.model.series.Completeness;
import java.io.IOException;

/// Takes the answer of one part. Used by one thread at a time.
///
/// Every method may throw a [dev.muster.model.series.BudgetExceededException], which is to be let
/// through.
public interface PartSink {
    /// A series, or the state of a group; in any order.
    ///
    /// @param series valid until the call returns: what is kept must be copied
    /// @throws IOException if it cannot be passed on, or is not what the query makes
    void series(PartSeries series) throws IOException;

    /// Something that must be said of the answer.
    void remark(PartRemark remark) throws IOException;

    /// How much of what should have answered the part did, as far as it knows; more than once, to
    /// be added up, or not at all: then the part counts as one that is whole, or missing where it
    /// says so.
    default void completeness(Completeness part) throws IOException {}

    /// What the part has read for this, more than once or not at all.
    ///
    /// @param series found by all selectors, at least 0
    /// @param samples decoded, at least 0
    void spent(long series, long samples) throws IOException;
}
