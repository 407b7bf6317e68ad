package dev.muster.query.upness;

import dev.muster.blocks.schema.UpnessBlockId;
import dev.muster.blocks.upness.UpnessEntry;
import dev.muster.blocks.upness.UpnessRun;
import dev.muster.federation.view.FleetState;
import dev.muster.federation.view.HostState;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps what no agent can log: that hosts of a cell without a voice were found dead by the watch
/// of other cells. When the cell is back, or every ten minutes while it is not, a span of it goes
/// to the table `upness`, so that history has no hole there. Thread-safe.
public final class OutsideLog implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(OutsideLog.class.getName());

    /// While it lasts it is written so often: what a node that ends can lose.
    static final long PIECE_MS = 600_000;

    /// What is written is still told from here until the listing of the table has it for sure.
    static final long KEPT_MS = 60_000;

    /// Most spans that wait to be written; beyond, the oldest are dropped and counted.
    static final int WAITING_LIMIT = 10_000;

    /// Where spans are written to.
    @FunctionalInterface
    public interface Sink {
        /// Writes a file of the table; nothing if it is there.
        void put(UpnessBlockId id, UpnessRun run) throws IOException;
    }

    private record Key(String cell, String host, long sinceMs) {}

    /// A host that is found dead now.
    private static final class Open {
        HostState host;
        long writtenMs;
        long round;

        Open(HostState host, long writtenMs) {
            this.host = host;
            this.writtenMs = writtenMs;
        }
    }

    /// A span to be written, or just written.
    private record Piece(UpnessBlockId id, UpnessRun run, long writtenMs) {}

    private final String observer;
    private final Sink sink;
    private final Supplier<FleetState> fleet;
    private final InstantSource clock;
    private final Map<Key, Open> open = new HashMap<>();
    private final Deque<Piece> waiting = new ArrayDeque<>();
    private final Deque<Piece> written = new ArrayDeque<>();
    private final AtomicLong spans = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final ScheduledExecutorService rounds =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("muster-outside-log").factory());
    private long round;

    /// @param node name of this query node
    /// @param sink the table
    /// @param fleet what this node shows
    public OutsideLog(String node, Sink sink, Supplier<FleetState> fleet, InstantSource clock) {
        this.observer = "watch@" + node;
        this.sink = sink;
        this.fleet = fleet;
        this.clock = clock;
    }

    /// Begins; returns at once.
    public void start() {
        var _ = rounds.scheduleWithFixedDelay(this::guarded, 1, 1, TimeUnit.SECONDS);
    }

    private void guarded() {
        try {
            round();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "round of the watch's log failed and goes on", e);
        }
    }

    /// One look at the fleet.
    void round() {
        look(clock.millis());
        write();
    }

    private synchronized void look(long nowMs) {
        round++;
        Map<String, List<UpnessEntry>> ended = new HashMap<>();
        OutsideRuns.forEach(
                fleet.get(),
                nowMs,
                (cell, host) -> {
                    long sinceMs = Math.max(0, host.upness().sinceMs());
                    Open found =
                            open.computeIfAbsent(
                                    new Key(cell, host.host(), sinceMs),
                                    _ -> new Open(host, sinceMs));
                    found.host = host;
                    found.round = round;
                    if (nowMs - found.writtenMs >= PIECE_MS) {
                        end(cell, found, nowMs, ended);
                    }
                });
        open.entrySet()
                .removeIf(entry -> {
                    boolean over = entry.getValue().round != round;
                    if (over) {
                        end(entry.getKey().cell(), entry.getValue(), nowMs, ended);
                    }
                    return over;
                });
        ended.forEach((cell, entries) -> put(cell, entries, nowMs));
        written.removeIf(piece -> nowMs - piece.writtenMs > KEPT_MS);
    }

    /// What is known up to now is over, or goes on in a span of its own.
    private static void end(
            String cell, Open found, long nowMs, Map<String, List<UpnessEntry>> into) {
        if (nowMs > found.writtenMs) {
            into.computeIfAbsent(cell, _ -> new ArrayList<>())
                    .addAll(OutsideRuns.entries(cell, found.host, found.writtenMs, nowMs, nowMs));
            found.writtenMs = nowMs;
        }
    }

    private void put(String cell, List<UpnessEntry> entries, long nowMs) {
        long fromMs = entries.stream().mapToLong(UpnessEntry::atMs).min().orElse(nowMs);
        if (waiting.size() >= WAITING_LIMIT) {
            waiting.removeFirst();
            dropped.incrementAndGet();
        }
        waiting.addLast(
                new Piece(
                        new UpnessBlockId(cell, observer, new TimeRange(fromMs, nowMs), nowMs + 1),
                        new UpnessRun(cell, observer, 0, fromMs, fromMs, false, entries),
                        0));
        spans.addAndGet(entries.size());
    }

    private void write() {
        for (Piece next = first(); next != null; next = first()) {
            try {
                sink.put(next.id, next.run);
            } catch (IOException e) {
                if (failures.getAndIncrement() == 0) {
                    LOG.log(Level.WARNING, "spans of the watch not written; tried again", e);
                }
                return;
            }
            done(next);
        }
    }

    private synchronized @Nullable Piece first() {
        return waiting.peekFirst();
    }

    private synchronized void done(Piece piece) {
        waiting.remove(piece);
        written.addLast(new Piece(piece.id, piece.run, clock.millis()));
    }

    /// Spans that are over and that the table may not tell yet.
    synchronized List<UpnessRun> recent() {
        List<UpnessRun> runs = new ArrayList<>();
        waiting.forEach(piece -> runs.add(piece.run));
        written.forEach(piece -> runs.add(piece.run));
        return runs;
    }

    /// Spans, of a host or a service each, that were kept.
    public long spans() {
        return spans.get();
    }

    /// Tries to write them that failed.
    public long failures() {
        return failures.get();
    }

    /// Lots of spans dropped because too many waited.
    public long dropped() {
        return dropped.get();
    }

    /// Writes what is known up to now, and ends.
    @Override
    public void close() {
        rounds.shutdownNow();
        synchronized (this) {
            long nowMs = clock.millis();
            Map<String, List<UpnessEntry>> ended = new HashMap<>();
            open.forEach((key, found) -> end(key.cell(), found, nowMs, ended));
            ended.forEach((cell, entries) -> put(cell, entries, nowMs));
        }
        write();
    }
}
