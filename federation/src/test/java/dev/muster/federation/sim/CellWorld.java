package dev.muster.federation.sim;

import dev.muster.federation.check.LoggedEvent.Kind;
import dev.muster.federation.detect.DetectorConfig;
import dev.muster.federation.detect.DetectorState;
import dev.muster.federation.detect.Event;
import dev.muster.federation.detect.RosterEntry;
import dev.muster.federation.follow.Follower;
import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Intent;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.Upness;
import dev.muster.federation.stream.CellPublisher;
import dev.muster.federation.stream.StreamSession;
import dev.muster.federation.view.CellView;
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
    static final int TICK = 0;
    static final int TELL = 1;
    static final int SCRAPE = 2;
    private static final int FLUSH = 3;
    private static final int VIEW = 4;
    private static final int REFRESH = 5;
    private static final int RUN = 6;
    private static final int SAMPLE = 7;
    static final int TAKE = 8;

    static final int NOBODY = -1;
    private static final long SETTLE_MS = 10_000;

    /// Before each frame of a stream.
    private static final int LENGTH_BYTES = 4;

    /// A dead host or agent is started again within this time, as far as a log is concerned.
    private static final long LOGGED_MS = 10_000;

    private static final long RESTARTING_MS = 30_000;

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

    final EventLog log;
    private Tally tally = new Tally();
    private long eventsBefore;
    private final Plan plan;
    private final SimulatedAgents agents;
    private final TimeWheel wheel = new TimeWheel();
    private final Map<String, Integer> indexes = new HashMap<>();
    private final Verdicts verdicts = new Verdicts(this);
    private final Sampler sampler;
    private int sampled = NOBODY;

    /// Whether agents hear over the bus that the connection to another was reset.
    boolean hints = true;

    CellWorld(long seed, Plan plan) {
        this.plan = plan;
        this.random = new SplittableRandom(seed);
        this.network = new SimulatedNetwork(plan.size, random);
        this.agents = new SimulatedAgents(this, plan.name);
        this.log = new EventLog(this, plan.name);
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
        List<String> addresses = hosts.stream().map(SimulatedHost::httpUrl).toList();
        for (int i = 0; i < plan.queries; i++) {
            queries.add(new SimulatedQuery(this, i, addresses));
            wheel.in(2000 + random.nextInt(200), REFRESH, i, 0, null);
        }
        this.sampler = new Sampler(this);
        for (int i = 0; i < plan.size; i++) {
            start(i);
        }
        run(SETTLE_MS);
    }

    String name() {
        return plan.name;
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

    int indexOfUrl(String url) {
        return indexOf(url.substring(SimulatedHost.SCHEME.length()));
    }

    /// A host, by chance.
    int any() {
        return random.nextInt(plan.size);
    }

    // ---- time

    void plan(long delayMs, int kind, SimulatedHost host, @Nullable Object what) {
        wheel.in(delayMs, kind, host.index, host.run, what);
    }

    void run(long ms) {
        wheel.run(ms, this::handle);
    }

    /// Does something later.
    void in(long delayMs, Runnable what) {
        wheel.in(delayMs, RUN, NOBODY, 0, what);
    }

    /// Looks at every service of that host once a second, as query node 0 shows it, until told
    /// otherwise.
    void sampleOnly(int host) {
        if (sampled == NOBODY && host != NOBODY) {
            wheel.in(0, SAMPLE, NOBODY, 0, null);
        }
        sampled = host;
    }

    private void handle(int kind, int target, int run, @Nullable Object what) {
        switch (kind) {
            case TICK -> agents.tick(host(target), run);
            case TELL -> {
                SimulatedHost host = host(target);
                if (host.run == run && what instanceof Event event) {
                    agents.tell(host, event);
                }
            }
            case SCRAPE -> agents.scrape(host(target), run);
            case TAKE -> {
                if (what instanceof SimulatedAgents.Round round && host(target).run == run) {
                    agents.take(host(target), round);
                }
            }
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
                wheel.in(Follower.TICK_MS, REFRESH, target, 0, null);
            }
            case RUN -> {
                if (what instanceof Runnable script) {
                    script.run();
                }
            }
            case SAMPLE -> {
                if (sampled != NOBODY) {
                    sampler.sample(queries.getFirst(), host(sampled));
                    wheel.in(1000, SAMPLE, NOBODY, 0, null);
                }
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
        Arrays.fill(host.taken, 0);
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
                                .at(host.name + ":9642", new Place("z1", host.rack)),
                        host.disk,
                        host.now(nowMs()));
        wheel.in(random.nextInt(500), RUN, NOBODY, 0, (Runnable) () -> joinBus(host, host.run));
        host.publisher = new CellPublisher(() -> view(host, host.state()));
        log.began(host);
        plan(random.nextInt(100), TICK, host, null);
        plan(random.nextInt(1000), SCRAPE, host, null);
    }

    private void joinBus(SimulatedHost host, int run) {
        if (host.run == run && network.bus && !host.busWorks) {
            host.busWorks = true;
            agents.tell(host, new Event.Link(true));
            agents.tell(host, new Event.Bus(true));
        }
    }

    /// The agent's process ends; its host's kernel resets the connections.
    void kill(int index) {
        SimulatedHost host = host(index);
        log.fault(Kind.AGENT_DEAD, host, nowMs() + LOGGED_MS);
        end(host);
        for (SimulatedHost other : hosts) {
            if (hints && other.runs() && network.bus) {
                in(
                        250 + random.nextInt(250),
                        () -> {
                            if (host.alive && network.asks(other.index, index)) {
                                agents.tell(other, new Event.Lost(host.name));
                            }
                        });
            }
        }
        queries.forEach(query -> in(2, () -> query.reset(index)));
    }

    /// The host ends, without a word.
    void powerOff(int index) {
        log.fault(Kind.HOST_DEAD, host(index), nowMs() + LOGGED_MS);
        if (host(index).runs()) {
            end(host(index));
        }
        host(index).alive = false;
    }

    /// The agent says that it will be back at once, waits until others have taken over, ends, and
    /// is started again.
    void restart(int index, long waitMs, long awayMs) {
        SimulatedHost host = host(index);
        log.fault(Kind.ANNOUNCED, host, nowMs() + waitMs + awayMs);
        long untilMs = host.unixMs(nowMs()) + RESTARTING_MS;
        agents.tell(host, new Event.Announced(new Intent(Intent.Kind.RESTARTING, untilMs, "sim")));
        run(waitMs);
        end(host);
        queries.forEach(query -> in(2, () -> query.reset(index)));
        run(awayMs);
        start(index);
    }

    /// The agent says that it leaves, and ends.
    void leave(int index) {
        log.fault(Kind.LEFT, host(index), Long.MAX_VALUE);
        agents.tell(host(index), new Event.Leaving());
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
        log.fault(Kind.AGENT_PAUSED, host(index), nowMs() + ms);
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
                                agents.tell(host, new Event.Bus(false));
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
        // a pause goes on
        hosts.forEach(host -> host.recoveredMs = Math.max(host.pausedUntilMs, nowMs()));
        if (!busWorked) {
            bus(true);
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
        wheel.in(StreamSession.STEP_MS, FLUSH, host.index, host.run, stream);
        if (host.isPaused(nowMs()) || !host.alive) {
            return;
        }
        List<byte[]> frames = stream.step(host.publisher(), host.state().version(), nowMs());
        frames.forEach(frame -> tally.streamBytes += frame.length + LENGTH_BYTES);
        if (!frames.isEmpty() && !stream.query.cut) {
            var delivery = new SimulatedQuery.Delivery(stream, frames);
            wheel.in(1 + random.nextInt(5), VIEW, stream.query.index, 0, delivery);
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

    // ---- what is measured

    void changed(SimulatedHost by, String name, Upness after) {
        verdicts.changed(by, host(indexOf(name)), after);
    }

    void shown(SimulatedQuery query, int index, Member member) {
        verdicts.shown(query, host(index), member);
    }

    void look(SimulatedQuery query) {
        verdicts.look(query);
    }

    /// From now on every query node is to show the host like that.
    void expect(int host, Predicate<Member> holds) {
        verdicts.expect(host(host), holds);
    }

    /// From now on every query node is to show the host down.
    void expectDown(int host) {
        expect(host, member -> member.upness() instanceof Upness.Down);
    }

    /// Looks at what was expected, and begins anew.
    ///
    /// @param causes what may be shown as the cause of a host that is down
    void conclude(Cause... causes) {
        verdicts.conclude(List.of(causes));
    }

    /// Whether all query nodes show the same, and all who run and no others as up.
    boolean isWhole() {
        return verdicts.allTrue() && verdicts.allEqual();
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
