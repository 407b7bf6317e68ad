package dev.muster.promql.part;

import dev.muster.model.series.ReadBudget;
import java.io.IOException;

/// A place that can answer a [PartQuery] for its own series: an agent, another query node.
/// Thread-safe.
public interface Part {
    /// Names it in warnings and logs, such as `agent host=a1`.
    String name();

    /// Asks and blocks until the whole answer went into the sink. Called on a thread of its own,
    /// which is interrupted when the answer is no longer wanted: it must then stop asking and throw
    /// at once.
    ///
    /// A part that cannot answer has two ways out. It says so with a [PartRemark.Level#STORAGE]
    /// remark and returns: the query's answer is then without its series, with that warning. Or it
    /// throws an [IOException]: the engine then drops what *all* parts have answered and evaluates
    /// these steps with `select` instead.
    ///
    /// @param query with the steps that are wanted
    /// @param sink takes the answer; used by one thread at a time
    /// @param budget to charge with the bytes fetched, and to ask whether to go on; series and
    ///   samples are charged by [PartSink#spent]
    /// @throws PartException if the query itself cannot be answered; it then fails
    /// @throws IOException if this part cannot answer
    void ask(PartQuery query, PartSink sink, ReadBudget budget) throws IOException;
}
