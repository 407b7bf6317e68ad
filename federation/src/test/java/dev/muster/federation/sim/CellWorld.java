package dev.muster.federation.sim;

import dev.muster.federation.detect.Detector;
import dev.muster.federation.detect.DetectorConfig;
import dev.muster.federation.detect.DetectorState;
import dev.muster.federation.detect.Effect;
import dev.muster.federation.detect.Event;
import dev.muster.federation.detect.Frame;
import dev.muster.federation.detect.FrameCodec;
import dev.muster.federation.detect.Plane;
import dev.muster.federation.detect.ProbeResult;
import dev.muster.federation.detect.RosterEntry;
import dev.muster.federation.detect.Step;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import dev.muster.federation.view.CellViewCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One cell on virtual time, its hosts and services, and the query nodes that follow it: the
/// classes of production in surroundings that fail as told. The same seed gives the same run.
/// Confined to one thread.
final class CellWorld {
    private static final int TICK = 0;
    private static final int TELL = 1;
    private static final int SCRAPE = 2;
    private static final int FLUSH = 3;
    private static final int VIEW = 4;
    private static final int REFRESH = 5;
    private static final int RUN = 6;
    private static final int SAMPLE = 7;

    private static final int NOBODY = -1;
    private static final long TICK_MS = 100;
    private static final long SCRAPE_MS = 1000;
    private static final long REPORT_MS = 1000;
    private static final long FLUSH_MS = 250;
    private static final long KEEP_ALIVE_MS = 1000;
    private static final long SETTLE_MS = 10_000;

    /// A verdict may still be under way when its reason ends.
    private static final long GRACE_MS = 3000;

    /// IP and UDP headers; what Hazelcast and TCP add to a message, as measured.
    private static final int DATAGRAM_BYTES = 28;

    private static final int BUS_BYTES = 256;

    /// How a cell is set up.
    ///
    /// @param name of the cell
    /// @param size how many hosts, 1 to 64
    /// @param services how many on each
    /// @param queries how many query nodes
    record Plan(String name, int size, int services, int queries, DetectorConfig detector) {
        Plan {
            if (size < 1 || size > 64) {
                throw new IllegalArgumentException("cell must have 1 to 64 hosts: size=" + size);
            }
        }

        static Plan of(int size) {
            return new Plan("c0", size, 3, 2, DetectorConfig.defaults());
        }
    }

    final SplittableRandom random;
    final SimulatedNetwork network;
    final List<SimulatedHost> hosts = new ArrayList<>();
    final List<SimulatedQuery> queries = new ArrayList<>();

    private Tally tally = new Tally();
    private long eventsBefore;
    private final Plan plan;
    private final FrameCodec codec;
    private final CellViewCodec views = new CellViewCodec();
    private final TimeWheel wheel = new TimeWheel();
    private final Map<String, Integer> indexes = new HashMap<>();
    private final List<Expectation> expectations = new ArrayList<>();
    private final Sampler sampler;

    /// Whether views are encoded, to know their size.
    boolean measuresViews;

    /// Whether agents hear over the bus that the connection to another was reset.
    boolean hints = true;

    CellWorld(long seed, Plan plan) {
        this.plan = plan;
        this.random = new SplittableRandom(seed);
        this.network = new SimulatedNetwork(plan.size, random);
        this.codec = new FrameCodec(plan.name);
        for (int i = 0; i < plan.size; i++) {
            String name = "%s-h%02d".formatted(plan.name, i);
            hosts.add(
                    new SimulatedHost(
                            i,
                            name,
                            "r" + i / 2,
                            new SimulatedServices(name, plan.services),
                            plan.size,
                            random.nextLong(1_000_000),
                            random.nextLong(-1000, 1000)));
            indexes.put(name, i);
        }
        for (int i = 0; i < plan.queries; i++) {
            queries.add(new SimulatedQuery(this, i, plan.size));
            wheel.in(2000 + random.nextInt(200), REFRESH, i, 0, null);
        }
        this.sampler = new Sampler(this);
        for (int i = 0; i < plan.size; i++) {
            start(i);
        }
        run(SETTLE_MS);
    }

    int size() {
        return plan.size;
    }

    long nowMs() {
        return wheel.nowMs();
    }

    SimulatedHost host(int index) {
        return hosts.get(index);
    }

    int indexOf(String host) {
        Integer index = indexes.get(host);
        if (index == null) {
            throw new AssertionError("host must be of this cell: host=" + host);
        }
        return index;
    }

    /// A host, by chance.
    int any() {
        return random.nextInt(plan.size);
    }

    // ---- time

    void run(long ms) {
        wheel.run(ms, this::handle);
    }

    /// Does something later.
    void in(long delayMs, Runnable what) {
        wheel.in(delayMs, RUN, NOBODY, 0, what);
    }

    /// Begins to look at every service once a second, as query node 0 shows it.
    void sample() {
        wheel.in(1000, SAMPLE, NOBODY, 0, null);
    }

    private void handle(int kind, int target, int run, @Nullable Object what) {
        switch (kind) {
            case TICK -> tick(host(target), run);
            case TELL -> {
                SimulatedHost host = host(target);
                if (host.run == run && what instanceof Event event) {
                    tell(host, event);
                }
            }
            case SCRAPE -> scrape(host(target), run);
            case FLUSH -> {
                if (what instanceof SimulatedQuery.Stream stream && host(target).run == run) {
                    flush(host(target), stream);
                }
            }
            case VIEW -> {
                if (what instanceof SimulatedQuery.Delivery delivery) {
                    queries.get(target).received(delivery);
                }
            }
            case REFRESH -> {
                queries.get(target).refresh();
                wheel.in(SimulatedQuery.REFRESH_MS, REFRESH, target, 0, null);
            }
            case RUN -> {
                if (what instanceof Runnable script) {
                    script.run();
                }
            }
            case SAMPLE -> {
                sampler.sample(queries.getFirst());
                wheel.in(1000, SAMPLE, NOBODY, 0, null);
            }
            default -> throw new AssertionError("event must be of a known kind: " + kind);
        }
    }

    // ---- faults

    /// Starts the agent of a host, and the host.
    void start(int index) {
        SimulatedHost host = host(index);
        host.incarnation++;
        host.run++;
        host.unread.clear();
        host.pausedUntilMs = 0;
        host.alive = true;
        host.recoveredMs = nowMs();
        Arrays.fill(host.downSeenMs, Expectation.NOT_YET);
        host.state =
                DetectorState.start(
                        plan.detector,
                        "sim",
                        RosterEntry.active(host.name, host.httpUrl(), host.incarnation)
                                .at(host.name + ":9642", Place.NONE),
                        host.disk,
                        host.now(nowMs()));
        wheel.in(random.nextInt(500), RUN, NOBODY, 0, (Runnable) () -> joinBus(host, host.run));
        wheel.in(random.nextInt(100), TICK, index, host.run, null);
        wheel.in(random.nextInt(1000), SCRAPE, index, host.run, null);
    }

    private void joinBus(SimulatedHost host, int run) {
        if (host.run == run && network.bus && !host.busWorks) {
            host.busWorks = true;
            tell(host, new Event.Link(true));
            tell(host, new Event.Bus(true));
        }
    }

    /// The agent's process ends; its host's kernel resets the connections.
    void kill(int index) {
        SimulatedHost host = host(index);
        end(host);
        for (SimulatedHost other : hosts) {
            if (hints && other.runs() && network.bus) {
                in(
                        250 + random.nextInt(250),
                        () -> {
                            if (host.alive && network.asks(other.index, index)) {
                                tell(other, new Event.Lost(host.name));
                            }
                        });
            }
        }
        queries.forEach(query -> in(2, () -> query.reset(index)));
    }

    /// The host ends, without a word.
    void powerOff(int index) {
        if (host(index).runs()) {
            end(host(index));
        }
        host(index).alive = false;
    }

    /// The agent says that it leaves, and ends.
    void leave(int index) {
        tell(host(index), new Event.Leaving());
        end(host(index));
        queries.forEach(query -> in(2, () -> query.reset(index)));
    }

    private void end(SimulatedHost host) {
        host.disk = host.state().roster();
        host.state = null;
        host.busWorks = false;
        host.run++;
    }

    /// The agent's process stands still.
    void pause(int index, long ms) {
        host(index).pausedUntilMs = nowMs() + ms;
        host(index).recoveredMs = nowMs() + ms;
    }

    /// The host can send, but hears nothing: it is not cut off for that.
    void deaf(int index, boolean deaf) {
        host(index).deaf = deaf;
        host(index).recoveredMs = nowMs();
    }

    /// A machine of the same name takes the place of a host.
    void forgetDisk(int index) {
        host(index).disk = List.of();
    }

    void stopService(int host, int service) {
        host(host).services.stop(service, nowMs());
    }

    void startService(int host, int service) {
        host(host).services.start(service, nowMs());
    }

    /// Hazelcast of the whole cell breaks, or works again.
    void bus(boolean works) {
        network.bus = works;
        for (SimulatedHost host : hosts) {
            if (!works) {
                in(
                        random.nextInt(1000),
                        () -> {
                            if (!network.bus && host.runs() && host.busWorks) {
                                host.busWorks = false;
                                tell(host, new Event.Bus(false));
                            }
                        });
            } else {
                int run = host.run;
                in(random.nextInt(10_000), () -> joinBus(host, run));
            }
        }
    }

    /// Ends every fault of the network.
    void heal() {
        boolean busWorked = network.bus;
        network.heal();
        hosts.forEach(host -> host.recoveredMs = nowMs());
        if (!busWorked) {
            bus(true);
        }
    }

    // ---- an agent

    private void tick(SimulatedHost host, int run) {
        if (host.run != run) {
            return;
        }
        if (host.isPaused(nowMs())) {
            wheel.in(host.pausedUntilMs - nowMs(), TICK, host.index, run, null);
            return;
        }
        tell(host, new Event.Tick());
        wheel.in(TICK_MS, TICK, host.index, run, null);
        tally.agentMs += TICK_MS;
    }

    private void tell(SimulatedHost host, Event event) {
        if (host.state == null) {
            return;
        }
        if (host.isPaused(nowMs())) {
            host.unread.add(event);
            return;
        }
        if (!host.unread.isEmpty()) {
            List<Event> unread = List.copyOf(host.unread);
            host.unread.clear();
            if (event instanceof Event.Tick && random.nextBoolean()) {
                step(host, event);
            }
            unread.forEach(missed -> step(host, missed));
        }
        step(host, event);
    }

    private void step(SimulatedHost host, Event event) {
        Step step = Detector.step(host.state(), event, host.now(nowMs()));
        host.state = step.state();
        tally.steps++;
        for (Effect effect : step.effects()) {
            perform(host, effect);
        }
    }

    private void perform(SimulatedHost by, Effect effect) {
        switch (effect) {
            case Effect.Send(Frame frame, _, _) -> send(by, frame);
            case Effect.Probe probe -> probe(by, probe);
            case Effect.Changed(String host, _, Upness after) -> changed(by, host, after);
            case Effect.TakeOver _, Effect.GiveBack _, Effect.Transited _ -> {}
            case Effect.Reincarnated(long incarnation) -> by.incarnation = incarnation;
        }
    }

    private void scrape(SimulatedHost host, int run) {
        if (host.run != run || !host.alive) {
            return;
        }
        if (!host.isPaused(nowMs())) {
            var states = host.services.scrape(host.unixMs(nowMs()));
            var report = new Event.Scraped(states);
            // the agent tells its cell in rounds of their own
            wheel.in(random.nextLong(REPORT_MS), TELL, host.index, run, report);
        }
        wheel.in(SCRAPE_MS, SCRAPE, host.index, run, null);
    }

    private void send(SimulatedHost by, Frame frame) {
        byte[] bytes = codec.encode(frame);
        boolean datagram = frame instanceof Frame.Beat;
        var heard = new Event.Heard(decode(bytes), datagram ? Plane.DIRECT : Plane.BUS);
        for (SimulatedHost to : hosts) {
            if (to == by) {
                continue;
            }
            if (datagram) {
                tally.datagramBytes += bytes.length + DATAGRAM_BYTES;
                deliver(network.datagramMs(by.index, to.index), to, heard);
                if (network.isDoubled()) {
                    deliver(network.datagramMs(by.index, to.index), to, heard);
                }
            } else if (by.busWorks && to.busWorks) {
                tally.busBytes += bytes.length + BUS_BYTES;
                deliver(network.busMs(by.index, to.index, nowMs()), to, heard);
            }
        }
    }

    private void deliver(long delayMs, SimulatedHost to, Event.Heard heard) {
        if (delayMs != SimulatedNetwork.LOST && to.runs()) {
            wheel.in(delayMs, TELL, to.index, to.run, heard);
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
        SimulatedHost to = host(indexOf(probe.host()));
        ProbeResult result;
        if (!to.alive || !network.asks(by.index, to.index)) {
            result = ProbeResult.SILENT;
        } else if (!to.runs()) {
            result = ProbeResult.REFUSED;
        } else {
            result = to.isPaused(nowMs()) ? ProbeResult.CONNECTED : ProbeResult.ALIVE;
        }
        long delayMs = result == ProbeResult.ALIVE || result == ProbeResult.REFUSED ? 5 : 700;
        wheel.in(
                delayMs,
                TELL,
                by.index,
                by.run,
                new Event.Probed(probe.host(), probe.incarnation(), result));
    }

    private void changed(SimulatedHost by, String name, Upness after) {
        SimulatedHost host = host(indexOf(name));
        if (!(after instanceof Upness.Down(_, Cause cause))) {
            return;
        }
        if (host.downSeenMs[by.index] == Expectation.NOT_YET) {
            host.downSeenMs[by.index] = nowMs();
        }
        if (isFalse(host)) {
            tally.falseAtAgents++;
            tally.example(
                    "%d ms: agent %s calls %s down, %s".formatted(nowMs(), by.name, name, cause));
        }
    }

    // ---- query nodes

    /// Opens a stream: the agent begins to send after a while, or never.
    void connect(SimulatedQuery.Stream stream, long delayMs) {
        SimulatedHost host = host(stream.agent);
        if (host.alive && !host.runs()) {
            in(delayMs, () -> stream.query.reset(stream.agent));
        } else {
            wheel.in(delayMs, FLUSH, stream.agent, host.run, stream);
        }
    }

    private void flush(SimulatedHost host, SimulatedQuery.Stream stream) {
        if (!stream.open || !host.runs()) {
            return;
        }
        wheel.in(FLUSH_MS, FLUSH, host.index, host.run, stream);
        if (host.isPaused(nowMs()) || !host.alive) {
            return;
        }
        DetectorState state = host.state();
        if (state.version() != stream.sentVersion || nowMs() - stream.sentMs >= KEEP_ALIVE_MS) {
            stream.sentVersion = state.version();
            stream.sentMs = nowMs();
            CellView view = view(host, state);
            if (measuresViews) {
                tally.streamBytes += views.encode(view).length + 4;
            }
            if (!stream.query.cut) {
                var delivery = new SimulatedQuery.Delivery(stream, view);
                wheel.in(1 + random.nextInt(5), VIEW, stream.query.index, 0, delivery);
            }
        }
    }

    private CellView view(SimulatedHost host, DetectorState state) {
        return new CellView(
                plan.name,
                host.name,
                state.version(),
                state.members(),
                state.degraded(),
                state.incarnation(),
                state.settled(),
                state.unixMs());
    }

    /// A query node shows another state of a member.
    void shown(SimulatedQuery query, int index, Member member) {
        if (member.upness() instanceof Upness.Down(_, Cause cause) && isFalse(host(index))) {
            tally.falseAtQueries++;
            tally.example(
                    "%d ms: query node %d shows %s down, %s"
                            .formatted(nowMs(), query.index, member.host(), cause));
        }
    }

    void look(SimulatedQuery query) {
        expectations.forEach(expectation -> expectation.look(query, nowMs()));
    }

    // ---- what is true

    /// Whether nothing is wrong with a host and its agent, nor was a moment ago.
    boolean isFalse(SimulatedHost host) {
        return host.alive
                && host.runs()
                && !host.isPaused(nowMs())
                && nowMs() - host.recoveredMs > GRACE_MS
                && (host.deaf || 3 * network.cutsOf(host.index) < 2 * (plan.size - 1));
    }

    // ---- what is measured

    /// From now on every query node is to show the host like that.
    void expect(int host, Predicate<Member> holds) {
        Arrays.fill(host(host).downSeenMs, Expectation.NOT_YET);
        expectations.add(new Expectation(host, nowMs(), queries.size(), holds));
    }

    /// From now on every query node is to show the host down.
    void expectDown(int host) {
        expect(host, member -> member.upness() instanceof Upness.Down);
    }

    /// Looks at what was expected, and begins anew.
    ///
    /// @param causes what may be shown as the cause of a host that is down
    void conclude(Cause... causes) {
        for (Expectation expectation : expectations) {
            long took = expectation.tookMs();
            if (took == Expectation.NOT_YET) {
                tally.missed++;
                tally.example(
                        "%d ms: %s not shown by all, its fault is %d ms old"
                                .formatted(
                                        nowMs(),
                                        host(expectation.host).name,
                                        nowMs() - expectation.fromMs));
            } else {
                tally.atQueries.add(took);
            }
            atAgents(expectation);
            causes(expectation.host, List.of(causes));
        }
        expectations.clear();
    }

    private void atAgents(Expectation expectation) {
        SimulatedHost host = host(expectation.host);
        long last = Expectation.NOT_YET;
        for (SimulatedHost observer : hosts) {
            if (observer != host && observer.runs() && !observer.isPaused(nowMs())) {
                long seen = host.downSeenMs[observer.index];
                if (seen == Expectation.NOT_YET) {
                    return;
                }
                last = Math.max(last, seen - expectation.fromMs);
            }
        }
        if (last != Expectation.NOT_YET) {
            tally.atAgents.add(last);
        }
    }

    private void causes(int host, List<Cause> causes) {
        for (SimulatedQuery query : queries) {
            Member member = query.shown(host);
            if (member != null
                    && member.upness() instanceof Upness.Down(_, Cause cause)
                    && !causes.contains(cause)) {
                tally.wrongCause++;
                tally.example(
                        "%d ms: query node %d shows %s as %s, expected %s"
                                .formatted(nowMs(), query.index, member.host(), cause, causes));
            }
        }
    }

    /// Whether all query nodes show the same, and nobody but those who should be as not up.
    boolean allEqual() {
        List<String> first = facts(queries.getFirst());
        return queries.stream().allMatch(query -> facts(query).equals(first));
    }

    /// Whether every query node shows every running agent as up, with its services as they are.
    boolean allTrue() {
        for (SimulatedQuery query : queries) {
            query.state();
            for (SimulatedHost host : hosts) {
                Member member = query.shown(host.index);
                boolean up = member != null && member.isUp();
                if (up != host.runs()) {
                    return false;
                }
            }
        }
        return true;
    }

    private List<String> facts(SimulatedQuery query) {
        return query.state().members().stream()
                .map(m ->
                        m.host()
                                + m.incarnation()
                                + m.upness().label()
                                + m.services().stream().map(Sampler::value).toList())
                .toList();
    }

    Tally tally() {
        return tally;
    }

    /// Hands over what was counted so far, and counts anew.
    Tally take() {
        Tally taken = tally;
        taken.events = wheel.handled() - eventsBefore;
        eventsBefore = wheel.handled();
        tally = new Tally();
        return taken;
    }
}
