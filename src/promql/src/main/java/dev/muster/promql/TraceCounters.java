package dev.muster.promql;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// What one operator has done so far, on all threads. Thread-safe.
public final class TraceCounters {
    private final LongAdder selfNanos = new LongAdder();
    private final LongAdder calls = new LongAdder();
    private final LongAdder seriesRead = new LongAdder();
    private final LongAdder seriesGiven = new LongAdder();
    private final LongAdder samples = new LongAdder();
    private final LongAdder fetchedBytes = new LongAdder();
    private final AtomicLong memoryBytes = new AtomicLong();
    private final AtomicLong peakMemoryBytes = new AtomicLong();
    private volatile @Nullable Delegated delegated;
    private final Set<Long> workers = ConcurrentHashMap.newKeySet();

    TraceCounters() {}

    void called(long threadId) {
        calls.increment();
        workers.add(threadId);
    }

    void worked(long nanos) {
        selfNanos.add(nanos);
    }

    void gave() {
        seriesGiven.increment();
    }

    void readSeries(int count) {
        seriesRead.add(count);
    }

    void readSamples(int count) {
        samples.add(count);
    }

    void fetched(long bytes) {
        fetchedBytes.add(bytes);
    }

    void memory(long bytes) {
        long now = memoryBytes.addAndGet(bytes);
        if (bytes > 0) {
            peakMemoryBytes.accumulateAndGet(now, Math::max);
        }
    }

    void delegated(@Nullable Delegated to) {
        delegated = to;
    }

    /// Who answers it, or has answered, in place of the operators below; empty where nobody is
    /// asked.
    public Optional<Delegated> delegated() {
        return Optional.ofNullable(delegated);
    }

    /// Time in this operator without the ones below it, of all its threads together.
    public long selfNanos() {
        return selfNanos.sum();
    }

    /// How often it was evaluated, more than once where its work was shared.
    public long calls() {
        return calls.sum();
    }

    /// Series that it found in the sources.
    public long seriesRead() {
        return seriesRead.sum();
    }

    /// Series that it passed on.
    public long seriesGiven() {
        return seriesGiven.sum();
    }

    /// Samples that it decoded.
    public long samples() {
        return samples.sum();
    }

    /// Bytes that were fetched for it.
    public long fetchedBytes() {
        return fetchedBytes.sum();
    }

    /// Most tracked memory that it held at one time.
    public long peakMemoryBytes() {
        return peakMemoryBytes.get();
    }

    /// Threads that worked for it.
    public int workers() {
        return workers.size();
    }
}
