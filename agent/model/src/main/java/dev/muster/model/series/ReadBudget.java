package dev.muster.model.series;

/// What one query may still read. Sources charge it as they go, so that a query over its limit
/// stops early and one whose client has left stops at once. Thread-safe: the readers of one set
/// share it.
///
/// Every method throws [BudgetExceededException] when the query must stop; sources let it pass.
public interface ReadBudget {
    /// Reads all there is.
    ReadBudget UNLIMITED =
            new ReadBudget() {
                @Override
                public void chargeSeries(int count) {}

                @Override
                public void chargeSamples(int count) {}

                @Override
                public void chargeFetchedBytes(long bytes) {}

                @Override
                public void check() {}
            };

    /// Series found, before their samples are read.
    void chargeSeries(int count);

    /// Samples decoded; at most some thousands between two calls.
    void chargeSamples(int count);

    /// Bytes read from object storage or received from an agent, before they are read where the
    /// size is known.
    void chargeFetchedBytes(long bytes);

    /// Memory that is held from now on for this query: columns, series found, answers received.
    /// Rough counts do, so that many small things may be charged at once.
    default void chargeMemory(long bytes) {}

    /// Memory that was charged and is no longer held. What is held to the end of the query need not
    /// be released.
    default void releaseMemory(long bytes) {}

    /// What is left of all limits together, as far as they are known here: for those who are asked
    /// to answer a part of the query.
    default ReadAllowance allowance() {
        return ReadAllowance.UNLIMITED;
    }

    /// Called between steps of long work that reads nothing.
    void check();
}
