package dev.muster.query.alertmanager.state;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/// Which receivers are about to be told. Thread-safe.
public final class Intents {
    /*
     * An intent is open from before a receiver is told until it is known whether it was: until it is noted that it was told of all this, no
     * earlier than the intent, or the same node closes it. While it is neither closed nor anything is noted since, it is under way: by a node
     * that lives, which others leave to it, or by one that died or is cut off. One that this run took over from another run stays in doubt
     * until all that the other may have told is noted.
     */
    private static final Duration USEFUL = Duration.ofHours(24);

    private final String node;
    private final long run;
    private final BiConsumer<NotificationKey, Intent> changes;
    private final Converging<Intent> intents =
            new Converging<>((one, other) -> other.at().isAfter(one.at()) ? other : one);

    /// @param node name of this node
    /// @param run tells this run of it from others
    /// @param changes is told of what this node intends
    public Intents(String node, long run, BiConsumer<NotificationKey, Intent> changes) {
        this.node = node;
        this.run = run;
        this.changes = changes;
    }

    /// What the receiver may have been told by another run of a node, for all that is known.
    ///
    /// @param noted what the receiver was last told
    public Optional<Intent> doubt(NotificationKey key, Optional<NotificationEntry> noted) {
        return intents.find(key)
                .filter(intent -> intent.open() && !(isOwn(intent) && intent.isUnderWay(noted)))
                .filter(intent -> noted.isEmpty() || !intent.isNotedBy(noted.get()));
    }

    /// What the receiver is being told now, or may have been told by a node that died with it.
    ///
    /// @param noted what the receiver was last told
    public Optional<Intent> underWay(NotificationKey key, Optional<NotificationEntry> noted) {
        return intents.find(key).filter(intent -> intent.isUnderWay(noted));
    }

    /// Whether it is of this run.
    public boolean isOwn(Intent intent) {
        return intent.run() == run;
    }

    /// This node is about to tell a receiver.
    ///
    /// @param firing fingerprints of those that it tells of and that fire
    /// @param another what is in doubt: the receiver may have been told of more
    /// @param noted what the receiver was last told
    public void open(
            NotificationKey key,
            Set<Long> firing,
            Optional<Intent> another,
            Optional<NotificationEntry> noted,
            Instant now) {
        Set<Long> all = new HashSet<>(firing);
        another.ifPresent(intent -> all.addAll(intent.firing()));
        put(key, new Intent(after(key, noted, now), node, run, true, all));
    }

    /// This node knows that the receiver was not told.
    public void close(NotificationKey key, Instant now) {
        put(key, new Intent(after(key, Optional.empty(), now), node, run, false, Set.of()));
    }

    /// What is noted from now on is less than what was told, and leaves nothing in doubt.
    ///
    /// @param noted what the receiver was last told
    public void forget(NotificationKey key, Optional<NotificationEntry> noted, Instant now) {
        if (intents.find(key)
                .filter(intent -> intent.open() && noted.filter(intent::isNotedBy).isPresent())
                .isPresent()) {
            close(key, now);
        }
    }

    /// A time for what is said now: later than all that is known, whatever the clocks of nodes say.
    ///
    /// @param noted what the receiver was last told
    public Instant after(NotificationKey key, Optional<NotificationEntry> noted, Instant now) {
        return Stream.concat(
                        intents.find(key).map(Intent::at).stream(),
                        noted.map(NotificationEntry::at).stream())
                .map(known -> known.plusNanos(1_000))
                .filter(now::isBefore)
                .max(Comparator.naturalOrder())
                .orElse(now);
    }

    private void put(NotificationKey key, Intent intent) {
        intents.put(key, intent);
        changes.accept(key, intent);
    }

    /// Keeps what another node says, unless something younger is known.
    ///
    /// @return whether it is kept
    public boolean putReplica(NotificationKey key, Intent intent) {
        return intents.offer(key, intent);
    }

    /// Those that are open and younger than what was noted.
    public Map<NotificationKey, Intent> open(NotificationLog log) {
        Map<NotificationKey, Intent> open = new ConcurrentHashMap<>();
        intents.all()
                .forEach((key, intent) -> {
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
        intents.all()
                .entrySet()
                .removeIf(entry ->
                        entry.getValue().at().plus(USEFUL).isBefore(now)
                                || (!open.containsKey(entry.getKey())
                                        && entry.getValue()
                                                .at()
                                                .plus(Duration.ofMinutes(10))
                                                .isBefore(now)));
    }
}
