package dev.muster.federation.sim;

import dev.muster.federation.check.LoggedEvent;
import dev.muster.federation.member.Transition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What the agents of a cell write into their histories, and what was done to them, on virtual
/// time. Confined to one thread.
final class EventLog {
    private final String cell;
    private final CellWorld world;
    private final List<LoggedEvent> events = new ArrayList<>();

    EventLog(CellWorld world, String cell) {
        this.world = world;
        this.cell = cell;
    }

    void began(SimulatedHost host) {
        events.add(new LoggedEvent.Began(node(host), world.nowMs()));
    }

    /// All that was written.
    List<LoggedEvent> close() {
        for (SimulatedHost host : world.hosts) {
            if (host.runs()) {
                events.add(new LoggedEvent.Alive(node(host), world.nowMs()));
            }
        }
        return List.copyOf(events);
    }

    void fault(LoggedEvent.Kind kind, SimulatedHost host, long untilMs) {
        var target = LoggedEvent.Target.host(cell, host.name);
        events.add(new LoggedEvent.Fault(kind, target, world.nowMs(), untilMs));
    }

    /// Clocks of agents err; in the log they are set right, as its reader compares agents.
    void transited(SimulatedHost by, Transition t) {
        events.add(
                new LoggedEvent.Change(
                        node(by),
                        cell,
                        t.host(),
                        t.job(),
                        t.instance(),
                        by.virtualMs(t.atMs()),
                        by.virtualMs(t.decidedMs()),
                        t.from(),
                        t.to(),
                        t.cause().name().toLowerCase(Locale.ROOT),
                        t.provenance().label(),
                        t.witnesses(),
                        t.version()));
    }

    private String node(SimulatedHost host) {
        return cell + "/" + host.name;
    }
}
