package dev.muster.query.alertmanager.state;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/// Who was last told what, so that nobody is told twice. Thread-safe.
public final class NotificationLog {
    /*
     * The younger of two notes holds: what a receiver was told last. Where two nodes told it shortly one after the other, each what it knew
     * (the first died before the second had heard of it), the younger lacks some that the other had. They are told again, as nobody knows
     * whether they had ended meanwhile; but whoever does may say that it has been before.
     */
    private static final Duration SHORTLY = Duration.ofMinutes(2);

    private final BiConsumer<NotificationKey, NotificationEntry> changes;
    private final Younger<NotificationEntry> entries = new Younger<>(NotificationEntry::at);

    /// What receivers were told shortly before what is noted, and is not in it.
    private final Map<NotificationKey, Set<Long>> overtaken = new ConcurrentHashMap<>();

    /// @param changes is told of what this node notes
    public NotificationLog(BiConsumer<NotificationKey, NotificationEntry> changes) {
        this.changes = changes;
    }

    /// What a receiver was last told of a group.
    public Optional<NotificationEntry> find(NotificationKey key) {
        return entries.find(key);
    }

    /// Notes what it was told.
    public void put(NotificationKey key, NotificationEntry entry) {
        entries.put(key, entry);
        overtaken.remove(key);
        changes.accept(key, entry);
    }

    /// Keeps what another node has noted, unless something younger is known.
    ///
    /// @return whether it is kept
    public boolean putReplica(NotificationKey key, NotificationEntry entry) {
        Optional<NotificationEntry> before = entries.find(key);
        boolean kept = entries.offer(key, entry);
        if (before.isPresent()) {
            overtook(key, kept ? before.get() : entry, kept ? entry : before.get());
        }
        return kept;
    }

    private void overtook(NotificationKey key, NotificationEntry older, NotificationEntry younger) {
        Set<Long> left = new HashSet<>(older.firing());
        left.removeAll(younger.firing());
        left.removeAll(younger.resolved());
        if (!left.isEmpty() && !older.at().plus(SHORTLY).isBefore(younger.at())) {
            overtaken.merge(
                    key,
                    left,
                    (some, others) -> {
                        Set<Long> both = new HashSet<>(some);
                        both.addAll(others);
                        return both;
                    });
        }
    }

    /// Whether a receiver may have been told of some of these by a node that was overtaken by
    /// another.
    ///
    /// @param firing fingerprints of those that fire
    public boolean maybeTold(NotificationKey key, Set<Long> firing) {
        Set<Long> told = overtaken.get(key);
        return told != null && !Collections.disjoint(told, firing);
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
        overtaken.keySet().removeIf(key -> entries.find(key).isEmpty());
        return before - entries.all().size();
    }
}
