package dev.muster.federation.view;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Onlookers;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.Upness;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Views of the observers of one cell, what is remembered of its hosts, and the state merged from
/// both, which is merged anew only when something has changed. Guarded by its own lock.
final class CellFold {
    /// A silent cell or host is shown as unknown this long, then dropped.
    static final long FORGET_MS = TimeUnit.HOURS.toMillis(24);

    /// How long the memory of a host stands against a view that knows less of it.
    static final long HOLD_MS = TimeUnit.SECONDS.toMillis(30);

    /// A cell is merged anew at least so often, to forget what is to be forgotten.
    private static final long REMERGE_MS = TimeUnit.MINUTES.toMillis(10);

    /// Most observers of one cell: a cell has no more agents.
    static final int OBSERVER_LIMIT = 64;

    private record Heard(ObserverView view, long atMs, long atUnixMs) {}

    /// @param state as it was shown last
    /// @param atMs when it was known last
    /// @param atUnixMs the same in Unix time
    private record Remembered(HostState state, long atMs, long atUnixMs) {}

    private final String cell;
    private final long freshForMs;
    private final CellListener listener;
    private final SortedMap<String, Heard> heard = new TreeMap<>();
    private final Map<String, Remembered> remembered = new HashMap<>();

    private @Nullable CellState shown;
    private Outside outside = Outside.NOTHING;

    /// Hosts that views told at the last merge: their memory is as young as the youngest view.
    private final Set<String> told = new HashSet<>();

    /// Whether observers differ so that a later beat may change the answer.
    private boolean contested;

    /// When the merge must be looked at again though nothing has come.
    private long dueMs = Long.MIN_VALUE;

    /// When the first memory that stands against the views falls.
    private long heldUntilMs = Long.MAX_VALUE;

    CellFold(String cell, long freshForMs, CellListener listener) {
        this.cell = cell;
        this.freshForMs = freshForMs;
        this.listener = listener;
    }

    synchronized boolean accept(ObserverView view, long nowMs, long nowUnixMs) {
        Heard before = heard.get(view.head().observer());
        boolean fresh = before != null && isFresh(before, nowMs);
        if (before == null) {
            if (heard.size() >= OBSERVER_LIMIT) {
                heard.values().removeIf(old -> !isFresh(old, nowMs));
            }
            if (heard.size() >= OBSERVER_LIMIT) {
                return false;
            }
        } else if (fresh && order(before.view, view) > 0) {
            return false;
        }
        // an observer whose clockwork has stopped repeats the same view: that is silence too
        if (before == null || !before.view.repeats(view)) {
            heard.put(view.head().observer(), new Heard(view, nowMs, nowUnixMs));
        }
        if (before == null || !fresh || contested || changes(before.view, view) || nowMs >= dueMs) {
            fold(nowMs, nowUnixMs);
        }
        return true;
    }

    /// What others say of this cell.
    synchronized void outside(Outside said, long nowMs, long nowUnixMs) {
        if (!said.equals(outside)) {
            outside = said;
            fold(nowMs, nowUnixMs);
        }
    }

    private static boolean changes(ObserverView before, ObserverView view) {
        return before.head().degraded() != view.head().degraded()
                || before.head().settled() != view.head().settled()
                || !before.sharesStates(view);
    }

    private static int order(ObserverView a, ObserverView b) {
        int byRun = Long.compare(a.head().incarnation(), b.head().incarnation());
        return byRun != 0 ? byRun : Long.compare(a.head().version(), b.head().version());
    }

    private boolean isFresh(Heard of, long nowMs) {
        return nowMs - of.atMs <= freshForMs;
    }

    /// What is known now.
    synchronized CellState state(long nowMs, long nowUnixMs) {
        CellState now = refreshed(nowMs, nowUnixMs);
        long ageMs = heard.isEmpty() ? 0 : Long.MAX_VALUE;
        List<ObserverView> fresh = new ArrayList<>(heard.size());
        for (Heard h : heard.values()) {
            ageMs = Math.min(ageMs, nowMs - h.atMs);
            if (isFresh(h, nowMs)) {
                fresh.add(h.view);
            }
        }
        return now.later(fresh, ageMs);
    }

    /// Looks whether the time alone has changed something.
    synchronized CellState refreshed(long nowMs, long nowUnixMs) {
        CellState now = shown;
        if (now != null && nowMs < dueMs) {
            return now;
        }
        if (now != null && nowMs < heldUntilMs) {
            List<Heard> fresh = fresh(nowMs);
            if (fresh.stream()
                    .map(h -> h.view.head().observer())
                    .toList()
                    .equals(now.observers())) {
                dueMs = due(fresh, nowMs);
                return now;
            }
        }
        return fold(nowMs, nowUnixMs);
    }

    private List<Heard> fresh(long nowMs) {
        return heard.values().stream().filter(h -> isFresh(h, nowMs)).toList();
    }

    private CellState fold(long nowMs, long nowUnixMs) {
        List<Heard> fresh = fresh(nowMs);
        touchMemory();
        remembered.values().removeIf(old -> nowMs - old.atMs > FORGET_MS);
        var names = new TreeSet<>(remembered.keySet());
        fresh.forEach(h -> {
            for (int i = 0; i < h.view.size(); i++) {
                names.add(h.view.host(i).host());
            }
        });
        contested = false;
        told.clear();
        heldUntilMs = nowMs + REMERGE_MS;
        HostState[] hosts = new HostState[names.size()];
        int at = 0;
        int covered = 0;
        for (String name : names) {
            HostState state = known(name, fresh, nowMs);
            covered += state == null ? 0 : 1;
            hosts[at++] = judged(state != null ? state : unknown(name));
        }
        dueMs = due(fresh, nowMs);
        double coverage =
                hosts.length == 0 ? (fresh.isEmpty() ? 0 : 1) : (double) covered / hosts.length;
        return show(hosts, fresh, coverage, nowUnixMs);
    }

    private CellState show(HostState[] hosts, List<Heard> fresh, double coverage, long nowUnixMs) {
        CellState before = shown;
        HostState[] same = before == null ? hosts : shared(before, hosts);
        CellState now =
                new CellState(
                        cell,
                        same,
                        fresh.stream().map(Heard::view).toList(),
                        coverage,
                        0,
                        fresh.stream().anyMatch(h -> h.view.head().degraded()));
        shown = now;
        if (before == null
                || !before.saysTheSame(now)
                || before.coverage() != coverage
                || before.degraded() != now.degraded()
                || !before.observers().equals(now.observers())) {
            listener.changed(before, now, nowUnixMs);
        }
        return now;
    }

    /// The states shown before, where all of them still hold.
    private static HostState[] shared(CellState before, HostState[] hosts) {
        List<HostState> old = before.hosts();
        boolean same = old.size() == hosts.length;
        for (int i = 0; i < Math.min(hosts.length, old.size()); i++) {
            if (old.get(i).hash() == hosts[i].hash()) {
                hosts[i] = old.get(i);
            } else {
                same = false;
            }
        }
        return same ? before.array() : hosts;
    }

    /// Memory of what was known until now is as old as the youngest view that said it.
    private void touchMemory() {
        Heard youngest = null;
        for (Heard h : heard.values()) {
            if (youngest == null || h.atMs > youngest.atMs) {
                youngest = h;
            }
        }
        if (youngest == null) {
            return;
        }
        for (String name : told) {
            Remembered memory = remembered.get(name);
            if (memory != null && memory.atMs < youngest.atMs) {
                remembered.put(
                        name, new Remembered(memory.state, youngest.atMs, youngest.atUnixMs));
            }
        }
    }

    /// The next moment at which a view gets too old or a memory may no longer stand.
    private long due(List<Heard> fresh, long nowMs) {
        long due = heldUntilMs;
        for (Heard h : fresh) {
            due = Math.min(due, h.atMs + freshForMs + 1);
        }
        return Math.max(due, nowMs + 1);
    }

    /// The host by fresh views, or by memory while that may stand against them; null if nobody can
    /// say.
    private @Nullable HostState known(String host, List<Heard> fresh, long nowMs) {
        if (fresh.isEmpty()) {
            return null;
        }
        List<HostMerge.Said> said = new ArrayList<>(fresh.size());
        boolean settled = false;
        Heard youngest = fresh.getFirst();
        for (Heard h : fresh) {
            int at = h.view.indexOf(host);
            if (at >= 0) {
                said.add(new HostMerge.Said(h.view.host(at), h.view.seq(at)));
                settled |= h.view.head().settled();
            }
            youngest = h.atMs > youngest.atMs ? h : youngest;
        }
        contested |= isContested(said);
        HostState merged = said.isEmpty() ? null : HostMerge.merge(said);
        Remembered memory = remembered.get(host);
        if (merged == null || (memory != null && knowsLess(merged, settled, memory.state))) {
            if (memory == null || nowMs - memory.atMs > HOLD_MS) {
                return null;
            }
            heldUntilMs = Math.min(heldUntilMs, memory.atMs + HOLD_MS + 1);
            return memory.state;
        }
        told.add(host);
        remembered.put(host, new Remembered(merged, youngest.atMs, youngest.atUnixMs));
        return merged;
    }

    private static boolean isContested(List<HostMerge.Said> said) {
        for (int i = 1; i < said.size(); i++) {
            if (said.get(i).state().upness().getClass()
                    != said.getFirst().state().upness().getClass()) {
                return true;
            }
        }
        return false;
    }

    /// Whether a view speaks of an older run of the host, or comes from an observer that has only
    /// just started.
    private static boolean knowsLess(HostState merged, boolean settled, HostState memory) {
        return merged.incarnation() < memory.incarnation()
                || (merged.incarnation() == memory.incarnation()
                        && !settled
                        && merged.upness() instanceof Upness.Suspect);
    }

    /// A host of which its own cell has no verdict is dead where other cells have found it so.
    private HostState judged(HostState state) {
        List<String> witnesses = outside.dead().get(state.host());
        boolean open =
                switch (state.upness()) {
                    case Upness.Suspect _, Upness.Unknown _ -> true;
                    case Upness.Up _, Upness.Down _, Upness.Left _ -> false;
                };
        if (witnesses == null || !open) {
            return state;
        }
        long sinceMs = state.upness().sinceMs();
        return state.with(
                new Upness.Down(sinceMs, Cause.HOST_DOWN),
                PackedServices.uniform(
                        state.services().names(),
                        Health.DOWN,
                        Provenance.HOST,
                        Cause.HOST_DOWN.text(),
                        sinceMs),
                new Onlookers(
                        witnesses.stream().map(cell -> Outside.WITNESS + cell).toList(),
                        List.of()));
    }

    private HostState unknown(String host) {
        Remembered memory = remembered.get(host);
        if (memory == null) {
            throw new IllegalStateException("a host must be known or remembered: host=" + host);
        }
        HostState state = memory.state;
        if (state.upness() instanceof Upness.Left) {
            return state;
        }
        Cause cause = outside.zoneSilent() ? Cause.ZONE_STALE : Cause.NO_OBSERVER;
        return state.with(
                new Upness.Unknown(memory.atUnixMs, cause),
                PackedServices.uniform(
                        state.services().names(),
                        Health.UNKNOWN,
                        Provenance.NONE,
                        cause.text(),
                        memory.atUnixMs));
    }
}
