package dev.muster.query.alertmanager.state;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Who was last told what, so that nobody is told twice. Thread-safe.
public final class NotificationLog {
    private final String node;
    private final BiConsumer<NotificationKey, NotificationEntry> changes;
    private final Converging<NotificationEntry> entries =
            new Converging<>(NotificationEntry::merged);

    /// @param node name of this node
    /// @param changes is told of what this node notes
    public NotificationLog(String node, BiConsumer<NotificationKey, NotificationEntry> changes) {
        this.node = node;
        this.changes = changes;
    }

    /// What a receiver was last told of a group.
    public Optional<NotificationEntry> find(NotificationKey key) {
        return entries.find(key);
    }

    /// Notes what it was told.
    ///
    /// @param told by this node
    public void put(NotificationKey key, Told told) {
        changes.accept(
                key, entries.next(key, before -> NotificationEntry.after(before, node, told)));
    }

    /// Takes in what another node has noted.
    ///
    /// @return whether it was news
    public boolean putReplica(NotificationKey key, NotificationEntry entry) {
        return entries.offer(key, entry);
    }

    /// All that is known, by key.
    public Map<NotificationKey, NotificationEntry> all() {
        return Map.copyOf(entries.all());
    }

    /// How many there are.
    public int size() {
        return entries.all().size();
    }

    /// Forgets what is of no use any more.
    ///
    /// @return how many
    public int collect(Instant now) {
        int before = entries.all().size();
        entries.all().values().removeIf(entry -> !entry.expiresAt().isAfter(now));
        return before - entries.all().size();
    }
}
