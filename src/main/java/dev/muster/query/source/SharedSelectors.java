package dev.muster.query.source;

import dev.muster.promql.part.PartSelector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/// Selectors that found a series which is not its agent's own, so that parts cannot answer them:
/// agents are not asked for parts of them for some time. Thread-safe.
final class SharedSelectors {
    private static final int LIMIT = 1_000;
    private static final long KEPT_MS = 600_000;

    private final LongSupplier millis;

    /// Until when, by matchers; the one that is not used for longest goes first.
    private final Map<String, Long> untilMs =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                    return size() > LIMIT;
                }
            };

    SharedSelectors(LongSupplier millis) {
        this.millis = millis;
    }

    synchronized void add(List<PartSelector> selectors) {
        for (PartSelector selector : selectors) {
            untilMs.put(key(selector), millis.getAsLong() + KEPT_MS);
        }
    }

    synchronized boolean hasAny(List<PartSelector> selectors) {
        for (PartSelector selector : selectors) {
            Long until = untilMs.get(key(selector));
            if (until != null && millis.getAsLong() < until) {
                return true;
            }
        }
        return false;
    }

    private static String key(PartSelector selector) {
        return selector.matchers().toString();
    }
}
