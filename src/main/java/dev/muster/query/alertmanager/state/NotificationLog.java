package dev.muster.query.alertmanager.state;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/// Who was last told what, so that nobody is told twice. Thread-safe.
public final class NotificationLog {
    private final BiConsumer<NotificationKey, NotificationEntry> changes;
    private final Map<NotificationKey, NotificationEntry> entries = new ConcurrentHashMap<>();

    /// @param changes is told of what this node notes
    public NotificationLog(BiConsumer<NotificationKey, NotificationEntry> changes) {
        this.changes = changes;
    }

    /// What a receiver was last told of a group.
    public Optional<NotificationEntry> find(NotificationKey key) {
        return Optional.ofNullable(entries.get(key));
    }

    /// Notes what it was told.
    public void put(NotificationKey key, NotificationEntry entry) {
        entries.put(key, entry);
        changes.accept(key, entry);
    }

    /// Keeps what another node has noted, unless something younger is known.
    ///
    /// @return whether it is kept
    public boolean putReplica(NotificationKey key, NotificationEntry entry) {
        AtomicBoolean kept = new AtomicBoolean();
        entries.compute(
                key,
                (same, old) -> {
                    kept.set(old == null || entry.at().isAfter(old.at()));
                    return kept.get() || old == null ? entry : old;
                });
        return kept.get();
    }

    /// All that is known, by key.
    public Map<NotificationKey, NotificationEntry> all() {
        return Map.copyOf(entries);
    }

    /// How many there are.
    public int size() {
        return entries.size();
    }

    /// Forgets what is of no use any more.
    ///
    /// @return how many
    public int collect(Instant now) {
        int before = entries.size();
        entries.values().removeIf(entry -> !entry.expiresAt().isAfter(now));
        return before - entries.size();
    }
}
