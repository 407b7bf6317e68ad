package dev.muster.query.source;

import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import java.util.concurrent.atomic.AtomicLong;

/// The query's budget, and what a single agent may send and take for it.
///
/// The deadline holds while the answer is received: [#chargeFetchedBytes] is called between frames.
/// Samples are decoded later, when it counts no more.
final class AnswerBudget implements ReadBudget {
    private final ReadBudget query;
    private final long limitBytes;
    private final long deadlineNanos;
    private final AtomicLong receivedBytes = new AtomicLong();

    AnswerBudget(ReadBudget query, long limitBytes, long deadlineNanos) {
        this.query = query;
        this.limitBytes = limitBytes;
        this.deadlineNanos = deadlineNanos;
    }

    @Override
    public void chargeSeries(int count) {
        query.chargeSeries(count);
    }

    @Override
    public void chargeSamples(int count) {
        query.chargeSamples(count);
    }

    @Override
    public void chargeFetchedBytes(long bytes) {
        if (receivedBytes.addAndGet(bytes) > limitBytes) {
            throw new BudgetExceededException(
                    "agent-answer-bytes",
                    "query needs more data of one agent than may be held: limitBytes="
                            + limitBytes);
        }
        query.chargeFetchedBytes(bytes);
        if (System.nanoTime() - deadlineNanos > 0) {
            throw new SlowAgentException();
        }
    }

    @Override
    public void chargeMemory(long bytes) {
        query.chargeMemory(bytes);
    }

    @Override
    public void releaseMemory(long bytes) {
        query.releaseMemory(bytes);
    }

    @Override
    public void check() {
        query.check();
    }
}
