package dev.muster.query.alertmanager.state;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Values by who they are of; of two of the same key one is made, the same whichever comes first.
/// Thread-safe.
///
/// @param <V> a value
final class Converging<V> {
    private final BinaryOperator<V> rule;
    private final Map<NotificationKey, V> values = new ConcurrentHashMap<>();

    /// @param rule makes one value of the one that is known and another; answers the known one
    ///   where the other brings nothing
    Converging(BinaryOperator<V> rule) {
        this.rule = rule;
    }

    Optional<V> find(NotificationKey key) {
        return Optional.ofNullable(values.get(key));
    }

    void put(NotificationKey key, V value) {
        values.put(key, value);
    }

    /// What follows upon the value that is known.
    V next(NotificationKey key, Function<Optional<V>, V> after) {
        @Nullable V next =
                values.compute(key, (same, old) -> after.apply(Optional.ofNullable(old)));
        return next == null ? after.apply(Optional.empty()) : next;
    }

    /// Takes another value in.
    ///
    /// @return whether it brought anything
    boolean offer(NotificationKey key, V value) {
        AtomicBoolean kept = new AtomicBoolean();
        values.compute(
                key,
                (same, old) -> {
                    V now = old == null ? value : rule.apply(old, value);
                    kept.set(!now.equals(old));
                    return now;
                });
        return kept.get();
    }

    /// All of them; may be taken from.
    Map<NotificationKey, V> all() {
        return values;
    }
}
