package dev.muster.query.alertmanager.state;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/// Which receivers are about to be told. Thread-safe.
public final class Intents {
    /*
     * An intent is open from before a receiver is told until it is known whether it was: until it is noted that it was told of all this, later
     * than the intent, or the same node closes it. An open one of another run is that of a node that died, or is cut off.
     */
    private static final Duration USEFUL = Duration.ofHours(24);

    private final String node;
    private final long run;
    private final BiConsumer<NotificationKey, Intent> changes;
    private final Map<NotificationKey, Intent> intents = new ConcurrentHashMap<>();

    /// @param node name of this node
    /// @param run tells this run of it from others
    /// @param changes is told of what this node intends
    public Intents(String node, long run, BiConsumer<NotificationKey, Intent> changes) {
        this.node = node;
        this.run = run;
        this.changes = changes;
    }

    /// The open intent of another run, if there is one that is younger than what was noted.
    ///
    /// @param noted what the receiver was last told
    public Optional<Intent> ofAnother(NotificationKey key, Optional<NotificationEntry> noted) {
        return Optional.ofNullable(intents.get(key))
                .filter(intent -> intent.open() && intent.run() != run)
                .filter(intent -> noted.isEmpty() || !intent.isNotedBy(noted.get()));
    }

    /// This node is about to tell a receiver.
    ///
    /// @param firing fingerprints of those that it tells of and that fire
    /// @param another the open intent of another run, which may have told of more
    public void open(NotificationKey key, Set<Long> firing, Optional<Intent> another, Instant now) {
        Set<Long> all = new HashSet<>(firing);
        another.ifPresent(intent -> all.addAll(intent.firing()));
        put(key, new Intent(after(key, now), node, run, true, all));
    }

    /// This node knows that the receiver was not told.
    public void close(NotificationKey key, Instant now) {
        put(key, new Intent(after(key, now), node, run, false, Set.of()));
    }

    /// Younger than the one that is known, whatever the clocks of nodes say.
    private Instant after(NotificationKey key, Instant now) {
        Intent known = intents.get(key);
        return known == null || known.at().isBefore(now) ? now : known.at().plusNanos(1_000);
    }

    private void put(NotificationKey key, Intent intent) {
        intents.put(key, intent);
        changes.accept(key, intent);
    }

    /// Keeps what another node says, unless something younger is known.
    ///
    /// @return whether it is kept
    public boolean putReplica(NotificationKey key, Intent intent) {
        AtomicBoolean kept = new AtomicBoolean();
        intents.compute(
                key,
                (same, old) -> {
                    kept.set(old == null || intent.at().isAfter(old.at()));
                    return kept.get() || old == null ? intent : old;
                });
        return kept.get();
    }

    /// Those that are open and younger than what was noted.
    public Map<NotificationKey, Intent> open(NotificationLog log) {
        Map<NotificationKey, Intent> open = new ConcurrentHashMap<>();
        intents.forEach((key, intent) -> {
            boolean noted = log.find(key).map(intent::isNotedBy).orElse(false);
            if (intent.open() && !noted) {
                open.put(key, intent);
            }
        });
        return open;
    }

    /// Forgets what is of no use any more.
    public void collect(NotificationLog log, Instant now) {
        Map<NotificationKey, Intent> open = open(log);
        intents.entrySet()
                .removeIf(entry ->
                        entry.getValue().at().plus(USEFUL).isBefore(now)
                                || (!open.containsKey(entry.getKey())
                                        && entry.getValue()
                                                .at()
                                                .plus(Duration.ofMinutes(10))
                                                .isBefore(now)));
    }
}
