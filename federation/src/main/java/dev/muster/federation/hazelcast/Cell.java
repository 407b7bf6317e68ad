package dev.muster.federation.hazelcast;

import dev.muster.federation.detect.Detector;
import dev.muster.federation.detect.DetectorConfig;
import dev.muster.federation.detect.DetectorState;
import dev.muster.federation.detect.Effect;
import dev.muster.federation.detect.Event;
import dev.muster.federation.detect.Frame;
import dev.muster.federation.detect.FrameCodec;
import dev.muster.federation.detect.Now;
import dev.muster.federation.detect.Plane;
import dev.muster.federation.detect.ProbeResult;
import dev.muster.federation.detect.RosterEntry;
import dev.muster.federation.detect.Step;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.FrameReader;
import dev.muster.federation.member.Intent;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Transition;
import dev.muster.federation.member.Upness;
import dev.muster.federation.udp.UdpConfig;
import dev.muster.federation.udp.UdpMesh;
import dev.muster.federation.view.CellView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// This agent's part in its cell: runs the detector on a thread of its own, between datagrams,
/// Hazelcast, the probes and the disk. Thread-safe.
public final class Cell implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Cell.class.getName());

    private static final long TICK_MS = 100;
    private static final long SLOW_TICK_MS = 1000;
    private static final long ROSTER_SAVE_MS = 5000;
    private static final int WAITING_LIMIT = 10_000;

    /// So long for each known agent are joins spread after a start of all at once.
    private static final long JOIN_SPREAD_MS = 150;

    private final CellConfig config;
    private final InstantSource clock;
    private final FrameCodec codec;
    private final RunFiles files;
    private final HazelcastBus bus;
    private final @Nullable UdpMesh mesh;
    private final Planes planes;
    private final Manifests manifests;
    private final HintBook hints = new HintBook();
    private final CellNews news;
    private final ScheduledExecutorService loop;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicInteger waiting = new AtomicInteger();

    /// Datagrams with beats, which wait for the next tick or whatever comes before it while the
    /// mesh is calm: 126 of them come each second in a cell of 64, and to wake a thread for each
    /// costs more than to read them all.
    private final Queue<Event.Heard> beats = new ConcurrentLinkedQueue<>();

    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong servicesOverLimit = new AtomicLong();

    private volatile DetectorState state;
    private volatile boolean busWorks;
    private volatile List<String> remembered;

    /// As reported last; null before the first time, since "no services" is worth saying too.
    private volatile @Nullable List<ServiceState> reported;

    /// Confined to the loop, as what follows.
    private List<RosterEntry> savedRoster;

    private List<String> savedAddresses;
    private long rosterSavedMs;
    private long slowTickMs;
    private long routedVersion = -1;

    private Cell(CellConfig config, InstantSource clock, DetectorConfig detector, UdpMesh.Gate gate)
            throws IOException {
        this.config = config;
        this.clock = clock;
        this.codec = new FrameCodec(config.cell());
        this.files = new RunFiles(config.directory(), codec);
        this.savedRoster = files.roster();
        this.savedAddresses = files.addresses();
        this.remembered = savedAddresses;
        this.manifests =
                new Manifests(
                        config.cell(),
                        config.host(),
                        new ManifestStore(config.cell(), config.directory().resolve("manifests")));
        var inbox = new Inbox();
        Optional<UdpConfig> udp = config.udp();
        this.mesh = udp.isPresent() ? UdpMesh.open(udp.get(), inbox, gate) : null;
        long incarnation = files.nextIncarnation(clock.millis());
        this.state =
                DetectorState.start(
                        detector,
                        config.cell(),
                        RosterEntry.active(config.host(), config.httpUrl(), incarnation)
                                .at(mesh == null ? "" : mesh.address(), config.place()),
                        savedRoster,
                        now());
        AddressBook book = book();
        this.bus = new HazelcastBus("cell", config.member(), book, inbox);
        this.planes = new Planes(config.host(), bus, mesh, book);
        this.news = new CellNews(this::view);
        this.loop =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("muster-cell").factory());
    }

    /// Where other members may be: where they were last, where the roster's agents take beats, what
    /// the config names, and what its sources know.
    private AddressBook book() {
        List<Supplier<List<String>>> sources = new ArrayList<>();
        sources.add(() -> remembered);
        sources.add(config::seeds);
        sources.add(this::beatAddresses);
        sources.addAll(config.sources());
        return new AddressBook(config.port(), sources);
    }

    private List<String> beatAddresses() {
        return state.roster().stream()
                .filter(entry -> entry.presence() == RosterEntry.Presence.ACTIVE)
                .map(RosterEntry::beatAddress)
                .filter(address -> !address.isEmpty())
                .toList();
    }

    /// Starts to take part. Returns at once: joining, and joining again, goes on in the background.
    ///
    /// @throws UncheckedIOException if a port is in use or the directory cannot be written
    public static Cell join(CellConfig config, InstantSource clock) {
        return join(config, clock, DetectorConfig.defaults(), (peer, out) -> true);
    }

    /// @param gate which datagrams come through, for tests of what the network does
    static Cell join(
            CellConfig config, InstantSource clock, DetectorConfig detector, UdpMesh.Gate gate) {
        try {
            config.member().refusePortInUse("cell");
            var cell = new Cell(config, clock, detector, gate);
            cell.start();
            return cell;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // ends with the loop
    private void start() {
        news.start();
        if (mesh != null) {
            submit(new Event.Link(true));
            mesh.start();
        }
        long spreadMs = JOIN_SPREAD_MS * savedRoster.size();
        bus.delayStart(spreadMs == 0 ? 0 : new SplittableRandom().nextLong(spreadMs));
        bus.start();
        loop.scheduleWithFixedDelay(this::tick, 0, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /// Says what is known of this host's services. Cheap to call every second: only changes travel.
    /// Services beyond 1,024 are not told, and counted.
    public void report(List<ServiceState> services) {
        List<ServiceState> told = services;
        if (services.size() > FrameReader.SERVICE_LIMIT) {
            servicesOverLimit.set(services.size() - FrameReader.SERVICE_LIMIT);
            told = services.subList(0, FrameReader.SERVICE_LIMIT);
        }
        if (!told.equals(reported)) {
            List<ServiceState> copy = List.copyOf(told);
            reported = copy;
            submit(new Event.Scraped(copy));
        }
    }

    /// Says what this agent is about to do, so that it alarms nobody; a later intent replaces it,
    /// one that has expired takes it back.
    public void announce(Intent intent) {
        submit(new Event.Announced(intent));
    }

    /// Publishes what this agent scrapes, so that others can do it in its place: bytes that mean
    /// nothing to the cell. Cheap to call again with the same.
    ///
    /// @throws IllegalArgumentException if it is larger than 256 KiB
    public void manifest(byte[] content) {
        int hash = manifests.publish(content, state.incarnation(), bus::manifest);
        if (mesh != null) {
            mesh.manifest(hash);
        }
    }

    /// The newest manifest of that host's agent, whether it is there or not. Reads a file.
    public Optional<byte[]> manifest(String host) {
        return manifests.find(host).map(Manifest::content);
    }

    /// Names the newest manifest of that host's agent; 0 if there is none. Cheap.
    public int manifestHash(String host) {
        return manifests.hash(host);
    }

    /// The newest manifest of this agent, or that of another host's as this one has it, as a frame:
    /// what other agents ask for over HTTP, at `/api/v1/cell/manifest`. Reads a file.
    public Optional<byte[]> manifestFrame(String host) {
        return manifests.find(host).map(manifest -> manifest.encode(config.cell()));
    }

    /// Numbers what this agent tells of its metric names: asked for each beat, so it must be quick.
    ///
    /// @param number 0 while a name is not in what it tells
    public void hint(IntSupplier number) {
        planes.hint(number);
    }

    /// What that host's agent has just said of its hint; empty if it has not, or has none.
    public Optional<HintNumber> hint(String host) {
        return hints.find(host, now().monotonicMs());
    }

    /// Says who looks after the services of lost agents; hears at once of those lost already.
    public void takeover(TakeoverPort port) {
        news.takeover(port);
    }

    /// Tells what this agent sees of a host that it looks after, after each round of probes.
    /// Ignored once the host is given back.
    ///
    /// @param incarnation as in [TakeoverPort#takeOver]
    /// @param services those of that host
    /// @param hostProbe the best that any port of the host answered
    public void taken(
            String host, long incarnation, List<ServiceState> services, ProbeResult hostProbe) {
        submit(new Event.Taken(host, incarnation, services, hostProbe));
    }

    /// The cell as this agent sees it now.
    public CellView view() {
        DetectorState now = state;
        return new CellView(
                config.cell(),
                config.host(),
                now.version(),
                now.members(),
                now.degraded(),
                now.incarnation(),
                now.settled(),
                now.unixMs());
    }

    /// Whether the cell is full of agents that were there before this one: it should go elsewhere.
    public boolean isSurplus() {
        return state.surplus();
    }

    /// Calls the listener after changes, with the newest view, on a thread that only tells news:
    /// who is slow misses views in between, and holds up nothing but other listeners. Close to end
    /// it.
    public AutoCloseable subscribe(Consumer<CellView> listener) {
        return news.subscribe(listener);
    }

    /// Calls the listener with every transition of a host or a service of the cell, in order, on
    /// the same thread. If 10,000 wait, the oldest are dropped and counted. Close to end it.
    public AutoCloseable transitions(Consumer<Transition> listener) {
        return news.transitions(listener);
    }

    /// The way over Hazelcast.
    HazelcastBus bus() {
        return bus;
    }

    /// Counters.
    public CellStats stats() {
        return CellStats.of(
                state,
                new CellStats.Runtime(
                        busWorks,
                        bus.members(),
                        bus.recreations(),
                        refused.get() + bus.refused() + manifests.refused(),
                        dropped.get() + bus.dropped(),
                        waiting.get(),
                        servicesOverLimit.get(),
                        news.waiting(),
                        news.dropped(),
                        news.takenOver(),
                        manifests.size(),
                        manifests.pulls(),
                        manifests.pullFailures(),
                        planes.stats()));
    }

    /// Leaves on purpose: the others see it as left, not as down. Then as [#close()].
    public void leave() {
        finish(new Event.Leaving(), Duration.ZERO);
    }

    /// Goes away for a short time: others are told, and given a moment to look after the services
    /// of this host before this agent ceases to. Then as [#close()].
    ///
    /// @param back when it is expected to be back at the latest
    /// @param handOver how long the others are given, if there are any
    public void restart(Duration back, Duration handOver) {
        long untilMs = clock.millis() + back.toMillis();
        var intent = new Intent(Intent.Kind.RESTARTING, untilMs, config.host());
        boolean alone = view().membersUp() < 2;
        finish(new Event.Announced(intent), alone ? Duration.ZERO : handOver);
    }

    private void finish(Event last, Duration handOver) {
        try {
            loop.submit(() -> step(last)).get(1, TimeUnit.SECONDS);
            planes.flush();
            TimeUnit.MILLISECONDS.sleep(handOver.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            LOG.log(Level.WARNING, "cell left without saying so", e);
        }
        end(true);
    }

    /// Ends this member without a word, as a crash would.
    @Override
    public void close() {
        end(false);
    }

    private void end(boolean gracefully) {
        if (closed.compareAndSet(false, true)) {
            loop.shutdownNow();
            news.close();
            if (mesh != null) {
                mesh.close();
            }
            bus.close(gracefully);
        }
    }

    /// Takes what the threads of Hazelcast and of the socket bring, and hands it to the loop.
    private final class Inbox implements HazelcastBus.Receiver, UdpMesh.Receiver {
        @Override
        public void received(byte[] bytes) {
            try {
                if (HintWord.isOne(bytes)) {
                    hints.said(HintWord.decode(bytes), now().monotonicMs());
                    return;
                }
                Frame frame = codec.decode(bytes);
                submit(new Event.Heard(frame, Plane.BUS));
                if (frame instanceof Frame.Beat beat) {
                    hints.heardByBus(beat, now().monotonicMs());
                }
            } catch (FrameException e) {
                if (refused.getAndIncrement() % 1000 == 0) {
                    LOG.log(Level.WARNING, () -> "cell frame refused: " + e.getMessage());
                }
            }
        }

        @Override
        public long beat(byte[] bytes, int manifest, int hint) throws FrameException {
            if (codec.decode(bytes) instanceof Frame.Beat beat) {
                heard(new Event.Heard(beat, Plane.DIRECT));
                manifests.announced(beat.hostHash(), manifest);
                hints.announced(beat, hint, now().monotonicMs());
                return beat.hostHash();
            }
            throw new FrameException("datagram must hold a beat");
        }

        @Override
        public void frame(byte[] bytes, Optional<String> sender) throws FrameException {
            Frame frame = codec.decode(bytes);
            if (frame instanceof Frame.Ask) {
                sender.ifPresent(planes::asked);
            }
            submit(new Event.Heard(frame, Plane.DIRECT));
        }

        @Override
        public void manifest(String node, byte[] frame) {
            manifests.received(node, frame);
        }

        @Override
        public void addresses(List<String> addresses) {
            remembered = addresses;
        }

        @Override
        public void lost(String host) {
            submit(new Event.Lost(host));
        }

        @Override
        public void works(boolean works) {
            busWorks = works;
            submit(new Event.Bus(works));
        }
    }

    private void submit(Event event) {
        if (!mayWait(event)) {
            return;
        }
        try {
            loop.execute(() -> {
                waiting.decrementAndGet();
                hearBeats();
                guarded(event);
            });
        } catch (RejectedExecutionException e) {
            waiting.decrementAndGet();
        }
    }

    private void heard(Event.Heard beat) {
        if (mesh != null && !mesh.isCalm()) {
            submit(beat);
        } else if (mayWait(beat)) {
            beats.add(beat);
        }
    }

    private boolean mayWait(Event event) {
        if (waiting.incrementAndGet() > WAITING_LIMIT && event instanceof Event.Heard) {
            waiting.decrementAndGet();
            dropped.incrementAndGet();
            return false;
        }
        return true;
    }

    private void hearBeats() {
        for (Event.Heard beat = beats.poll(); beat != null; beat = beats.poll()) {
            waiting.decrementAndGet();
            guarded(beat);
        }
    }

    private void tick() {
        hearBeats();
        guarded(new Event.Tick());
        long nowMs = now().monotonicMs();
        if (nowMs - slowTickMs >= SLOW_TICK_MS) {
            slowTickMs = nowMs;
            slowTick(nowMs);
        }
    }

    private void slowTick(long nowMs) {
        DetectorState now = state;
        List<RosterEntry> roster = now.roster();
        manifests.tick(roster, nowMs);
        hints.forget(nowMs);
        planes.introduce(codec.encode(new Frame.RosterFrame(List.of(roster.getFirst()))));
        if (nowMs - rosterSavedMs >= ROSTER_SAVE_MS) {
            rosterSavedMs = nowMs;
            saveRoster(roster);
            saveAddresses(remembered);
            if (now.settled()) {
                var hosts = roster.stream().map(RosterEntry::host).collect(Collectors.toSet());
                bus.expect(hosts);
                manifests.retain(hosts);
            }
        }
    }

    private void guarded(Event event) {
        try {
            step(event);
        } catch (RuntimeException e) {
            LOG.log(
                    Level.ERROR,
                    () -> "cell event failed: event=" + event.getClass().getSimpleName(),
                    e);
        }
    }

    private void step(Event event) {
        DetectorState before = state;
        Step step = Detector.step(before, event, now());
        DetectorState after = step.state();
        state = after;
        if (after.version() != routedVersion) {
            routedVersion = after.version();
            planes.roster(after.roster());
        }
        step.effects().forEach(this::perform);
        if (before.version() != after.version()) {
            news.viewChanged();
        }
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.Send(Frame frame, boolean direct, boolean byBus) ->
                    send(frame, direct, byBus);
            case Effect.Probe probe ->
                    Thread.ofVirtual().name("muster-cell-probe").start(() -> probe(probe));
            case Effect.TakeOver(String host, long incarnation, String httpUrl) ->
                    news.takeOver(host, incarnation, httpUrl);
            case Effect.GiveBack(String host) -> news.giveBack(host);
            case Effect.Transited(Transition transition) -> news.transited(transition);
            case Effect.GroupDown(var place, var hosts, _) ->
                    LOG.log(
                            Level.WARNING,
                            () ->
                                    "cell rack down: zone="
                                            + place.zone()
                                            + ", rack="
                                            + place.rack()
                                            + ", hosts="
                                            + String.join(",", hosts));
            case Effect.Changed(String host, Upness before, Upness after) -> {
                if (mesh != null) {
                    mesh.hurry();
                }
                LOG.log(
                        Level.INFO,
                        () ->
                                "cell member changed: host="
                                        + host
                                        + ", before="
                                        + text(before)
                                        + ", after="
                                        + text(after));
            }
            case Effect.Reincarnated(long incarnation) -> {
                LOG.log(
                        Level.WARNING,
                        () ->
                                "cell knew a later run of this host, counted on: incarnation="
                                        + incarnation);
                save(() -> files.writeIncarnation(incarnation));
            }
        }
    }

    private static String text(Upness upness) {
        return upness.why()
                .map(cause -> upness.label() + " (" + cause.text() + ")")
                .orElse(upness.label());
    }

    private void send(Frame frame, boolean direct, boolean byBus) {
        byte[] bytes = codec.encode(frame);
        planes.send(frame, bytes, direct, byBus);
        if (frame instanceof Frame.Report report && report.agent().host().equals(config.host())) {
            bus.report(bytes);
        }
    }

    private void probe(Effect.Probe probe) {
        submit(
                new Event.Probed(
                        probe.host(), probe.incarnation(), HttpProbe.probe(probe.httpUrl())));
    }

    private void saveRoster(List<RosterEntry> roster) {
        if (!roster.equals(savedRoster) && save(() -> files.writeRoster(roster))) {
            savedRoster = roster;
        }
    }

    private void saveAddresses(List<String> addresses) {
        if (!addresses.equals(savedAddresses) && save(() -> files.writeAddresses(addresses))) {
            savedAddresses = addresses;
        }
    }

    private interface DiskWork {
        void run() throws IOException;
    }

    private static boolean save(DiskWork work) {
        try {
            work.run();
            return true;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cell files not written", e);
            return false;
        }
    }

    private Now now() {
        return new Now(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), clock.millis());
    }
}
