package dev.muster.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Who sees whom how, and when that changed. Thread-safe.
final class LabRecord {
    static final String UP = "up";
    static final String DOWN = "down";

    /// @param observer an agent `hI`, or a query node `qI`
    /// @param target the agent it speaks of
    /// @param state `up`, `down` or another
    /// @param note cause
    record Seen(String observer, String target, String state, String note, long atNanos) {}

    private final List<Seen> changes = new ArrayList<>();
    private final Map<String, Map<String, Seen>> now = new HashMap<>();

    synchronized void saw(String observer, String target, String state, String note) {
        Map<String, Seen> held = now.computeIfAbsent(observer, _ -> new HashMap<>());
        Seen before = held.get(target);
        if (before == null || !before.state.equals(state) || !before.note.equals(note)) {
            var seen = new Seen(observer, target, state, note, System.nanoTime());
            held.put(target, seen);
            changes.add(seen);
        }
    }

    /// Whom an observer no longer names, he does not see.
    synchronized void only(String observer, Set<String> named) {
        for (String target : List.copyOf(now.getOrDefault(observer, Map.of()).keySet())) {
            if (!named.contains(target)) {
                saw(observer, target, "absent", "");
            }
        }
    }

    /// The observer begins anew.
    synchronized void forget(String observer) {
        now.remove(observer);
    }

    synchronized void forgetAll() {
        now.clear();
        changes.clear();
    }

    synchronized String state(String observer, String target) {
        Seen seen = now.getOrDefault(observer, Map.of()).get(target);
        return seen == null ? "" : seen.state;
    }

    synchronized boolean allSee(
            Collection<String> observers, Collection<String> targets, String state) {
        for (String observer : observers) {
            for (String target : targets) {
                if (!observer.equals(target) && !state(observer, target).equals(state)) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Milliseconds from a moment until each of the observers first saw each target down after it;
    /// those who never did are left out.
    synchronized List<Long> downAfterMs(
            Collection<String> observers, Collection<String> targets, long fromNanos) {
        List<Long> times = new ArrayList<>();
        for (String observer : observers) {
            for (String target : targets) {
                changes.stream()
                        .filter(c ->
                                c.atNanos >= fromNanos
                                        && c.state.equals(DOWN)
                                        && c.observer.equals(observer)
                                        && c.target.equals(target))
                        .findFirst()
                        .ifPresent(c -> times.add((c.atNanos - fromNanos) / 1_000_000));
            }
        }
        return times;
    }

    /// Who was called down since then by anyone but these observers, besides those that really are:
    /// one line each.
    synchronized List<String> falseSince(long fromNanos, Set<String> really) {
        Set<String> pairs = new TreeSet<>();
        for (Seen c : changes) {
            if (c.atNanos >= fromNanos
                    && c.state.equals(DOWN)
                    && !really.contains(c.target)
                    && !really.contains(c.observer)) {
                pairs.add(
                        "%s calls %s down (%s) after %.1f s"
                                .formatted(
                                        c.observer,
                                        c.target,
                                        c.note,
                                        (c.atNanos - fromNanos) / 1e9));
            }
        }
        return List.copyOf(pairs);
    }

    /// The causes that query nodes show of a target now.
    synchronized Set<String> notes(Collection<String> observers, String target) {
        Set<String> notes = new TreeSet<>();
        for (String observer : observers) {
            Seen seen = now.getOrDefault(observer, Map.of()).get(target);
            if (seen != null) {
                notes.add(seen.state + " " + seen.note);
            }
        }
        return notes;
    }

    synchronized void forgetChanges() {
        changes.clear();
    }

    /// Seconds since then in which an observer did not see the target as up, of the observer with
    /// most.
    synchronized double notUpSeconds(Collection<String> observers, String target, long fromNanos) {
        double most = 0;
        for (String observer : observers) {
            double seconds = 0;
            long since = -1;
            for (Seen c : changes) {
                if (c.atNanos < fromNanos
                        || !c.observer.equals(observer)
                        || !c.target.equals(target)) {
                    continue;
                }
                if (!c.state.equals(UP) && since < 0) {
                    since = c.atNanos;
                } else if (c.state.equals(UP) && since >= 0) {
                    seconds += (c.atNanos - since) / 1e9;
                    since = -1;
                }
            }
            seconds += since < 0 ? 0 : (System.nanoTime() - since) / 1e9;
            most = Math.max(most, seconds);
        }
        return most;
    }
}
