package dev.muster.federation.check;

import dev.muster.federation.check.LoggedEvent.Change;
import dev.muster.federation.check.LoggedEvent.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The one history of a target that follows from what several nodes logged.
///
/// At each moment every node that logs says what its newest change up to then says; of a change
/// that was corrected, the highest version. What stands on the better provenance holds: own, peer,
/// host, inferred, and last what is unknown; then the newer change; then the worse state.
final class History {
    private static final Comparator<Change> BY_TIME =
            Comparator.comparingLong(Change::atMs)
                    .thenComparingLong(Change::version)
                    .thenComparingLong(Change::decidedMs);
    private static final Comparator<Change> BETTER =
            Comparator.comparingInt(History::rank)
                    .thenComparingLong(Change::atMs)
                    .thenComparingLong(Change::decidedMs)
                    .thenComparingInt(change -> severity(change.to()));

    private final Map<String, List<Change>> byNode = new HashMap<>();
    private final Map<String, Watch> watches;
    private final TreeSet<Long> edges = new TreeSet<>();

    /// When a node logged.
    record Watch(long fromMs, long untilMs) {}

    /// A span in which the value does not change.
    ///
    /// @param value null where no node says anything
    record Span(long fromMs, long untilMs, @Nullable Change value) {
        /// What it says, such as `down (host)`.
        String text() {
            return value == null
                    ? "nobody logged"
                    : value.to() + " (" + value.cause() + ", " + value.provenance() + ")";
        }

        boolean isUnknown() {
            return value == null || rank(value) == 0;
        }
    }

    History(Collection<Change> changes, Map<String, Watch> watches) {
        this.watches = watches;
        Map<Long, Long> newest = new HashMap<>();
        changes.forEach(c -> newest.merge(c.atMs(), c.version(), Math::max));
        for (Change change : changes) {
            if (change.version() >= newest.getOrDefault(change.atMs(), 0L)) {
                byNode.computeIfAbsent(change.node(), _ -> new ArrayList<>()).add(change);
                edges.add(change.atMs());
            }
        }
        byNode.values().forEach(list -> list.sort(BY_TIME));
        for (String node : byNode.keySet()) {
            Watch watch = watches.get(node);
            if (watch != null) {
                edges.add(watch.fromMs());
                edges.add(watch.untilMs());
            }
        }
    }

    static int rank(Change change) {
        return switch (change.to()) {
            case "up", "down", "maint", "left" ->
                    switch (change.provenance()) {
                        case "own" -> 5;
                        case "peer" -> 4;
                        case "host" -> 3;
                        case "inferred" -> 2;
                        default -> 1;
                    };
            default -> 0;
        };
    }

    private static int severity(String state) {
        return switch (state) {
            case "down" -> 2;
            case "up" -> 1;
            default -> 0;
        };
    }

    /// The spans of a range, without a gap between them.
    List<Span> spans(long fromMs, long untilMs) {
        List<Span> spans = new ArrayList<>();
        long at = fromMs;
        while (at < untilMs) {
            Long edge = edges.higher(at);
            long next = edge == null ? untilMs : Math.min(edge, untilMs);
            spans.add(new Span(at, next, valueAt(at)));
            at = next;
        }
        return spans;
    }

    @Nullable Change valueAt(long atMs) {
        Change best = null;
        for (Map.Entry<String, List<Change>> node : byNode.entrySet()) {
            Watch watch = watches.get(node.getKey());
            if (watch == null || atMs < watch.fromMs() || atMs >= watch.untilMs()) {
                continue;
            }
            Change said = newest(node.getValue(), atMs);
            if (said != null && (best == null || BETTER.compare(said, best) > 0)) {
                best = said;
            }
        }
        return best;
    }

    private static @Nullable Change newest(List<Change> changes, long atMs) {
        Change found = null;
        for (Change change : changes) {
            if (change.atMs() > atMs) {
                break;
            }
            found = change;
        }
        return found;
    }

    /// Changes by target.
    static Map<Target, List<Change>> byTarget(Collection<Change> changes) {
        Map<Target, List<Change>> targets = new HashMap<>();
        changes.forEach(change ->
                targets.computeIfAbsent(change.target(), _ -> new ArrayList<>()).add(change));
        return targets;
    }
}
