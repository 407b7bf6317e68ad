package dev.muster.agent.upness;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.upness.UpnessEntry;
import dev.muster.blocks.upness.UpnessRun;
import dev.muster.blocks.upness.UpnessState;
import dev.muster.blocks.upness.UpnessTarget;
import dev.muster.federation.events.EventLog;
import dev.muster.federation.hazelcast.Cell;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Transition;
import dev.muster.federation.view.CellView;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps the log of upness of the whole cell: takes in the cell's transitions and, each second,
/// what its view has and no transition told. Runs on a thread of its own, so that a slow disk holds
/// up nothing. Thread-safe.
public final class UpnessRecorder implements UpnessReader, AutoCloseable {
    private static final Logger LOG = System.getLogger(UpnessRecorder.class.getName());
    private static final int WAITING_LIMIT = 10_000;
    private static final int SYNC_TICKS = 5;
    private static final long CLOSE_SECONDS = 3;

    private final UpnessPlan plan;
    private final InstantSource clock;
    private final Supplier<CellView> view;
    private final UpnessMetrics metrics = new UpnessMetrics();
    private final UpnessLog log;
    private final @Nullable EventLog events;
    private final GapRepair repair;
    private final Backfill backfill;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("muster-upness").factory());

    /// Guarded by itself.
    private final ArrayDeque<Transition> waiting = new ArrayDeque<>();

    private long ticks;

    /// Opens the log; reads back where it ended.
    ///
    /// @param view the cell as this agent sees it
    /// @param series recent samples of this host
    /// @throws IOException if the directory cannot be used
    public UpnessRecorder(
            UpnessPlan plan, Supplier<CellView> view, SeriesSource series, InstantSource clock)
            throws IOException {
        this.plan = plan;
        this.clock = clock;
        this.view = view;
        log = new UpnessLog(plan, clock, metrics);
        repair = new GapRepair(plan.host(), log, series, metrics);
        backfill = new Backfill(plan, log, metrics);
        events =
                plan.eventLog().isEmpty()
                        ? null
                        : EventLog.open(
                                plan.eventLog().get(),
                                view.get().cell() + "/" + plan.host(),
                                clock);
    }

    /// Starts the thread.
    public void start() {
        var _ = thread.scheduleWithFixedDelay(this::round, 0, 1, TimeUnit.SECONDS);
    }

    /// Takes in the transitions of a cell: of the one that was joined last.
    @SuppressWarnings("FutureReturnValueIgnored") // ends with the cell
    public void follow(Cell cell) {
        cell.transitions(this::take);
    }

    /// Takes in a transition; it is logged within a second, and found by readers at once.
    void take(Transition transition) {
        synchronized (waiting) {
            if (waiting.size() >= WAITING_LIMIT) {
                waiting.removeFirst();
                metrics.waitingDropped.increment();
            }
            waiting.addLast(transition);
        }
    }

    private void round() {
        try {
            step();
        } catch (IOException | RuntimeException e) {
            metrics.failures.increment();
            if (metrics.failures.sum() == 1) {
                LOG.log(Level.ERROR, "upness log not written; tried again each second", e);
            }
        }
    }

    /// What happens each second.
    void step() throws IOException {
        CellView now = view.get();
        long incarnation = now.member(plan.host()).map(Member::incarnation).orElse(0L);
        if (!log.isRunning(now.cell(), incarnation)) {
            log.begin(now.cell(), incarnation);
        }
        log.tick();
        drain(now);
        reconcile(now);
        repair.step(now, clock.millis());
        backfill.step(now, clock.millis());
        if (events != null) {
            events.alive();
        }
        if (++ticks % SYNC_TICKS == 0) {
            log.sync();
        }
    }

    private void drain(CellView now) throws IOException {
        List<Transition> taken;
        synchronized (waiting) {
            taken = new ArrayList<>(waiting);
            waiting.clear();
        }
        for (Transition transition : taken) {
            if (transition.cell().equals(now.cell())) {
                log.append(CellWords.entry(transition, now));
            }
            if (events != null) {
                events.change(transition);
            }
        }
    }

    private void reconcile(CellView now) throws IOException {
        long nowMs = clock.millis();
        Map<UpnessTarget, CellWords.Word> words = CellWords.of(now);
        for (CellWords.Word word : words.values()) {
            UpnessEntry held = log.held(word.target());
            if (!word.isSaidBy(held)) {
                log.append(word.entry(held, nowMs));
                metrics.reconciled.increment();
            }
        }
        for (UpnessEntry held : log.held().values()) {
            if (held.to() != UpnessState.LEFT
                    && !words.containsKey(held.target())
                    && !isReportAwaited(now, held.target())) {
                log.append(left(held, nowMs));
            }
        }
    }

    /// Whether the host's services are not known yet, so that none of them is gone.
    private static boolean isReportAwaited(CellView now, UpnessTarget target) {
        Optional<Member> member = now.member(target.host());
        return !target.isHost()
                && member.isPresent()
                && member.get().reportSeq() == 0
                && !now.observer().equals(target.host());
    }

    private static UpnessEntry left(UpnessEntry held, long nowMs) {
        long atMs = Math.max(nowMs, held.atMs());
        return new UpnessEntry(
                held.target(),
                held.zone(),
                held.rack(),
                atMs,
                atMs,
                0,
                held.to(),
                UpnessState.LEFT,
                "left",
                "",
                held.provenance(),
                0,
                List.of());
    }

    @Override
    public Collection<UpnessRun> read(TimeRange range, Predicate<UpnessTarget> wanted)
            throws IOException {
        drain(view.get());
        return log.read(range, wanted);
    }

    /// What ships the log with the windows of samples.
    public UpnessShipper shipper(Bucket bucket) {
        return new UpnessShipper(plan.host(), log, bucket, plan.directory(), metrics);
    }

    /// Appends the meters of the log.
    public void writeMetrics(ExpositionWriter out) {
        metrics.write(out);
    }

    /// Ends the log: this agent stops on purpose.
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "upness log is slow to end");
            }
            drain(view.get());
            log.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "upness log not ended", e);
        }
        if (events != null) {
            events.close();
        }
    }
}
