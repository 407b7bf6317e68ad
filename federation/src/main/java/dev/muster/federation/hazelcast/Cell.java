package dev.muster.federation.hazelcast;

import dev.muster.federation.detect.Count;
import dev.muster.federation.detect.Detector;
import dev.muster.federation.detect.DetectorConfig;
import dev.muster.federation.detect.DetectorState;
import dev.muster.federation.detect.Effect;
import dev.muster.federation.detect.Event;
import dev.muster.federation.detect.Frame;
import dev.muster.federation.detect.FrameCodec;
import dev.muster.federation.detect.Now;
import dev.muster.federation.detect.Plane;
import dev.muster.federation.detect.RosterEntry;
import dev.muster.federation.detect.Step;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.FrameReader;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
import org.jspecify.annotations.Nullable;

/// This agent's part in its cell: runs the detector on a thread of its own, between Hazelcast, the
/// probes and the disk. Thread-safe.
public final class Cell implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Cell.class.getName());

    private static final long TICK_MS = 100;
    private static final long ROSTER_SAVE_MS = 5000;
    private static final int WAITING_LIMIT = 10_000;

    private final CellConfig config;
    private final InstantSource clock;
    private final FrameCodec codec;
    private final RunFiles files;
    private final HazelcastBus bus;
    private final ScheduledExecutorService loop;
    private final CopyOnWriteArrayList<Consumer<CellView>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong servicesOverLimit = new AtomicLong();

    private volatile DetectorState state;
    private volatile boolean busWorks;

    /// As reported last; null before the first time, since "no services" is worth saying too.
    private volatile @Nullable List<ServiceState> reported;

    /// Confined to the loop.
    private List<RosterEntry> savedRoster;

    private long rosterSavedMs;

    private Cell(CellConfig config, InstantSource clock, DetectorConfig detector)
            throws IOException {
        this.config = config;
        this.clock = clock;
        this.codec = new FrameCodec(config.cell());
        this.files = new RunFiles(config.directory(), codec);
        this.savedRoster = files.roster();
        long incarnation = files.nextIncarnation(clock.millis());
        this.state =
                DetectorState.start(
                        detector,
                        config.cell(),
                        RosterEntry.active(config.host(), config.httpUrl(), incarnation),
                        savedRoster,
                        now());
        this.bus = new HazelcastBus("cell", config.place(), new Inbox());
        this.loop =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("muster-cell").factory());
    }

    /// Starts to take part. Returns at once: joining, and joining again, goes on in the background.
    ///
    /// @throws UncheckedIOException if the port is in use or the directory cannot be written
    public static Cell join(CellConfig config, InstantSource clock) {
        return join(config, clock, DetectorConfig.defaults());
    }

    static Cell join(CellConfig config, InstantSource clock, DetectorConfig detector) {
        try {
            config.place().refusePortInUse("cell");
            var cell = new Cell(config, clock, detector);
            cell.start();
            return cell;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // ends with the loop
    private void start() {
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

    /// Calls the listener after each change, on a thread of the cell: it must not block. Close to
    /// end it.
    public AutoCloseable subscribe(Consumer<CellView> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /// Counters.
    public CellStats stats() {
        DetectorState now = state;
        List<Member> members =
                now.members().stream().filter(m -> !(m.upness() instanceof Upness.Left)).toList();
        return new CellStats(
                busWorks,
                bus.members(),
                members.size(),
                count(members, Upness.Up.class),
                count(members, Upness.Suspect.class),
                count(members, Upness.Down.class),
                bus.recreations(),
                now.count(Count.BEATS_SENT),
                now.count(Count.BEATS_HEARD),
                now.count(Count.BEATS_LOST),
                refused.get() + bus.refused(),
                dropped.get() + bus.dropped(),
                now.count(Count.REPORTS_SENT),
                now.count(Count.REPORTS_HEARD),
                now.count(Count.ASKS),
                now.count(Count.PROBES),
                now.count(Count.PAUSES),
                now.count(Count.CONFLICTS),
                now.count(Count.OVER_LIMIT),
                servicesOverLimit.get());
    }

    private static int count(List<Member> members, Class<? extends Upness> state) {
        return Math.toIntExact(members.stream().filter(m -> state.isInstance(m.upness())).count());
    }

    /// Leaves on purpose: the others see it as left, not as down. Then as [#close()].
    public void leave() {
        try {
            loop.submit(() -> step(new Event.Leaving())).get(1, TimeUnit.SECONDS);
            bus.flush();
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
            bus.close(gracefully);
        }
    }

    /// Takes what Hazelcast's threads bring, and hands it to the loop.
    private final class Inbox implements HazelcastBus.Receiver {
        @Override
        public void received(byte[] bytes) {
            try {
                submit(new Event.Heard(codec.decode(bytes), Plane.BUS));
            } catch (FrameException e) {
                if (refused.getAndIncrement() % 1000 == 0) {
                    LOG.log(Level.WARNING, () -> "cell frame refused: " + e.getMessage());
                }
            }
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
        if (waiting.incrementAndGet() > WAITING_LIMIT && event instanceof Event.Heard) {
            waiting.decrementAndGet();
            dropped.incrementAndGet();
            return;
        }
        try {
            loop.execute(() -> {
                waiting.decrementAndGet();
                guarded(event);
            });
        } catch (RejectedExecutionException e) {
            waiting.decrementAndGet();
        }
    }

    private void tick() {
        guarded(new Event.Tick());
        long nowMs = now().monotonicMs();
        if (nowMs - rosterSavedMs >= ROSTER_SAVE_MS) {
            rosterSavedMs = nowMs;
            saveRoster();
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
        state = step.state();
        step.effects().forEach(this::perform);
        if (before.version() != step.state().version()) {
            tellListeners();
        }
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.Send(Frame frame, _, _) -> send(frame);
            case Effect.Probe probe ->
                    Thread.ofVirtual().name("muster-cell-probe").start(() -> probe(probe));
            case Effect.Changed(String host, Upness before, Upness after) ->
                    LOG.log(
                            Level.INFO,
                            () ->
                                    "cell member changed: host="
                                            + host
                                            + ", before="
                                            + text(before)
                                            + ", after="
                                            + text(after));
            case Effect.TakeOver _, Effect.GiveBack _, Effect.Transited _ -> {}
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

    private void send(Frame frame) {
        byte[] bytes = codec.encode(frame);
        bus.send(bytes);
        if (frame instanceof Frame.Report) {
            bus.store(bytes);
        }
    }

    private void probe(Effect.Probe probe) {
        submit(
                new Event.Probed(
                        probe.host(), probe.incarnation(), HttpProbe.probe(probe.httpUrl())));
    }

    private void tellListeners() {
        if (listeners.isEmpty()) {
            return;
        }
        CellView view = view();
        for (Consumer<CellView> listener : listeners) {
            try {
                listener.accept(view);
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "cell listener failed", e);
            }
        }
    }

    private void saveRoster() {
        List<RosterEntry> roster = state.roster();
        if (!roster.equals(savedRoster) && save(() -> files.writeRoster(roster))) {
            savedRoster = roster;
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
