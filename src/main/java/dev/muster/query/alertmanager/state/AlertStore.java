package dev.muster.query.alertmanager.state;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// All alerts by fingerprint. Thread-safe.
public final class AlertStore {
    private final int limit;
    private final Map<Long, Alert> alerts = new ConcurrentHashMap<>();
    private final AtomicLong refused = new AtomicLong();

    /// @param limit most alerts that are kept
    public AlertStore(int limit) {
        this.limit = limit;
    }

    /// Keeps an alert that was told of, merged with what is known of it.
    ///
    /// @return what is kept; empty if there are too many
    public Optional<Alert> put(Alert alert, Instant now) {
        if (full(alert)) {
            return Optional.empty();
        }
        return Optional.of(
                alerts.merge(
                        alert.fingerprint(),
                        alert,
                        (old, young) -> young.overlaps(old) ? old.merge(young, now) : young));
    }

    /// Keeps an alert that another node has told of, unless something younger is known.
    ///
    /// @return whether it is kept
    public boolean putReplica(Alert alert) {
        if (full(alert)) {
            return false;
        }
        AtomicBoolean kept = new AtomicBoolean();
        alerts.compute(
                alert.fingerprint(),
                (key, old) -> {
                    kept.set(old == null || alert.updatedAt().isAfter(old.updatedAt()));
                    return kept.get() || old == null ? alert : old;
                });
        return kept.get();
    }

    private boolean full(Alert alert) {
        if (alerts.size() >= limit && !alerts.containsKey(alert.fingerprint())) {
            refused.incrementAndGet();
            return true;
        }
        return false;
    }

    /// The alert of a fingerprint.
    public Optional<Alert> find(long fingerprint) {
        return Optional.ofNullable(alerts.get(fingerprint));
    }

    /// All that are kept now, in no order.
    public Collection<Alert> all() {
        return List.copyOf(alerts.values());
    }

    /// How many are kept.
    public int size() {
        return alerts.size();
    }

    /// Alerts that were refused because there are too many.
    public long refused() {
        return refused.get();
    }

    /// Forgets alerts that had ended at this time.
    ///
    /// @return those
    public List<Alert> collect(Instant time) {
        List<Alert> gone = new ArrayList<>();
        for (Alert alert : alerts.values()) {
            if (alert.resolvedAt(time) && alerts.remove(alert.fingerprint(), alert)) {
                gone.add(alert);
            }
        }
        return gone;
    }
}
