package dev.muster.federation.check;

import dev.muster.federation.check.LoggedEvent.Alive;
import dev.muster.federation.check.LoggedEvent.Began;
import dev.muster.federation.check.LoggedEvent.Change;
import dev.muster.federation.check.LoggedEvent.Digest;
import dev.muster.federation.check.LoggedEvent.Fault;
import dev.muster.federation.check.LoggedEvent.Healed;
import dev.muster.federation.check.LoggedEvent.Kind;
import dev.muster.federation.check.LoggedEvent.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Holds the event logs of a run against what is promised. Pure: no clock, no file; the logs of all
/// nodes, in any order, are all there is.
public final class Checks {
    private static final Set<String> STATES =
            Set.of("up", "down", "unknown", "maint", "suspect", "left");
    private static final Set<String> DEAD_HOST = Set.of("host_down", "rack_down", "unreachable");

    /// Honest answers of those who cannot look: no hole in what is promised.
    private static final Set<String> CANNOT_LOOK = Set.of("unprobeable", "capacity");

    private final Promises promises;
    private final List<Change> changes = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final List<Digest> digests = new ArrayList<>();
    private final List<Healed> heals = new ArrayList<>();
    private final Map<String, History.Watch> watches = new HashMap<>();

    private Checks(List<LoggedEvent> events, Promises promises) {
        this.promises = promises;
        Map<String, List<Long>> logged = new HashMap<>();
        Map<String, Set<Long>> begun = new HashMap<>();
        for (LoggedEvent event : events) {
            switch (event) {
                case Began(String node, long atMs) -> {
                    begun.computeIfAbsent(node, _ -> new HashSet<>()).add(atMs);
                    logged(logged, node, atMs);
                }
                case Alive(String node, long atMs) -> logged(logged, node, atMs);
                case Change change -> {
                    changes.add(change);
                    logged(logged, change.node(), change.decidedMs());
                }
                case Digest digest -> {
                    digests.add(digest);
                    logged(logged, digest.node(), digest.loggedMs());
                }
                case Fault fault -> faults.add(fault);
                case Healed healed -> heals.add(healed);
            }
        }
        logged.forEach((node, times) ->
                watches.put(node, watch(times, begun.getOrDefault(node, Set.of()))));
    }

    private static void logged(Map<String, List<Long>> times, String node, long atMs) {
        times.computeIfAbsent(node, _ -> new ArrayList<>()).add(atMs);
    }

    private static History.Watch watch(List<Long> times, Set<Long> begun) {
        times.sort(null);
        List<History.Run> runs = new ArrayList<>();
        long fromMs = times.getFirst();
        long lastMs = fromMs;
        for (long atMs : times) {
            if (begun.contains(atMs) && atMs > lastMs) {
                runs.add(new History.Run(fromMs, lastMs + 1));
                fromMs = atMs;
            }
            lastMs = atMs;
        }
        runs.add(new History.Run(fromMs, lastMs + 1));
        return new History.Watch(runs);
    }

    /// All findings, one for each promise.
    public static List<Finding> run(List<LoggedEvent> events, Promises promises) {
        var checks = new Checks(events, promises);
        return List.of(
                checks.noFalseHostDown(),
                checks.noFalseAlarm(),
                checks.hostDeathSeen(),
                checks.cellDeathSeen(),
                checks.agentDeathSeen(),
                checks.oneValue(),
                checks.unknownAroundDeaths(),
                checks.unknownAroundAnnounced(),
                checks.equalAfterHeal());
    }

    /// Nobody ever says of a host that lives that it is dead.
    private Finding noFalseHostDown() {
        var count = new Count("no false host-down");
        for (Change change : changes) {
            if (change.target().isHost()
                    && change.to().equals("down")
                    && DEAD_HOST.contains(change.cause())) {
                boolean dead = faulty(change, Set.of(Kind.HOST_DEAD));
                count.add(dead, 1, () -> text(change));
            }
        }
        return count.finding();
    }

    /// Nobody is called down to whom nothing was done.
    private Finding noFalseAlarm() {
        var count = new Count("nothing down that nothing was done to");
        Set<Kind> downs =
                Set.of(
                        Kind.HOST_DEAD,
                        Kind.AGENT_DEAD,
                        Kind.AGENT_PAUSED,
                        Kind.SERVICE_DEAD,
                        Kind.ANNOUNCED);
        for (Change change : changes) {
            if (change.to().equals("down")) {
                count.add(faulty(change, downs), 1, () -> text(change));
            }
        }
        return count.finding();
    }

    private boolean faulty(Change change, Set<Kind> kinds) {
        return faults.stream()
                .anyMatch(fault ->
                        kinds.contains(fault.kind())
                                && concerns(fault, change.target())
                                && fault.explains(change.atMs(), promises));
    }

    private static boolean concerns(Fault fault, Target target) {
        Target hit = fault.target();
        return hit.cell().equals(target.cell())
                && hit.host().equals(target.host())
                && (hit.isHost() || hit.equals(target));
    }

    private Finding hostDeathSeen() {
        return deathSeen(
                "host death known to every node",
                fault -> fault.kind() == Kind.HOST_DEAD && !isBeyondQuorum(fault),
                _ -> true,
                promises.hostDeathMs());
    }

    private Finding cellDeathSeen() {
        return deathSeen(
                "death of much of a cell known to query nodes",
                this::isBeyondQuorum,
                node -> node.startsWith("query:"),
                promises.cellDeathMs());
    }

    private Finding agentDeathSeen() {
        return deathSeen(
                "agent death known to every node",
                fault -> fault.kind() == Kind.AGENT_DEAD,
                _ -> true,
                promises.agentDeathMs());
    }

    /// Whether more than a third of the fault's cell was dead with it, as far as logs name its
    /// hosts.
    private boolean isBeyondQuorum(Fault fault) {
        String cell = fault.target().cell();
        long hosts =
                changes.stream()
                        .filter(change -> change.cell().equals(cell))
                        .map(Change::host)
                        .distinct()
                        .count();
        long dead =
                faults.stream()
                        .filter(other ->
                                other.kind() == Kind.HOST_DEAD
                                        && other.target().cell().equals(cell)
                                        && other.covers(fault.fromMs()))
                        .map(other -> other.target().host())
                        .distinct()
                        .count();
        return fault.kind() == Kind.HOST_DEAD && 3 * dead > hosts && dead > 1;
    }

    private Finding deathSeen(
            String promise, Predicate<Fault> faultsOf, Predicate<String> nodes, long boundMs) {
        var count = new Count(promise);
        for (Fault fault : faults) {
            if (!faultsOf.test(fault) || fault.untilMs() - fault.fromMs() < boundMs) {
                continue;
            }
            watches.forEach((node, watch) -> {
                if (nodes.test(node) && observes(node, watch, fault, boundMs)) {
                    long ms = decidedAfterMs(node, fault);
                    count.add(
                            ms <= boundMs,
                            ms,
                            () ->
                                    "%s of %s at %s after ms=%s"
                                            .formatted(
                                                    fault.kind().text(),
                                                    fault.target(),
                                                    node,
                                                    ms == Long.MAX_VALUE ? "never" : ms));
                }
            });
        }
        return count.finding();
    }

    /// Whether a node was there all the time, knows the cell, and nothing was done to itself.
    private boolean observes(String node, History.Watch watch, Fault fault, long boundMs) {
        long endMs = fault.fromMs() + boundMs;
        boolean there = watch.throughout(fault.fromMs(), endMs);
        boolean query = node.startsWith("query:");
        boolean ofCell = query || node.startsWith(fault.target().cell() + "/");
        return there
                && ofCell
                && faults.stream()
                        .noneMatch(other ->
                                (node.equals(other.target().toString())
                                                || other.kind() == Kind.NETWORK)
                                        && other.fromMs() <= endMs
                                        && other.untilMs() >= fault.fromMs());
    }

    private long decidedAfterMs(String node, Fault fault) {
        return changes.stream()
                .filter(change ->
                        change.node().equals(node)
                                && change.target().equals(fault.target())
                                && change.to().equals("down")
                                && fault.explains(change.atMs(), promises))
                .mapToLong(change -> Math.max(0, change.decidedMs() - fault.fromMs()))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /// Each node's log says one thing of each target and moment, and says why and by whom.
    private Finding oneValue() {
        var count = new Count("one value with its provenance, or unknown why");
        record Moment(String node, Target target, long atMs, long version) {}
        Map<Moment, Change> seen = new HashMap<>();
        for (Change change : changes) {
            Change before =
                    seen.putIfAbsent(
                            new Moment(
                                    change.node(),
                                    change.target(),
                                    change.atMs(),
                                    change.version()),
                            change);
            boolean same = before == null || supersedes(change, before);
            boolean reasoned =
                    switch (change.to()) {
                        case "down" -> !change.provenance().equals("none");
                        case "unknown", "suspect" ->
                                !change.cause().isEmpty() && !change.cause().equals("none");
                        default -> true;
                    };
            count.add(
                    same && reasoned && STATES.contains(change.to()),
                    1,
                    () -> text(change) + (before == null || same ? "" : " beside " + text(before)));
        }
        return count.finding();
    }

    /// Whether the later of two decisions on one moment simply replaces the earlier: a state of
    /// which nobody knew, or the same with more evidence.
    private static boolean supersedes(Change later, Change earlier) {
        return later.to().equals(earlier.to())
                || History.rank(later) != History.rank(earlier)
                || later.decidedMs() != earlier.decidedMs();
    }

    private Finding unknownAroundDeaths() {
        return unknown(
                "unknown around an unannounced death",
                Set.of(Kind.HOST_DEAD, Kind.AGENT_DEAD),
                promises.unknownMs());
    }

    private Finding unknownAroundAnnounced() {
        return unknown(
                "unknown around an announced restart",
                Set.of(Kind.ANNOUNCED),
                promises.unknownAnnouncedMs());
    }

    private Finding unknown(String promise, Set<Kind> kinds, long boundMs) {
        var count = new Count(promise);
        Map<Target, List<Change>> byTarget = History.byTarget(changes);
        for (Fault fault : faults) {
            if (!kinds.contains(fault.kind())) {
                continue;
            }
            byTarget.forEach((target, of) -> {
                if (concerns(fault, target) && !isAwayWithTheAgent(fault, target)) {
                    unknown(fault, target, new History(of, watches), boundMs, count);
                }
            });
        }
        return count.finding();
    }

    /// Whether the agent itself is what is scraped, such as the metrics of its host: nobody else
    /// can look at that while it is away. And of a host whose agent restarts just this is said.
    private static boolean isAwayWithTheAgent(Fault fault, Target target) {
        return target.instance().equals(target.host())
                || (target.isHost() && fault.kind() == Kind.ANNOUNCED);
    }

    private void unknown(Fault fault, Target target, History history, long boundMs, Count count) {
        long lastMs = watches.values().stream().mapToLong(History.Watch::untilMs).max().orElse(0);
        long endMs = Math.min(lastMs, Math.addExact(Math.min(fault.untilMs(), lastMs), 15_000));
        long unknownMs = 0;
        String worst = "";
        for (History.Span span : history.spans(fault.fromMs(), endMs)) {
            boolean honest = span.value() != null && CANNOT_LOOK.contains(span.value().cause());
            if (span.isUnknown() && !honest) {
                unknownMs += span.untilMs() - span.fromMs();
                worst = worst.isEmpty() ? span.text() + " from ms=" + span.fromMs() : worst;
            }
        }
        long ms = unknownMs;
        String why = worst;
        count.add(
                ms <= boundMs,
                ms,
                () ->
                        "%s of %s: %s unknown for ms=%d, %s"
                                .formatted(fault.kind().text(), fault.target(), target, ms, why));
    }

    /// Some time after a heal all query nodes have the same state.
    private Finding equalAfterHeal() {
        var count = new Count("equal state on all query nodes after a heal");
        for (Healed healed : heals) {
            long atMs = healed.loggedMs() + promises.healMs();
            Map<String, String> inForce = digestsAt(atMs);
            Set<String> different = new HashSet<>(inForce.values());
            if (inForce.size() > 1) {
                count.add(
                        different.size() == 1,
                        different.size(),
                        () -> "heal at ms=" + healed.loggedMs() + ": " + inForce);
            }
        }
        return count.finding();
    }

    private Map<String, String> digestsAt(long atMs) {
        Map<String, Digest> last = new TreeMap<>();
        for (Digest digest : digests) {
            if (digest.loggedMs() <= atMs) {
                last.merge(digest.node(), digest, (a, b) -> a.loggedMs() > b.loggedMs() ? a : b);
            }
        }
        Map<String, String> texts = new TreeMap<>();
        last.forEach((node, digest) -> texts.put(node, digest.digest()));
        return texts;
    }

    private static String text(Change change) {
        return "%s says at ms=%d: %s is %s since ms=%d (%s, %s, witnesses=%s)"
                .formatted(
                        change.node(),
                        change.decidedMs(),
                        change.target(),
                        change.to(),
                        change.atMs(),
                        change.cause(),
                        change.provenance(),
                        change.witnesses());
    }

    /// Counts the cases of one promise, and keeps the worst.
    private static final class Count {
        private final String promise;
        private long checked;
        private long broken;
        private long worstValue = -1;
        private String worst = "";

        Count(String promise) {
            this.promise = promise;
        }

        void add(boolean kept, long value, Supplier<String> text) {
            checked++;
            broken += kept ? 0 : 1;
            boolean telling = !kept || value > 1;
            if (telling && value > worstValue) {
                worstValue = value;
                worst = text.get();
            }
        }

        Finding finding() {
            return new Finding(promise, checked, broken, worst);
        }
    }
}
