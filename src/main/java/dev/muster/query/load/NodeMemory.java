package dev.muster.query.load;

import dev.muster.model.series.BudgetExceededException;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// The memory that all running queries may hold together. When there is too little, the query that
/// holds most goes, among equals the least urgent: a small one is not refused because of a large
/// one. Thread-safe.
public final class NodeMemory {
    /// The name of the limit.
    public static final String LIMIT = "node-memory";

    /// Urgent queries may hold so many times as much before they are taken for the largest.
    private static final long URGENT_WEIGHT = 2;

    private final long limitBytes;

    /// What may be held while the largest query is still on its way out.
    private final long hardLimitBytes;

    private final AtomicLong heldBytes = new AtomicLong();
    private final Set<Consumer> consumers = ConcurrentHashMap.newKeySet();

    public NodeMemory(long limitBytes) {
        if (limitBytes <= 0) {
            throw new IllegalArgumentException(
                    "node memory must be positive: max-node-memory=" + limitBytes);
        }
        this.limitBytes = limitBytes;
        hardLimitBytes = limitBytes + limitBytes / 4;
    }

    public long limitBytes() {
        return limitBytes;
    }

    public long heldBytes() {
        return heldBytes.get();
    }

    /// A query begins.
    public void join(Consumer consumer) {
        consumers.add(consumer);
    }

    /// A query has ended.
    ///
    /// @param bytes that it had not given back
    public void leave(Consumer consumer, long bytes) {
        consumers.remove(consumer);
        heldBytes.addAndGet(-bytes);
    }

    /// Memory that a query holds from now on, whatever this throws; it counts until it is released.
    ///
    /// @throws BudgetExceededException if the query must stop
    public void reserve(Consumer consumer, long bytes) {
        long held = heldBytes.addAndGet(bytes);
        if (held <= limitBytes) {
            return;
        }
        Consumer largest = largest().orElse(consumer);
        if (largest.equals(consumer) || held > hardLimitBytes) {
            throw new BudgetExceededException(LIMIT, message());
        }
        largest.stop(LIMIT, message());
    }

    public void release(long bytes) {
        heldBytes.addAndGet(-bytes);
    }

    /// Stops the query that holds most.
    ///
    /// @return whether there was one
    boolean stopLargest(String limit, String why) {
        Optional<Consumer> largest = largest();
        largest.ifPresent(consumer -> consumer.stop(limit, why));
        return largest.isPresent();
    }

    private Optional<Consumer> largest() {
        return consumers.stream()
                .filter(consumer -> weight(consumer) > 0)
                .max(Comparator.comparingLong(NodeMemory::weight));
    }

    private static long weight(Consumer consumer) {
        long bytes = consumer.usage().memoryBytes();
        return consumer.priority() == Priority.RULES ? bytes / URGENT_WEIGHT : bytes;
    }

    private String message() {
        return "queries must not hold more memory together than max-node-memory="
                + limitBytes
                + ": this one holds most";
    }
}
