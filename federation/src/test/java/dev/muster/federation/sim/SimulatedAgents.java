package dev.muster.federation.sim;

import dev.muster.federation.detect.Detector;
import dev.muster.federation.detect.Effect;
import dev.muster.federation.detect.Event;
import dev.muster.federation.detect.Frame;
import dev.muster.federation.detect.FrameCodec;
import dev.muster.federation.detect.Plane;
import dev.muster.federation.detect.ProbeResult;
import dev.muster.federation.detect.Step;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import java.util.ArrayList;
import java.util.List;

/// What surrounds the detector in each agent: its clock, its ways to the others, its scrapes and
/// its probes. Confined to one thread.
final class SimulatedAgents {
    static final long TICK_MS = 100;
    private static final long SCRAPE_MS = 1000;
    private static final long REPORT_MS = 1000;
    private static final long TAKEN_MS = 1000;
    private static final long ANSWER_MS = 5;
    private static final long NO_ANSWER_MS = 700;

    /// IP and UDP headers; what Hazelcast and TCP add to a message, as measured.
    private static final int DATAGRAM_BYTES = 28;

    private static final int BUS_BYTES = 256;

    private final CellWorld world;
    private final FrameCodec codec;

    SimulatedAgents(CellWorld world, String cell) {
        this.world = world;
        this.codec = new FrameCodec(cell);
    }

    void tick(SimulatedHost host, int run) {
        if (host.run != run) {
            return;
        }
        if (host.isPaused(world.nowMs())) {
            world.plan(host.pausedUntilMs - world.nowMs(), CellWorld.TICK, host, null);
            return;
        }
        tell(host, new Event.Tick());
        world.plan(TICK_MS, CellWorld.TICK, host, null);
        world.tally().agentMs += TICK_MS;
    }

    /// An event for the agent; while its process stands still it waits.
    void tell(SimulatedHost host, Event event) {
        if (host.state == null) {
            return;
        }
        if (host.isPaused(world.nowMs())) {
            host.unread.add(event);
            return;
        }
        if (!host.unread.isEmpty()) {
            List<Event> unread = List.copyOf(host.unread);
            host.unread.clear();
            if (event instanceof Event.Tick && world.random.nextBoolean()) {
                step(host, event);
            }
            unread.forEach(missed -> step(host, missed));
        }
        step(host, event);
    }

    private void step(SimulatedHost host, Event event) {
        Step step = Detector.step(host.state(), event, host.now(world.nowMs()));
        host.state = step.state();
        world.tally().steps++;
        for (Effect effect : step.effects()) {
            perform(host, effect);
        }
    }

    private void perform(SimulatedHost by, Effect effect) {
        switch (effect) {
            case Effect.Send(Frame frame, boolean direct, boolean bus) ->
                    send(by, frame, direct, bus);
            case Effect.Probe probe -> probe(by, probe);
            case Effect.Changed(String host, _, Upness after) -> world.changed(by, host, after);
            case Effect.TakeOver(String host, long incarnation, _) ->
                    takeOver(by, world.host(world.indexOf(host)), incarnation);
            case Effect.GiveBack(String host) -> by.taken[world.indexOf(host)] = 0;
            case Effect.GroupDown _ -> {}
            case Effect.Transited(var transition) -> world.log.transited(by, transition);
            case Effect.Reincarnated(long incarnation) -> by.incarnation = incarnation;
        }
    }

    void scrape(SimulatedHost host, int run) {
        if (host.run != run || !host.alive) {
            return;
        }
        if (!host.isPaused(world.nowMs())) {
            var report = new Event.Scraped(host.services.scrape(host.unixMs(world.nowMs())));
            // the agent tells its cell in rounds of their own
            world.plan(world.random.nextLong(REPORT_MS), CellWorld.TELL, host, report);
        }
        world.plan(SCRAPE_MS, CellWorld.SCRAPE, host, null);
    }

    private void send(SimulatedHost by, Frame frame, boolean direct, boolean bus) {
        byte[] bytes = codec.encode(frame);
        Frame sent = decode(bytes);
        if (direct) {
            var heard = new Event.Heard(sent, Plane.DIRECT);
            for (SimulatedHost to : world.hosts) {
                if (to != by) {
                    world.tally().datagramBytes += bytes.length + DATAGRAM_BYTES;
                    deliver(world.network.datagramMs(by.index, to.index), to, heard);
                    if (world.network.isDoubled()) {
                        deliver(world.network.datagramMs(by.index, to.index), to, heard);
                    }
                }
            }
        }
        if (bus && by.busWorks) {
            var heard = new Event.Heard(sent, Plane.BUS);
            for (SimulatedHost to : world.hosts) {
                if (to != by && to.busWorks) {
                    world.tally().busBytes += bytes.length + BUS_BYTES;
                    deliver(world.network.busMs(by.index, to.index, world.nowMs()), to, heard);
                }
            }
        }
    }

    private void deliver(long delayMs, SimulatedHost to, Event.Heard heard) {
        if (delayMs != SimulatedNetwork.LOST && to.runs()) {
            world.plan(delayMs, CellWorld.TELL, to, heard);
        }
    }

    private Frame decode(byte[] bytes) {
        try {
            return codec.decode(bytes);
        } catch (FrameException e) {
            throw new AssertionError(e);
        }
    }

    private void probe(SimulatedHost by, Effect.Probe probe) {
        SimulatedHost to = world.host(world.indexOf(probe.host()));
        ProbeResult result;
        if (!to.alive || !world.network.asks(by.index, to.index)) {
            result = ProbeResult.SILENT;
        } else if (!to.runs()) {
            result = ProbeResult.REFUSED;
        } else {
            result = to.isPaused(world.nowMs()) ? ProbeResult.CONNECTED : ProbeResult.ALIVE;
        }
        boolean soon = result == ProbeResult.ALIVE || result == ProbeResult.REFUSED;
        world.plan(
                soon ? ANSWER_MS : NO_ANSWER_MS,
                CellWorld.TELL,
                by,
                new Event.Probed(probe.host(), probe.incarnation(), result));
    }

    // ---- takeover

    /// A round of probes of a host whose agent is lost.
    record Round(SimulatedHost of, long incarnation, int number) {}

    private void takeOver(SimulatedHost by, SimulatedHost of, long incarnation) {
        int number = ++by.rounds;
        by.taken[of.index] = number;
        world.plan(ANSWER_MS, CellWorld.TAKE, by, new Round(of, incarnation, number));
    }

    void take(SimulatedHost by, Round round) {
        SimulatedHost of = round.of;
        if (by.taken[of.index] != round.number || by.isPaused(world.nowMs())) {
            return;
        }
        boolean answers = of.alive && world.network.asks(by.index, of.index);
        long unixMs = by.unixMs(world.nowMs());
        List<ServiceState> seen = new ArrayList<>();
        boolean alive = false;
        for (int i = 0; i < of.services.count(); i++) {
            ServiceState known = of.services.named(i);
            boolean up = answers && of.services.runs(i);
            alive |= up;
            Health health = up ? Health.UP : Health.DOWN;
            String reason = up ? "" : answers ? "connection refused" : "timeout";
            seen.add(by.seen(of, i, known, health, reason, unixMs));
        }
        ProbeResult host =
                alive ? ProbeResult.ALIVE : answers ? ProbeResult.REFUSED : ProbeResult.SILENT;
        var taken = new Event.Taken(of.name, round.incarnation, seen, host);
        world.plan(answers ? ANSWER_MS : NO_ANSWER_MS, CellWorld.TELL, by, taken);
        world.plan(TAKEN_MS, CellWorld.TAKE, by, round);
    }
}
