package dev.muster.query.load;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Comparator;
import java.util.Optional;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;

/// Stops the largest query when the heap is nearly full although it was collected: a query may hold
/// what nobody counts, and the node must outlive it. The budgets stop nearly all others before.
public final class HeapGuard implements AutoCloseable {
    /// The name of the limit.
    public static final String LIMIT = "heap";

    private static final System.Logger LOG = System.getLogger(HeapGuard.class.getName());

    /// Part of the heap that may be in use after a collection.
    private static final double FULL = 0.88;

    private final NodeMemory memory;
    private final LoadMetrics metrics;
    private final NotificationListener listener = this::heard;

    public HeapGuard(NodeMemory memory, LoadMetrics metrics) {
        this.memory = memory;
        this.metrics = metrics;
    }

    /// Starts to watch; does nothing on a JVM that does not tell.
    public void start() {
        Optional<MemoryPoolMXBean> pool = largestPool();
        if (pool.isPresent()
                && ManagementFactory.getMemoryMXBean() instanceof NotificationEmitter emitter) {
            long maxBytes = Math.max(1, pool.get().getUsage().getMax());
            pool.get().setCollectionUsageThreshold((long) (maxBytes * FULL));
            emitter.addNotificationListener(listener, null, null);
        }
    }

    private static Optional<MemoryPoolMXBean> largestPool() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool ->
                        pool.getType() == MemoryType.HEAP
                                && pool.isCollectionUsageThresholdSupported())
                .max(Comparator.comparingLong(pool -> pool.getUsage().getMax()));
    }

    private void heard(Notification notification, Object handback) {
        if (notification
                .getType()
                .equals(MemoryNotificationInfo.MEMORY_COLLECTION_THRESHOLD_EXCEEDED)) {
            relieve();
        }
    }

    /// Stops the largest query, if there is one.
    void relieve() {
        boolean any =
                memory.stopLargest(
                        LIMIT, "the heap of the query node is full: this query holds most");
        if (any) {
            metrics.limited(LIMIT);
            LOG.log(
                    System.Logger.Level.WARNING,
                    () ->
                            "heap is full, the largest query was stopped heldBytes="
                                    + memory.heldBytes());
        }
    }

    @Override
    public void close() {
        if (ManagementFactory.getMemoryMXBean() instanceof NotificationEmitter emitter) {
            try {
                emitter.removeNotificationListener(listener);
            } catch (ListenerNotFoundException e) {
                LOG.log(System.Logger.Level.DEBUG, "heap was not watched", e);
            }
        }
    }
}
