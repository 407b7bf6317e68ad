package dev.muster.query.source;

import dev.muster.model.time.TimeRange;
import dev.muster.promql.part.PartSelector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Selectors that found a series which is not its agent's own, so that parts cannot answer them:
/// for some time agents are not asked for parts of them where they need the time in which agents
/// had series of others. Thread-safe.
final class SharedSelectors {
    private static final int LIMIT = 1_000;
    private static final long KEPT_MS = 600_000;

    private final LongSupplier millis;

    /// @param concerned the time that has series of others
    /// @param untilMs when it is tried again
    private record Shared(TimeRange concerned, long untilMs) {}

    /// By matchers; the one that is not used for longest goes first.
    private final Map<String, Shared> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Shared> eldest) {
                    return size() > LIMIT;
                }
            };

    SharedSelectors(LongSupplier millis) {
        this.millis = millis;
    }

    /// @param concerned the time that the agent has series of others in; empty if it is not known,
    ///   so that it may be any
    synchronized void add(List<PartSelector> selectors, Optional<TimeRange> concerned) {
        long nowMs = millis.getAsLong();
        TimeRange now = concerned.orElse(new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE));
        for (PartSelector selector : selectors) {
            String key = key(selector);
            Shared before = known.get(key);
            TimeRange all =
                    before == null || nowMs >= before.untilMs
                            ? now
                            : new TimeRange(
                                    Math.min(now.startMs(), before.concerned.startMs()),
                                    Math.max(now.endMs(), before.concerned.endMs()));
            known.put(key, new Shared(all, nowMs + KEPT_MS));
        }
    }

    synchronized boolean hasAny(List<PartSelector> selectors) {
        for (PartSelector selector : selectors) {
            Shared shared = known.get(key(selector));
            if (shared != null
                    && millis.getAsLong() < shared.untilMs
                    && shared.concerned.startMs() < selector.range().endMs()
                    && selector.range().startMs() < shared.concerned.endMs()) {
                return true;
            }
        }
        return false;
    }

    private static String key(PartSelector selector) {
        return selector.matchers().toString();
    }
}
