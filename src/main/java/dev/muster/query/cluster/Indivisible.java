package dev.muster.query.cluster;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Expressions whose series turned out not to be divisible, so that they are not tried again for a
/// while. Thread-safe.
final class Indivisible {
    private static final int LIMIT = 1_000;
    private static final long KEPT_NANOS = Duration.ofMinutes(10).toNanos();

    private final Map<String, Long> since = new LinkedHashMap<>();

    synchronized void add(String expr) {
        since.remove(expr);
        since.put(expr, System.nanoTime());
        if (since.size() > LIMIT) {
            since.remove(since.keySet().iterator().next());
        }
    }

    synchronized boolean contains(String expr) {
        Long added = since.get(expr);
        if (added != null && System.nanoTime() - added > KEPT_NANOS) {
            since.remove(expr);
            return false;
        }
        return added != null;
    }
}
