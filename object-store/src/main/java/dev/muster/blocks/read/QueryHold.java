package dev.muster.blocks.read;

import dev.muster.model.series.ReadBudget;
import java.util.concurrent.atomic.AtomicLong;

/// Memory of the decoded pages that one query holds on to until it ends, so that each is decoded
/// once however many series have rows there. Charged to the query, and within a limit for all
/// queries together. Thread-safe.
final class QueryHold {
    private final AtomicLong ofAll;
    private final long limitBytes;
    private final ReadBudget budget;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong planBytes = new AtomicLong();

    /// @param ofAll what all queries hold
    /// @param limitBytes most of that; passed by less than a page for each thread
    QueryHold(AtomicLong ofAll, long limitBytes, ReadBudget budget) {
        this.ofAll = ofAll;
        this.limitBytes = limitBytes;
        this.budget = budget;
    }

    boolean hasRoom() {
        return ofAll.get() < limitBytes;
    }

    void take(long more) {
        bytes.addAndGet(more);
        ofAll.addAndGet(more);
        budget.chargeMemory(more);
    }

    /// Charges what the query must know of a block to read it: which rows, where they are.
    void plan(long more) {
        planBytes.addAndGet(more);
        budget.chargeMemory(more);
    }

    /// Stops a query that must stop.
    void check() {
        budget.check();
    }

    /// What was taken is no longer held; may be called again.
    void release() {
        long held = bytes.getAndSet(0);
        ofAll.addAndGet(-held);
        budget.releaseMemory(held + planBytes.getAndSet(0));
    }
}
