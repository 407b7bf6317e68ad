package dev.muster.query.load;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;

/// Collects the heap when it has grown by a quarter of what is in use, so that a node takes memory
/// for what it holds, not all that it may. The serial collector by itself lets the heap grow to its
/// limit before it collects the old generation once.
public final class HeapPace implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HeapPace.class.getName());
    private static final long MEBI = 1 << 20;

    /// What the old generation may grow to before the first collection.
    private static final long FLOOR_BYTES = 48 * MEBI;

    /// What it may grow by, beside a quarter of what is in use.
    private static final long ROOM_BYTES = 8 * MEBI;

    /// Part of the old generation from which on the collector knows best itself.
    private static final double HIGHEST = 0.9;

    private final LoadMetrics metrics;
    private final NotificationListener listener = this::heard;
    private final AtomicBoolean collecting = new AtomicBoolean();
    private volatile boolean closed;

    public HeapPace(LoadMetrics metrics) {
        this.metrics = metrics;
    }

    /// Starts to watch; does nothing on a JVM that does not tell.
    public void start() {
        Optional<MemoryPoolMXBean> pool = pool();
        if (pool.isPresent()
                && ManagementFactory.getMemoryMXBean() instanceof NotificationEmitter emitter) {
            watch(pool.get());
            emitter.addNotificationListener(listener, null, null);
        }
    }

    private static Optional<MemoryPoolMXBean> pool() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool ->
                        pool.getType() == MemoryType.HEAP
                                && pool.isUsageThresholdSupported()
                                && pool.getUsage().getMax() > 0)
                .max(Comparator.comparingLong(pool -> pool.getUsage().getMax()));
    }

    /// How far a generation may grow until it is collected.
    ///
    /// @param usedBytes what is in use after a collection
    /// @param maxBytes the most it may grow to
    static long threshold(long usedBytes, long maxBytes) {
        long paced = Math.max(FLOOR_BYTES, usedBytes + usedBytes / 4 + ROOM_BYTES);
        return Math.min(paced, (long) (maxBytes * HIGHEST));
    }

    private static void watch(MemoryPoolMXBean pool) {
        pool.setUsageThreshold(threshold(pool.getUsage().getUsed(), pool.getUsage().getMax()));
    }

    private void heard(Notification notification, Object handback) {
        if (notification.getType().equals(MemoryNotificationInfo.MEMORY_THRESHOLD_EXCEEDED)
                && collecting.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon(true).name("heap-pace").start(this::collect);
        }
    }

    private void collect() {
        try {
            Optional<MemoryPoolMXBean> pool = pool();
            if (pool.isPresent() && !closed) {
                long before = pool.get().getUsage().getUsed();
                System.gc();
                metrics.paced();
                watch(pool.get());
                LOG.log(
                        System.Logger.Level.DEBUG,
                        () ->
                                "heap collected beforeBytes=%d nextBytes=%d"
                                        .formatted(before, pool.get().getUsageThreshold()));
            }
        } finally {
            collecting.set(false);
        }
    }

    @Override
    public void close() {
        closed = true;
        if (ManagementFactory.getMemoryMXBean() instanceof NotificationEmitter emitter) {
            try {
                emitter.removeNotificationListener(listener);
            } catch (ListenerNotFoundException e) {
                LOG.log(System.Logger.Level.DEBUG, "heap was not watched", e);
            }
        }
    }
}
