package dev.muster.federation.sim;

import dev.muster.federation.detect.DetectorState;
import dev.muster.federation.detect.Event;
import dev.muster.federation.detect.Now;
import dev.muster.federation.detect.RosterEntry;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.stream.CellPublisher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One host with its agent, its services and its clock, and what is true of them. Confined to one
/// thread.
final class SimulatedHost {
    static final String SCHEME = "http://";
    private static final long EPOCH_MS = 1_700_000_000_000L;

    final int index;
    final String name;
    final String rack;
    final SimulatedServices services;

    private final long monotonicBaseMs;
    private long clockErrorMs;

    /// Of the agent: null while it does not run.
    @Nullable DetectorState state;

    /// What its agent tells to streams: one for each run.
    @Nullable CellPublisher publisher;

    long incarnation;
    int run;
    List<RosterEntry> disk = List.of();
    boolean alive = true;
    boolean busWorks;
    boolean deaf;
    long pausedUntilMs;
    final List<Event> unread = new ArrayList<>();

    /// When the host last came back, or its agent did, from whatever it was.
    long recoveredMs;

    /// When each agent of the cell first called this one down since its last fault; -1 if not.
    final long[] downSeenMs;

    /// The round of probes for each host that this one looks after; 0 for the others.
    final int[] taken;

    int rounds;
    private final ServiceState[][] seen;

    SimulatedHost(
            int index,
            String name,
            String rack,
            SimulatedServices services,
            int size,
            long monotonicBaseMs,
            long clockErrorMs) {
        this.index = index;
        this.name = name;
        this.rack = rack;
        this.services = services;
        this.downSeenMs = new long[size];
        this.taken = new int[size];
        this.seen = new ServiceState[size][services.count()];
        this.monotonicBaseMs = monotonicBaseMs;
        this.clockErrorMs = clockErrorMs;
    }

    boolean runs() {
        return state != null;
    }

    boolean isPaused(long nowMs) {
        return pausedUntilMs > nowMs;
    }

    DetectorState state() {
        if (state == null) {
            throw new IllegalStateException("agent must run: host=" + name);
        }
        return state;
    }

    CellPublisher publisher() {
        if (publisher == null) {
            throw new IllegalStateException("agent must have run: host=" + name);
        }
        return publisher;
    }

    /// Steps the wall clock; the monotonic one goes on.
    void stepClock(long ms) {
        clockErrorMs += ms;
    }

    Now now(long nowMs) {
        return new Now(nowMs + monotonicBaseMs, unixMs(nowMs));
    }

    long unixMs(long nowMs) {
        return EPOCH_MS + nowMs + clockErrorMs;
    }

    /// The moment of this simulation that this host's clock showed as `unixMs`.
    long virtualMs(long unixMs) {
        return unixMs - EPOCH_MS - clockErrorMs;
    }

    /// What this host's agent says of a service that it looks after: since when it has been so.
    ServiceState seen(
            SimulatedHost of,
            int service,
            ServiceState named,
            Health health,
            String reason,
            long unixMs) {
        ServiceState before = seen[of.index][service];
        if (before == null || before.health() != health || !before.reason().equals(reason)) {
            before = ServiceState.peer(named.job(), named.instance(), health, reason, unixMs);
            seen[of.index][service] = before;
        }
        return before;
    }

    String httpUrl() {
        return SCHEME + name;
    }
}
