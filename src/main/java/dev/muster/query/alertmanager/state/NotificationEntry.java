package dev.muster.query.alertmanager.state;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a receiver was last told of a group.
///
/// @param at when
/// @param expiresAt until when it is of use
/// @param firing fingerprints of those that fired
/// @param resolved fingerprints of those that had ended
/// @param knows by node the last of its notes that is in this one
/// @param earlier fingerprints of those that it was told of before, and when, by nodes that knew of
///   alerts that the one that told it last did not know
public record NotificationEntry(
        Instant at,
        Instant expiresAt,
        Set<Long> firing,
        Set<Long> resolved,
        Map<String, Instant> knows,
        Map<Long, Instant> earlier) {
    /*
     * Each note builds on the one that its node knew: it holds alone where it knows all that the other knows. Two that do not know of each
     * other are made by nodes that did not hear each other, or one of which died before it was heard; then the receiver was told of both,
     * and of an alert that is in the older only it is kept when that was: one that began later is to be told.
     */
    private static final Duration EARLIER_USEFUL = Duration.ofHours(1);

    public NotificationEntry {
        firing = Set.copyOf(firing);
        resolved = Set.copyOf(resolved);
        knows = knows.isEmpty() ? Map.of("", at) : Map.copyOf(knows);
        earlier = Map.copyOf(earlier);
    }

    /// One of a node that does not say which others it builds on.
    public NotificationEntry(Instant at, Instant expiresAt, Set<Long> firing, Set<Long> resolved) {
        this(at, expiresAt, firing, resolved, Map.of(), Map.of());
    }

    /// What a node notes after it has told a receiver.
    static NotificationEntry after(Optional<NotificationEntry> before, String node, Told told) {
        Map<String, Instant> knows = new HashMap<>();
        Map<Long, Instant> earlier = new HashMap<>();
        before.ifPresent(last -> {
            knows.putAll(last.knows);
            earlier.putAll(last.all());
        });
        knows.put(node, told.at());
        earlier.keySet().removeAll(told.firing());
        earlier.keySet().removeAll(told.resolved());
        earlier.keySet().removeIf(told.known()::test);
        earlier.values().removeIf(at -> at.plus(EARLIER_USEFUL).isBefore(told.at()));
        return new NotificationEntry(
                told.at(), told.expiresAt(), told.firing(), told.resolved(), knows, earlier);
    }

    /// What is known from this and another together.
    NotificationEntry merged(NotificationEntry other) {
        if (covers(other)) {
            return this;
        }
        if (other.covers(this)) {
            return other;
        }
        boolean isYounger = at.isAfter(other.at) || (at.equals(other.at) && order(other) > 0);
        NotificationEntry younger = isYounger ? this : other;
        NotificationEntry older = isYounger ? other : this;
        Map<String, Instant> both = new HashMap<>(knows);
        other.knows.forEach((node, time) -> both.merge(node, time, NotificationEntry::later));
        Map<Long, Instant> told = new HashMap<>(younger.earlier);
        older.all().forEach((print, time) -> told.merge(print, time, NotificationEntry::later));
        told.keySet().removeAll(younger.firing);
        told.keySet().removeAll(younger.resolved);
        Set<Long> ended = new HashSet<>(older.resolved);
        ended.removeAll(younger.firing);
        ended.addAll(younger.resolved);
        return new NotificationEntry(
                younger.at, younger.expiresAt, younger.firing, ended, both, told);
    }

    private boolean covers(NotificationEntry other) {
        return other.knows.entrySet().stream()
                .allMatch(note -> {
                    Instant mine = knows.get(note.getKey());
                    return mine != null && !mine.isBefore(note.getValue());
                });
    }

    private int order(NotificationEntry other) {
        return knows.keySet().stream()
                .sorted()
                .toList()
                .toString()
                .compareTo(other.knows.keySet().stream().sorted().toList().toString());
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /// All that it was told fire, and when.
    private Map<Long, Instant> all() {
        Map<Long, Instant> all = new HashMap<>(earlier);
        firing.forEach(print -> all.put(print, at));
        return all;
    }

    /// Whether it was told that all of these fire.
    ///
    /// @param begins fingerprints of alerts, and since when they fire
    boolean tellsAll(Map<Long, Instant> begins) {
        return begins.entrySet().stream()
                .allMatch(alert -> {
                    Instant told = earlier.get(alert.getKey());
                    return firing.contains(alert.getKey())
                            || (told != null && !alert.getValue().isAfter(told));
                });
    }

    /// Whether it was told that these fire, at some time.
    boolean toldOf(Set<Long> prints) {
        return prints.stream()
                .allMatch(print -> firing.contains(print) || earlier.containsKey(print));
    }

    /// Must the receiver be told of this, having been told of that?
    ///
    /// @param nowFiring fingerprints of those that fire now, and since when
    /// @param nowResolved fingerprints of those that have ended
    /// @param sendResolved whether it wants to hear of those that have ended
    /// @param repeat after which it is told again what is as before
    public boolean needsUpdate(
            Map<Long, Instant> nowFiring,
            Set<Long> nowResolved,
            boolean sendResolved,
            Duration repeat,
            Instant now) {
        if (!tellsAll(nowFiring)) {
            return true;
        }
        if (nowFiring.isEmpty()) {
            // Also where the receiver does not want to hear of ended ones: the log must be cleared.
            return !firing.isEmpty() || nowResolved.stream().anyMatch(earlier::containsKey);
        }
        if (sendResolved && !resolved.containsAll(nowResolved)) {
            return true;
        }
        return at.isBefore(now.minus(repeat));
    }
}
