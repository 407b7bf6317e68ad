package dev.muster.federation.view;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Views of the observers of one cell, and what is remembered of its members. Guarded by the lock
/// of its [FleetView].
final class CellFold {
    /// A silent cell or member is shown as unknown this long, then dropped.
    static final long FORGET_MS = TimeUnit.HOURS.toMillis(24);

    /// How long the memory of a member stands against a view that knows less of it.
    static final long HOLD_MS = TimeUnit.SECONDS.toMillis(30);

    /// Most observers of one cell: a cell has no more agents.
    static final int OBSERVER_LIMIT = 64;

    private record Heard(CellView view, long atMs, long atUnixMs) {}

    /// @param member as it was shown last
    /// @param atMs when it was known last
    /// @param atUnixMs the same in Unix time
    private record Remembered(Member member, long atMs, long atUnixMs) {}

    private final String cell;
    private final long freshForMs;
    private final SortedMap<String, Heard> heard = new TreeMap<>();
    private final Map<String, Remembered> remembered = new HashMap<>();

    CellFold(String cell, long freshForMs) {
        this.cell = cell;
        this.freshForMs = freshForMs;
    }

    boolean accept(CellView view, long nowMs, long nowUnixMs) {
        Heard before = heard.get(view.observer());
        if (before == null) {
            if (heard.size() >= OBSERVER_LIMIT) {
                heard.values().removeIf(old -> !isFresh(old, nowMs));
            }
            if (heard.size() >= OBSERVER_LIMIT) {
                return false;
            }
        } else if (isFresh(before, nowMs) && order(before.view, view) > 0) {
            return false;
        }
        // an observer whose clockwork has stopped repeats the same view: that is silence too
        boolean repeated = before != null && before.view.equals(view);
        Heard now = repeated ? before : new Heard(view, nowMs, nowUnixMs);
        heard.put(view.observer(), now);
        fold(nowMs); // so that the view is remembered, whether or not anyone asks before it is
        // outdated
        return true;
    }

    private static int order(CellView a, CellView b) {
        int byRun = Long.compare(a.observerIncarnation(), b.observerIncarnation());
        return byRun != 0 ? byRun : Long.compare(a.version(), b.version());
    }

    private boolean isFresh(Heard of, long nowMs) {
        return nowMs - of.atMs <= freshForMs;
    }

    CellState fold(long nowMs) {
        List<Heard> fresh = heard.values().stream().filter(h -> isFresh(h, nowMs)).toList();
        remembered.values().removeIf(old -> nowMs - old.atMs > FORGET_MS);
        var hosts = new TreeSet<>(remembered.keySet());
        fresh.forEach(h -> h.view.members().forEach(member -> hosts.add(member.host())));
        List<Member> members = new ArrayList<>(hosts.size());
        int covered = 0;
        for (String host : hosts) {
            Member known = known(host, fresh, nowMs);
            if (known != null) {
                covered++;
                members.add(known);
            } else {
                members.add(unknown(remembered.get(host)));
            }
        }
        return new CellState(
                cell,
                members,
                fresh.stream().map(h -> h.view.observer()).toList(),
                hosts.isEmpty() ? (fresh.isEmpty() ? 0 : 1) : (double) covered / hosts.size(),
                ageMs(nowMs),
                fresh.stream().anyMatch(h -> h.view.degraded()));
    }

    private long ageMs(long nowMs) {
        return heard.values().stream().mapToLong(h -> nowMs - h.atMs).min().orElse(0);
    }

    /// The member by fresh views, or by memory while that may stand against them; null if nobody
    /// can say.
    private @Nullable Member known(String host, List<Heard> fresh, long nowMs) {
        if (fresh.isEmpty()) {
            return null;
        }
        Remembered memory = remembered.get(host);
        List<Member> said = new ArrayList<>();
        boolean settled = false;
        for (Heard h : fresh) {
            Member member = h.view.member(host).orElse(null);
            if (member != null) {
                said.add(member);
                settled |= h.view.settled();
            }
        }
        Member merged = said.isEmpty() ? null : merge(said);
        if (merged == null || (memory != null && knowsLess(merged, settled, memory.member))) {
            return memory != null && nowMs - memory.atMs <= HOLD_MS ? memory.member : null;
        }
        Heard youngest = fresh.stream().max(Comparator.comparingLong(Heard::atMs)).orElseThrow();
        remembered.put(host, new Remembered(merged, youngest.atMs, youngest.atUnixMs));
        return merged;
    }

    /// Whether a view speaks of an older run of the member, or comes from an observer that has only
    /// just started.
    private static boolean knowsLess(Member merged, boolean settled, Member memory) {
        return merged.incarnation() < memory.incarnation()
                || (merged.incarnation() == memory.incarnation()
                        && !settled
                        && merged.upness() instanceof Upness.Suspect);
    }

    /*
     * One member as several observers see it. Clocks of two machines are never compared to decide; what counts is the
     * member's own (incarnation, seq):
     * - the newest incarnation only; in it,
     * - left is left;
     * - down stands against an "up" that has heard no later beat than those who say down;
     * - up (heard now by someone) stands against suspect (not heard by someone else);
     * - services by the newest report.
     */
    static Member merge(List<Member> said) {
        long newest = said.stream().mapToLong(Member::incarnation).max().orElseThrow();
        List<Member> same = said.stream().filter(m -> m.incarnation() == newest).toList();
        Member left = best(same, Upness.Left.class);
        Member down = best(same, Upness.Down.class);
        Member up = best(same, Upness.Up.class);
        if (left != null) {
            return left;
        }
        if (down != null && (up == null || down.seq() >= up.seq())) {
            return down;
        }
        Member best = up != null ? up : best(same, Upness.Suspect.class);
        if (best == null) {
            return same.getFirst();
        }
        Member reporter =
                same.stream()
                        .filter(m -> !(m.upness() instanceof Upness.Down))
                        .max(Comparator.comparingLong(Member::reportSeq))
                        .orElse(best);
        return best.reportedBy(reporter);
    }

    /// Among those that say the same, the one who heard the latest beat, with the earliest start
    /// and the firmest cause of all, so that the answer does not change with who was asked last.
    private static @Nullable Member best(List<Member> said, Class<? extends Upness> state) {
        List<Member> same = said.stream().filter(m -> state.isInstance(m.upness())).toList();
        if (same.isEmpty()) {
            return null;
        }
        Member latest = same.stream().max(Comparator.comparingLong(Member::seq)).orElseThrow();
        Upness firmest =
                same.stream()
                        .map(Member::upness)
                        .min(
                                Comparator.<Upness>comparingInt(
                                                u -> u.why().map(Cause::code).orElse(0))
                                        .thenComparingLong(Upness::sinceMs))
                        .orElseThrow();
        List<ServiceState> services =
                same.stream()
                        .filter(m -> m.upness().equals(firmest))
                        .findFirst()
                        .orElse(latest)
                        .services();
        return latest.with(firmest, firmest instanceof Upness.Down ? services : latest.services());
    }

    private static Member unknown(@Nullable Remembered memory) {
        if (memory == null) {
            throw new IllegalStateException("a member must be known or remembered");
        }
        Member member = memory.member;
        if (member.upness() instanceof Upness.Left) {
            return member;
        }
        List<ServiceState> services =
                member.services().stream()
                        .map(s -> s.unknownBecause(Cause.NO_OBSERVER.text(), memory.atUnixMs))
                        .toList();
        return member.with(new Upness.Unknown(memory.atUnixMs, Cause.NO_OBSERVER), services);
    }
}
