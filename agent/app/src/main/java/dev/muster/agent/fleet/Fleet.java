package dev.muster.agent.fleet;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.federation.assign.RackAdvice;
import dev.muster.federation.assign.RackAdvice.Placed;
import dev.muster.federation.directory.CellEntry;
import dev.muster.federation.directory.DirectoryGossip;
import dev.muster.federation.directory.DirectoryTable;
import dev.muster.federation.directory.FleetSeal;
import dev.muster.federation.hazelcast.HttpProbe;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// The agent in the fleet: the directory and its exchange, the watch over other cells, the way to
/// another cell. One thread for the rounds of a second, one for the moves. Thread-safe.
public final class Fleet implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Fleet.class.getName());
    private static final long SAVE_ROUNDS = 30;

    /// An agent that does not stand for its cell asks one that does, so often.
    private static final long QUIET_ROUNDS = 30;

    private static final long MOVER_SECONDS = 5;

    private final FleetPlan plan;
    private final CellSeat seat;
    private final DirectoryPart directory;
    private final CellSpeech speech;
    private final WatchPart watch;
    private final CellMover mover;
    private final FleetFiles files;
    private final ScheduledExecutorService rounds;
    private final ScheduledExecutorService moving;
    private long round;
    private long savedChanges;
    private List<String> warnedRacks = List.of();
    private volatile List<RackAdvice.Share> racks = List.of();

    /// The directory of an agent, with what the last run knew. It is there before the cell, whose
    /// members it helps to find.
    public static DirectoryPart directory(FleetPlan plan, PeerCalls peers, InstantSource clock) {
        var table = new DirectoryTable();
        new FleetFiles(plan.directory()).load(table, nowMs());
        return new DirectoryPart(
                new DirectoryGossip(
                        table,
                        plan.httpUrl(),
                        DirectoryGossip.FANOUT,
                        RandomGenerator.getDefault()),
                plan.secret().map(FleetSeal::new),
                peers,
                clock,
                Fleet::nowMs);
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /// @param clock for what is shown
    public Fleet(
            FleetPlan plan,
            CellSeat seat,
            DirectoryPart directory,
            PeerCalls peers,
            InstantSource clock) {
        this.plan = plan;
        this.seat = seat;
        this.directory = directory;
        this.files = new FleetFiles(plan.directory());
        this.speech = new CellSpeech(directory, plan.host(), plan.zone());
        this.watch =
                new WatchPart(
                        directory,
                        new Rosters(peers, Fleet::nowMs),
                        HttpProbe::probe,
                        clock,
                        plan.host(),
                        plan.zone());
        this.mover = new CellMover(plan, seat, directory, files, Optional.empty(), nowMs());
        this.rounds = Executors.newSingleThreadScheduledExecutor(thread("muster-fleet"));
        this.moving = Executors.newSingleThreadScheduledExecutor(thread("muster-move"));
    }

    private static ThreadFactory thread(String name) {
        return Thread.ofPlatform().daemon().name(name).factory();
    }

    /// Begins the rounds.
    public void start() {
        repeat(rounds, this::round, 1);
        if (plan.mapFile().isPresent()) {
            repeat(moving, () -> mover.round(nowMs()), MOVER_SECONDS);
        }
    }

    private static void repeat(ScheduledExecutorService executor, Runnable task, long seconds) {
        var _ =
                executor.scheduleWithFixedDelay(
                        () -> {
                            try {
                                task.run();
                            } catch (RuntimeException e) {
                                LOG.log(Level.ERROR, "fleet round failed and goes on", e);
                            }
                        },
                        seconds,
                        seconds,
                        TimeUnit.SECONDS);
    }

    private void round() {
        CellView view = seat.view();
        long now = nowMs();
        int rank = speech.rank(view);
        speech.round(view, mover.mapEpoch(), now);
        boolean alone = plan.seeds().isEmpty() && directory.cells().size() <= 1;
        if ((rank >= 0 && !alone) || round % QUIET_ROUNDS == 0) {
            Set<String> own =
                    view.members().stream().map(Member::httpUrl).collect(Collectors.toSet());
            directory.round(seeds(view), own);
        }
        watch.round(view, rank == 0, now);
        if (round % SAVE_ROUNDS == SAVE_ROUNDS - 1) {
            save();
            lookAtRacks(view);
        }
        round++;
    }

    /// Where to begin: the seeds of the configuration, and the agents of the own cell.
    private List<String> seeds(CellView view) {
        List<String> seeds = new ArrayList<>(plan.seeds());
        view.members().stream()
                .filter(Member::isUp)
                .map(Member::httpUrl)
                .filter(url -> !url.isEmpty() && !url.equals(plan.httpUrl()))
                .limit(2)
                .forEach(seeds::add);
        return seeds;
    }

    private void save() {
        long changes = directory.changes();
        if (changes != savedChanges) {
            try {
                files.write(directory.all());
                savedChanges = changes;
            } catch (IOException e) {
                LOG.log(Level.WARNING, "directory not written", e);
            }
        }
    }

    private void lookAtRacks(CellView view) {
        racks =
                RackAdvice.tooGreat(
                        view.members().stream()
                                .filter(m -> !(m.upness() instanceof Upness.Left))
                                .map(m -> new Placed(m.host(), view.cell(), m.place().rack()))
                                .toList());
        List<String> texts = racks.stream().map(RackAdvice.Share::text).toList();
        if (!texts.equals(warnedRacks)) {
            warnedRacks = texts;
            texts.forEach(text ->
                    LOG.log(
                            Level.WARNING,
                            () ->
                                    "a rack has more than a third of the cell, which has no quorum"
                                            + " without it: "
                                            + text));
        }
    }

    /// The directory.
    public DirectoryPart directory() {
        return directory;
    }

    /// The cell this agent is of now, as it sees it.
    public CellView view() {
        return seat.view();
    }

    /// Appends the metrics of all this.
    public void writeMetrics(ExpositionWriter out) {
        directory.writeMetrics(out);
        gauge(
                out,
                "muster_cell_map_epoch",
                "Epoch of the map of cells; 0 for none.",
                mover.mapEpoch());
        gauge(
                out,
                "muster_cell_map_epoch_newest",
                "Newest epoch that any cell has.",
                directory.cells().stream().mapToLong(CellEntry::mapEpoch).max().orElse(0));
        counter(out, "muster_cell_moves_total", "Moves to another cell.", mover.moves());
        counter(
                out,
                "muster_cell_maps_refused_total",
                "Maps of cells that were wrong.",
                mover.refusedMaps());
        gauge(out, "muster_watch_cells", "Other cells that this agent watches.", watch.cells());
        counter(
                out,
                "muster_watch_knocks_total",
                "Agents asked for a sign of life.",
                watch.knocks());
        counter(
                out,
                "muster_watch_over_limit_total",
                "Knocks left out because too many were going on.",
                watch.overLimit());
        gauge(
                out,
                "muster_cell_racks_too_great",
                "Racks that have more than a third of the cell.",
                racks.size());
    }

    private static void gauge(ExpositionWriter out, String name, String help, long value) {
        out.family(name, MetricType.GAUGE, help).sample(name, value);
    }

    private static void counter(ExpositionWriter out, String name, String help, long value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value);
    }

    @Override
    public void close() {
        moving.shutdownNow();
        rounds.shutdownNow();
        save();
    }
}
