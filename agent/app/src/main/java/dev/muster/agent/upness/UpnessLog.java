package dev.muster.agent.upness;

import dev.muster.blocks.upness.UpnessDecoder;
import dev.muster.blocks.upness.UpnessEncoder;
import dev.muster.blocks.upness.UpnessEntry;
import dev.muster.blocks.upness.UpnessRun;
import dev.muster.blocks.upness.UpnessTarget;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The log of upness on disk; drawn in `docs/format/upness.md`. Thread-safe.
///
/// Everything is written at once, and forced to the disk by [#sync]: the death of the process loses
/// nothing, a power loss what came after the last sync.
final class UpnessLog implements AutoCloseable {
    /// Longer than this without a tick, and nothing is known of the time between.
    static final long PAUSE_MS = 3000;

    static final int SEGMENT_BYTES = 1 << 20;
    private static final long MARK_MS = 60_000;

    private final UpnessPlan plan;
    private final InstantSource clock;
    private final UpnessMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private final Segments segments;
    private final AliveFile alive;
    private final OptionalLong lastEndMs;

    /// The newest entry of each target: what holds. Guarded by `lock`, as all that follows.
    private final Map<UpnessTarget, UpnessEntry> held = new HashMap<>();

    private UpnessEncoder encoder = new UpnessEncoder();
    private @Nullable FileChannel file;
    private int number;
    private long sizeBytes;
    private String cell = "";
    private long incarnation;
    private long tickMs;
    private long markMs;
    private boolean dirty;

    UpnessLog(UpnessPlan plan, InstantSource clock, UpnessMetrics metrics) throws IOException {
        this.plan = plan;
        this.clock = clock;
        this.metrics = metrics;
        segments = new Segments(plan, metrics);
        segments.endLast();
        lastEndMs = segments.lastEndMs();
        alive = new AliveFile(segments.alive());
    }

    /// Up to when an earlier process logged; empty if none did.
    OptionalLong lastEndMs() {
        return lastEndMs;
    }

    /// Begins a run, with nothing known yet; ends the one before, if there is one.
    void begin(String ofCell, long ofIncarnation) throws IOException {
        lock.lock();
        try {
            endRun(clock.millis(), false);
            cell = ofCell;
            incarnation = ofIncarnation;
            held.clear();
            openSegment();
        } finally {
            lock.unlock();
        }
    }

    /// Whether a run of that cell and incarnation goes on.
    boolean isRunning(String ofCell, long ofIncarnation) {
        lock.lock();
        try {
            return file != null && cell.equals(ofCell) && incarnation == ofIncarnation;
        } finally {
            lock.unlock();
        }
    }

    /// A copy of what holds.
    Map<UpnessTarget, UpnessEntry> held() {
        lock.lock();
        try {
            return new HashMap<>(held);
        } finally {
            lock.unlock();
        }
    }

    /// What is known of one target; null if nothing is.
    @Nullable UpnessEntry held(UpnessTarget target) {
        lock.lock();
        try {
            return held.get(target);
        } finally {
            lock.unlock();
        }
    }

    /// Adds an entry to the run. One that is there already is passed over.
    void append(UpnessEntry entry) throws IOException {
        lock.lock();
        try {
            UpnessEntry before = held.get(entry.target());
            if (entry.equals(before)) {
                return;
            }
            write(encoder.entry(entry, false));
            metrics.entries.increment();
            if (entry.untilMs() == 0 && (before == null || entry.atMs() >= before.atMs())) {
                held.put(entry.target(), entry);
            }
        } finally {
            lock.unlock();
        }
    }

    /// To be called each second: says that the log is kept, goes on in a new segment when this one
    /// is full, deletes what is too old.
    void tick() throws IOException {
        lock.lock();
        try {
            if (file == null) {
                return;
            }
            long nowMs = clock.millis();
            if (nowMs - tickMs > PAUSE_MS) {
                metrics.pauses.increment();
                endRun(tickMs, true);
                openSegment();
            } else if (sizeBytes > SEGMENT_BYTES) {
                endRun(nowMs, false);
                openSegment();
            } else if (nowMs - markMs >= MARK_MS || nowMs < markMs) {
                write(encoder.mark(nowMs));
                markMs = nowMs;
                segments.drop(nowMs);
            }
            tickMs = nowMs;
            alive.write(nowMs, number);
        } finally {
            lock.unlock();
        }
    }

    /// Forces what was written to the disk.
    void sync() throws IOException {
        lock.lock();
        try {
            if (dirty && file != null) {
                file.force(false);
                dirty = false;
            }
        } finally {
            lock.unlock();
        }
    }

    /// Puts runs of another observer, or of an earlier time, into segments of their own.
    void adopt(Collection<UpnessRun> runs) throws IOException {
        lock.lock();
        try {
            int adopted = segments.next();
            UpnessEncoder of = new UpnessEncoder();
            try (FileChannel out = create(adopted)) {
                out.write(ByteBuffer.wrap(of.magic()));
                for (UpnessRun run : runs) {
                    write(out, of, run);
                }
                out.force(true);
                segments.grown(adopted, out.size());
            }
            if (file != null) {
                // what is written to must have the last number: a restart looks there
                endRun(clock.millis(), false);
                openSegment();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void write(FileChannel out, UpnessEncoder of, UpnessRun run) throws IOException {
        out.write(
                ByteBuffer.wrap(
                        of.begin(run.cell(), run.observer(), run.incarnation(), run.fromMs())));
        for (UpnessEntry entry : run.entries()) {
            boolean before = entry.decidedMs() < run.fromMs();
            out.write(ByteBuffer.wrap(of.entry(entry, before)));
        }
        out.write(ByteBuffer.wrap(of.end(run.untilMs(), run.cut())));
    }

    /// All runs on disk that say something of the range, of the targets that are wanted; what goes
    /// on goes up to now.
    List<UpnessRun> read(TimeRange range, Predicate<UpnessTarget> wanted) throws IOException {
        List<UpnessRun> found = new ArrayList<>();
        lock.lock();
        try {
            for (int each : segments.since(range.startMs())) {
                UpnessDecoder.Log log = segments.read(each);
                for (int i = 0; i < log.runs().size(); i++) {
                    boolean goesOn = each == number && log.open() && i == log.runs().size() - 1;
                    UpnessRun run = log.runs().get(i);
                    Optional<UpnessRun> part = (goesOn ? upToNow(run) : run).within(range, wanted);
                    part.ifPresent(found::add);
                }
            }
        } finally {
            lock.unlock();
        }
        return found;
    }

    private UpnessRun upToNow(UpnessRun run) {
        long nowMs = clock.millis();
        boolean now = nowMs - tickMs <= PAUSE_MS;
        long untilMs = Math.max(run.untilMs(), 1 + (now ? nowMs : tickMs));
        return new UpnessRun(
                run.cell(),
                run.observer(),
                run.incarnation(),
                run.fromMs(),
                untilMs,
                !now,
                run.entries(),
                now);
    }

    private void openSegment() throws IOException {
        number = segments.next();
        encoder = new UpnessEncoder();
        sizeBytes = 0;
        file = create(number);
        long nowMs = clock.millis();
        tickMs = nowMs;
        markMs = nowMs;
        write(encoder.magic());
        write(encoder.begin(cell, plan.host(), incarnation, nowMs));
        for (UpnessEntry entry : held.values()) {
            write(encoder.entry(entry, true));
        }
        alive.write(nowMs, number);
        segments.drop(nowMs);
    }

    private FileChannel create(int segment) throws IOException {
        return FileChannel.open(
                segments.path(segment),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
    }

    private void endRun(long atMs, boolean cut) throws IOException {
        FileChannel ended = file;
        if (ended != null) {
            write(encoder.end(atMs, cut));
            ended.force(true);
            ended.close();
            file = null;
        }
    }

    private void write(byte[] record) throws IOException {
        FileChannel out = file;
        if (out == null) {
            throw new IOException("upness log: a run must have begun");
        }
        int written = out.write(ByteBuffer.wrap(record));
        if (written != record.length) {
            throw new IOException("upness log: disk must take the record: written=" + written);
        }
        sizeBytes += written;
        segments.grown(number, sizeBytes);
        dirty = true;
    }

    /// Ends the run: this agent stops on purpose.
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            endRun(clock.millis(), false);
            alive.close();
        } finally {
            lock.unlock();
        }
    }
}
