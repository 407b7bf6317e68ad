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

    private final List<Said> said = new ArrayList<>();
    private final TreeSet<Long> edges = new TreeSet<>();

    /// When a node logged: its runs, in order. What one run said holds no longer than that run.
    record Watch(List<Run> runs) {
        Watch {
            runs = List.copyOf(runs);
        }

        /// Whether one run lasted all that time.
        boolean throughout(long fromMs, long untilMs) {
            return runs.stream().anyMatch(run -> run.fromMs < fromMs && run.untilMs > untilMs);
        }

        long untilMs() {
            return runs.getLast().untilMs;
        }

        /// The run in which something was logged.
        Run at(long loggedMs) {
            for (Run run : runs) {
                if (loggedMs < run.untilMs) {
                    return run;
                }
            }
            return runs.getLast();
        }
    }

    /// From the first to the last line of a node that did not begin anew in between.
    record Run(long fromMs, long untilMs) {}

    /// What one run of a node says of the target.
    private record Said(long fromMs, long untilMs, List<Change> changes) {}

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
        Map<Long, Long> newest = new HashMap<>();
        changes.forEach(c -> newest.merge(c.atMs(), c.version(), Math::max));
        Map<String, Map<Run, List<Change>>> runs = new HashMap<>();
        for (Change change : changes) {
            Watch watch = watches.get(change.node());
            if (watch != null && change.version() >= newest.getOrDefault(change.atMs(), 0L)) {
                runs.computeIfAbsent(change.node(), _ -> new HashMap<>())
                        .computeIfAbsent(watch.at(change.decidedMs()), _ -> new ArrayList<>())
                        .add(change);
                edges.add(change.atMs());
            }
        }
        runs.values().forEach(of -> of.forEach(this::add));
    }

    /// What is said of a time before the run began counts, too.
    private void add(Run run, List<Change> changes) {
        changes.sort(BY_TIME);
        long fromMs = Math.min(run.fromMs, changes.getFirst().atMs());
        said.add(new Said(fromMs, run.untilMs, changes));
        edges.add(fromMs);
        edges.add(run.untilMs);
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
        for (Said one : said) {
            Change last =
                    atMs < one.fromMs || atMs >= one.untilMs ? null : newest(one.changes, atMs);
            if (last != null && (best == null || BETTER.compare(last, best) > 0)) {
                best = last;
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
