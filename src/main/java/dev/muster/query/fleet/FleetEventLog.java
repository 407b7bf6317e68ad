package dev.muster.query.fleet;

import dev.muster.federation.events.EventLog;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Provenance;
import dev.muster.federation.member.Transition;
import dev.muster.federation.view.FleetDigest;
import dev.muster.federation.view.FleetEvent;
import dev.muster.federation.view.FleetEvent.Kind;
import dev.muster.federation.view.FleetState;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// Logs for checks what this query node shows: each change, and each second that it lives and what
/// its whole state comes to. Drawn in `docs/format/event-log.md`. A thread of its own.
public final class FleetEventLog implements AutoCloseable {
    private static final long ROUND_MS = 100;
    private static final int ROUNDS_A_SECOND = 10;
    private static final int WAITING_LIMIT = 100_000;

    private final EventLog log;
    private final Supplier<FleetState> fleet;
    private final FleetDigest digest = new FleetDigest();
    private final Queue<Transition> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final ScheduledExecutorService rounds =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("fleet-event-log").factory());
    private long round;

    /// @param log becomes this one's to close
    public FleetEventLog(EventLog log, Supplier<FleetState> fleet) {
        this.log = log;
        this.fleet = fleet;
    }

    /// Begins; returns at once.
    public void start() {
        var _ = rounds.scheduleAtFixedRate(this::round, ROUND_MS, ROUND_MS, TimeUnit.MILLISECONDS);
    }

    /// Something has changed; returns at once. More than a hundred thousand changes that wait are
    /// dropped and counted.
    public void changed(FleetEvent event) {
        Optional<Transition> transition = transition(event);
        if (transition.isEmpty()) {
            return;
        }
        if (count.get() >= WAITING_LIMIT) {
            dropped.incrementAndGet();
            return;
        }
        count.incrementAndGet();
        waiting.add(transition.get());
    }

    private static Optional<Transition> transition(FleetEvent event) {
        boolean ofTarget = event.kind() == Kind.HOST || event.kind() == Kind.SERVICE;
        return ofTarget
                ? Optional.of(
                        new Transition(
                                event.cell(),
                                event.host(),
                                event.job(),
                                event.instance(),
                                Math.min(event.sinceMs(), event.atMs()),
                                event.atMs(),
                                event.from(),
                                event.to(),
                                event.cause(),
                                provenance(event),
                                event.witnesses(),
                                0))
                : Optional.empty();
    }

    private static Provenance provenance(FleetEvent event) {
        if (event.kind() == Kind.SERVICE) {
            return event.provenance();
        }
        return switch (event.to()) {
            case "up", "left" -> Provenance.OWN;
            case "down" -> event.cause() == Cause.HOST_DOWN ? Provenance.HOST : Provenance.PEER;
            default -> Provenance.NONE;
        };
    }

    /// Writes what waits, and once a second what the state comes to.
    void round() {
        for (Transition next = waiting.poll(); next != null; next = waiting.poll()) {
            count.decrementAndGet();
            log.change(next);
        }
        if (round++ % ROUNDS_A_SECOND == 0) {
            log.alive();
            log.digest(digest.of(fleet.get()));
        }
    }

    /// Changes that could not be logged, because too many waited or the file could not be written.
    public long lost() {
        return dropped.get() + log.failures();
    }

    @Override
    public void close() {
        rounds.shutdownNow();
        log.close();
    }
}
