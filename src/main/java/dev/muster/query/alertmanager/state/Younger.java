package dev.muster.query.alertmanager.state;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/// Values by who they are of; of two of the same key the younger holds, whichever comes first.
/// Thread-safe.
///
/// @param <V> a value that has a time
final class Younger<V> {
    private final Function<V, Instant> at;
    private final Map<NotificationKey, V> values = new ConcurrentHashMap<>();

    Younger(Function<V, Instant> at) {
        this.at = at;
    }

    Optional<V> find(NotificationKey key) {
        return Optional.ofNullable(values.get(key));
    }

    void put(NotificationKey key, V value) {
        values.put(key, value);
    }

    /// Keeps a value unless one as young is known.
    ///
    /// @return whether it is kept
    boolean offer(NotificationKey key, V value) {
        AtomicBoolean kept = new AtomicBoolean();
        values.compute(
                key,
                (same, old) -> {
                    kept.set(old == null || at.apply(value).isAfter(at.apply(old)));
                    return kept.get() || old == null ? value : old;
                });
        return kept.get();
    }

    /// All of them; may be taken from.
    Map<NotificationKey, V> all() {
        return values;
    }
}
