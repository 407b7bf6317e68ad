package dev.muster.federation.detect;

import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.Health;
import dev.muster.federation.member.Intent;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Place;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Transition;
import dev.muster.federation.member.Upness;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A cell on virtual time: the detector and the codec of production, with a network, processes and
/// clocks that fail as told. The same seed gives the same run.
final class SimulatedCell {
    private static final FrameCodec CODEC = new FrameCodec("sim");

    /// @param atMs virtual time
    /// @param by who changed its mind
    record Change(long atMs, String by, String host, Upness after) {}

    /// @param atMs virtual time
    /// @param by who tells it
    record Told(long atMs, String by, Transition transition) {}

    /// @param atMs virtual time
    /// @param by who found it
    record Group(long atMs, String by, Effect.GroupDown group) {}

    private record Scheduled(long atMs, long order, Runnable run) {}

    /// One host with its agent.
    final class Agent {
        final String host;
        private final long monotonicBaseMs;
        private long clockErrorMs;
        @Nullable DetectorState state;
        boolean hostAlive = true;
        private long incarnation;

        /// Number of its process: it may count its incarnation on while it runs.
        private long run;

        private List<RosterEntry> disk = List.of();
        private long pausedUntilMs;
        final SortedMap<String, Long> taken = new TreeMap<>();
        List<ServiceState> services = List.of();
        Place place = Place.NONE;
        private final List<Event> unread = new ArrayList<>();

        private Agent(String host) {
            this.host = host;
            this.monotonicBaseMs = random.nextLong(1_000_000);
            this.clockErrorMs = random.nextLong(-3_600_000, 3_600_000);
        }

        /// When its services were started, by another's clock.
        private long startedUnixMs(Agent other) {
            return 1_700_000_000_000L + other.clockErrorMs;
        }

        boolean runs() {
            return state != null;
        }

        boolean isPaused() {
            return pausedUntilMs > nowMs;
        }

        DetectorState state() {
            if (state == null) {
                throw new IllegalStateException("agent must run: host=" + host);
            }
            return state;
        }

        Upness sees(String other) {
            return state().members().stream()
                    .filter(member -> member.host().equals(other))
                    .map(Member::upness)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(host + " does not know " + other));
        }

        /// All it knows of the members, but for times and beat numbers.
        List<String> facts() {
            return state().members().stream()
                    .map(m ->
                            m.host()
                                    + " "
                                    + m.incarnation()
                                    + " "
                                    + m.upness().label()
                                    + " "
                                    + m.services().stream()
                                            .map(s ->
                                                    s.instance() + "=" + s.up() + " " + s.reason())
                                            .toList())
                    .sorted()
                    .toList();
        }

        private Now now() {
            return new Now(nowMs + monotonicBaseMs, 1_700_000_000_000L + nowMs + clockErrorMs);
        }

        private void tell(Event event) {
            if (state == null) {
                return;
            }
            if (isPaused()) {
                if (!(event instanceof Event.Tick)) {
                    unread.add(event);
                }
                return;
            }
            List<Event> first = List.copyOf(unread);
            unread.clear();
            first.forEach(this::step);
            step(event);
        }

        private void step(Event event) {
            Step step = Detector.step(state(), event, now());
            state = step.state();
            step.effects().forEach(effect -> perform(this, effect));
        }
    }

    final Random random;
    final DetectorConfig config;
    final SortedMap<String, Agent> agents = new TreeMap<>();
    final List<Change> changes = new ArrayList<>();
    final List<Told> history = new ArrayList<>();
    final List<Group> groups = new ArrayList<>();

    private final PriorityQueue<Scheduled> queue =
            new PriorityQueue<>(
                    Comparator.comparingLong(Scheduled::atMs).thenComparingLong(Scheduled::order));

    /// By the host that is not heard, those that do not hear it.
    private final Map<String, Set<String>> cuts = new HashMap<>();

    private long order;
    private long nowMs;

    double loss;
    int delayMs = 20;
    boolean http = true;
    boolean hints = true;
    boolean busOnlyLoss;

    SimulatedCell(long seed, int size) {
        this(seed, size, DetectorConfig.defaults());
    }

    SimulatedCell(long seed, int size, DetectorConfig config) {
        this(seed, size, config, 0);
    }

    /// @param racks over which the hosts are spread in turn; 0 if none is told
    SimulatedCell(long seed, int size, DetectorConfig config, int racks) {
        this.random = new Random(seed);
        this.config = config;
        IntStream.range(0, size).forEach(i -> agents.put(host(i), new Agent(host(i))));
        if (racks > 0) {
            IntStream.range(0, size).forEach(i -> agent(i).place = new Place("z", "r" + i % racks));
        }
        agents.keySet().forEach(this::start);
        run(10_000);
    }

    static String host(int index) {
        return "h%02d".formatted(index);
    }

    Agent agent(int index) {
        return agent(host(index));
    }

    Agent agent(String host) {
        return Objects.requireNonNull(agents.get(host), host);
    }

    List<Agent> running() {
        return agents.values().stream().filter(Agent::runs).toList();
    }

    long nowMs() {
        return nowMs;
    }

    void run(long ms) {
        long endMs = nowMs + ms;
        while (!queue.isEmpty() && queue.peek().atMs <= endMs) {
            Scheduled next = queue.remove();
            nowMs = next.atMs;
            next.run.run();
        }
        nowMs = endMs;
    }

    void start(String host) {
        Agent agent = agent(host);
        agent.incarnation++;
        agent.run++;
        agent.unread.clear();
        agent.taken.clear();
        agent.pausedUntilMs = 0;
        agent.hostAlive = true;
        agent.state =
                DetectorState.start(
                        config,
                        "sim",
                        RosterEntry.active(host, "http://" + host, agent.incarnation)
                                .at(host + ":9642", agent.place),
                        agent.disk,
                        agent.now());
        long run = agent.run;
        at(random.nextInt(500), () -> agent.tell(new Event.Link(true)));
        at(random.nextInt(500), () -> agent.tell(new Event.Bus(true)));
        at(random.nextInt(100), () -> tick(agent, run));
    }

    private void tick(Agent agent, long run) {
        if (agent.state == null || agent.run != run) {
            return;
        }
        agent.tell(new Event.Tick());
        at(100, () -> tick(agent, run));
    }

    void report(int index, ServiceState... services) {
        agent(index).services = List.of(services);
        agent(index).tell(new Event.Scraped(List.of(services)));
    }

    /// The process ends; its host's kernel resets the connections.
    void kill(int index) {
        Agent agent = agent(index);
        end(agent);
        if (hints) {
            for (Agent other : running()) {
                at(
                        250 + random.nextInt(250),
                        () -> {
                            if (!isCut(agent, other) && agent.hostAlive) {
                                other.tell(new Event.Lost(agent.host));
                            }
                        });
            }
        }
    }

    /// The host ends, without a word.
    void powerOff(int index) {
        end(agent(index));
        agent(index).hostAlive = false;
    }

    void leave(int index) {
        agent(index).tell(new Event.Leaving());
        end(agent(index));
    }

    private static void end(Agent agent) {
        agent.disk = agent.state().roster();
        agent.state = null;
    }

    /// Only who is in the cell, not which run this is.
    void forgetRoster(int index) {
        agent(index).disk = List.of();
    }

    void forgetDisk(int index) {
        agent(index).disk = List.of();
        agent(index).incarnation = 0;
    }

    /// Its wall clock steps; the monotonic one goes on.
    void stepClock(int index, long ms) {
        agent(index).clockErrorMs += ms;
    }

    void announce(int index, Intent.Kind kind, long forMs) {
        Agent agent = agent(index);
        long untilMs = agent.now().unixMs() + forMs;
        agent.tell(new Event.Announced(new Intent(kind, untilMs, "test")));
    }

    void pause(int index, long ms) {
        agent(index).pausedUntilMs = nowMs + ms;
    }

    void cut(int from, int to) {
        cuts.computeIfAbsent(host(from), _ -> new HashSet<>()).add(host(to));
    }

    void cutBoth(int a, int b) {
        cut(a, b);
        cut(b, a);
    }

    /// The first `count` agents on one side, the others on the other.
    void split(int count) {
        for (int a = 0; a < count; a++) {
            for (int b = count; b < agents.size(); b++) {
                cutBoth(a, b);
            }
        }
    }

    void heal() {
        cuts.clear();
        loss = 0;
    }

    List<Change> downs() {
        return changes.stream().filter(c -> c.after instanceof Upness.Down).toList();
    }

    /// When the last of the running agents saw the host down, since then without a break; -1 if one
    /// does not.
    long downEverywhereAtMs(String host) {
        long last = -1;
        for (Agent observer : running()) {
            if (!(observer.sees(host) instanceof Upness.Down)) {
                return -1;
            }
            long at =
                    changes.stream()
                            .filter(c ->
                                    c.by.equals(observer.host)
                                            && c.host.equals(host)
                                            && c.after instanceof Upness.Down)
                            .mapToLong(Change::atMs)
                            .min()
                            .orElseThrow();
            last = Math.max(last, at);
        }
        return last;
    }

    private void at(long delay, Runnable run) {
        queue.add(new Scheduled(nowMs + delay, order++, run));
    }

    private boolean isCut(Agent from, Agent to) {
        return cuts.getOrDefault(from.host, Set.of()).contains(to.host);
    }

    private void perform(Agent by, Effect effect) {
        switch (effect) {
            case Effect.Send(Frame frame, _, _) -> send(by, throughTheCodec(frame));
            case Effect.Probe probe -> probe(by, probe);
            case Effect.Changed(String host, _, Upness after) ->
                    changes.add(new Change(nowMs, by.host, host, after));
            case Effect.TakeOver(String host, long incarnation, _) ->
                    takeOver(by, host, incarnation);
            case Effect.GiveBack(String host) -> by.taken.remove(host);
            case Effect.GroupDown group -> groups.add(new Group(nowMs, by.host, group));
            case Effect.Transited(Transition transition) ->
                    history.add(new Told(nowMs, by.host, transition));
            case Effect.Reincarnated(long incarnation) -> by.incarnation = incarnation;
        }
    }

    /// Probes the services of a lost agent each second, as long as they are not given back.
    private void takeOver(Agent by, String host, long incarnation) {
        by.taken.put(host, incarnation);
        lookAfter(by, by.run, host, incarnation);
    }

    private void lookAfter(Agent by, long run, String host, long incarnation) {
        if (by.run != run || !by.runs() || !Objects.equals(by.taken.get(host), incarnation)) {
            return;
        }
        Agent lost = agent(host);
        boolean reached = lost.hostAlive && !isCut(by, lost) && !isCut(lost, by);
        List<ServiceState> seen =
                lost.services.stream()
                        .map(s ->
                                ServiceState.peer(
                                        s.job(),
                                        s.instance(),
                                        reached ? s.health() : Health.DOWN,
                                        reached ? s.reason() : "timeout",
                                        lost.startedUnixMs(by)))
                        .toList();
        boolean answers = reached && seen.stream().anyMatch(ServiceState::up);
        ProbeResult best =
                answers ? ProbeResult.ALIVE : reached ? ProbeResult.REFUSED : ProbeResult.SILENT;
        at(reached ? 30 : 700, () -> by.tell(new Event.Taken(host, incarnation, seen, best)));
        at(1_000, () -> lookAfter(by, run, host, incarnation));
    }

    /// What every receiver reads of it: frames do not change, so that one reading is enough.
    private static Frame throughTheCodec(Frame frame) {
        try {
            return CODEC.decode(CODEC.encode(frame));
        } catch (FrameException e) {
            throw new AssertionError(e);
        }
    }

    private void send(Agent by, Frame frame) {
        for (Agent to : agents.values()) {
            if (to == by || !to.runs() || isCut(by, to) || random.nextDouble() < loss) {
                continue;
            }
            deliver(to, frame);
            if (random.nextInt(200) == 0) {
                deliver(to, frame);
            }
        }
    }

    private void deliver(Agent to, Frame frame) {
        long run = to.run;
        at(
                1 + random.nextInt(delayMs),
                () -> {
                    if (to.run == run) {
                        to.tell(new Event.Heard(frame, Plane.DIRECT));
                    }
                });
    }

    private void probe(Agent by, Effect.Probe probe) {
        Agent to = agent(probe.host());
        boolean lost = !busOnlyLoss && random.nextDouble() > Math.pow(1 - loss, 4);
        ProbeResult result;
        if (!http || lost || !to.hostAlive || isCut(by, to) || isCut(to, by)) {
            result = ProbeResult.SILENT;
        } else if (!to.runs()) {
            result = ProbeResult.REFUSED;
        } else {
            result = to.isPaused() ? ProbeResult.CONNECTED : ProbeResult.ALIVE;
        }
        long delay = result == ProbeResult.ALIVE || result == ProbeResult.REFUSED ? 5 : 700;
        at(delay, () -> by.tell(new Event.Probed(probe.host(), probe.incarnation(), result)));
    }
}
