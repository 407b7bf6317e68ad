package dev.muster.agent.runs;

import dev.muster.agent.exposition.EncodedFamily;
import dev.muster.agent.journal.Changes;
import dev.muster.agent.journal.Journal;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The jobs that announced themselves and their runs. A change is on disk before its method
/// returns. Thread-safe.
public final class RunStore implements JobBoard, AutoCloseable {
    /*
     * Each change writes the whole state of its job, so that the newest record of a job is all there
     * is to know. Metrics of a run are told in one scrape, and are told again if the process dies
     * before it is known that they were stored: their start time is that of the run, so that a value
     * told twice is no increase.
     */
    private static final Logger LOG = System.getLogger(RunStore.class.getName());
    private static final long COMPACT_BYTES = 1 << 20;

    /// Most jobs of one agent.
    public static final int JOBS_LIMIT = 2_000;

    /// A scrape has the time of its tick, which may lie so much before it; a run must have begun
    /// before the sample that tells of it.
    private static final long SETTLE_MS = 1_500;

    /// Most bytes of metrics that wait to be told.
    private static final long WAITING_LIMIT_BYTES = 8 << 20;

    /// So much before it was marked a start may have been told to nobody: marks are seconds apart.
    private static final long UNSURE_MS = 2_000;

    private static final int STATE = 1;
    private static final int GONE = 2;
    private static final int METRICS = 3;
    private static final int TOLD = 4;

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Map<RunKey, JobWatch> jobs = new TreeMap<>();
    private final Deque<RunMetrics> waiting = new ArrayDeque<>();
    private final List<RunMetrics> telling = new ArrayList<>();
    private final Changes changed = new Changes();
    private final Journal journal;
    private final HeardUntil heard;
    private final long hostStartMs;
    private boolean back;
    private long unheard;
    private long waitingBytes;
    private long nextNumber = 1;
    private long writtenAnewBytes;
    private long changes;

    /// Reads back what was announced.
    ///
    /// @param directory of the log; made if it is not there
    /// @param hostStartMs when the host was started, Unix time: while it was down, no job ran
    /// @throws IOException if the log cannot be read
    public RunStore(Path directory, InstantSource clock, LongSupplier nanoTime, long hostStartMs)
            throws IOException {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.hostStartMs = hostStartMs;
        heard = new HeardUntil(directory);
        journal = new Journal(directory, "runs", "MUSTERR1", this::restore);
        writtenAnewBytes = journal.sizeBytes();
    }

    private void restore(byte[] record) throws IOException {
        if (record.length == 0) {
            throw new IOException("record must have a kind");
        }
        byte[] body = Arrays.copyOfRange(record, 1, record.length);
        switch (record[0]) {
            case STATE -> {
                JobWatch entry = new JobWatch(JobState.decode(body));
                jobs.put(entry.state.key, entry);
            }
            case GONE -> jobs.remove(JobState.decode(body).key);
            case METRICS -> {
                RunMetrics metrics = RunMetrics.decode(body);
                waiting.add(metrics);
                waitingBytes += metrics.sizeBytes();
                nextNumber = Math.max(nextNumber, metrics.number() + 1);
            }
            case TOLD -> {
                long number = ByteBuffer.wrap(body).getLong();
                waiting.removeIf(metrics -> metrics.number() == number);
            }
            default -> throw new IOException("kind of a record must be 1 to 4: " + record[0]);
        }
    }

    private void log(int kind, byte[] body) throws RunException {
        byte[] record = new byte[body.length + 1];
        record[0] = (byte) kind;
        System.arraycopy(body, 0, record, 1, body.length);
        try {
            journal.append(record);
        } catch (IOException e) {
            throw RunException.disk(e);
        }
    }

    private void sync() throws RunException {
        try {
            journal.sync();
        } catch (IOException e) {
            throw RunException.disk(e);
        }
    }

    /// Announces a job, or what has changed of when it runs.
    ///
    /// @param plan empty to leave it as it is
    public void declare(RunKey key, Optional<JobPlan> plan) throws RunException {
        boolean isNew;
        synchronized (this) {
            isNew = !jobs.containsKey(key);
            JobWatch entry = entry(key, plan);
            keep(entry);
        }
        finish(isNew);
    }

    private JobWatch entry(RunKey key, Optional<JobPlan> plan) throws RunException {
        @Nullable JobWatch entry = jobs.get(key);
        if (entry == null) {
            if (jobs.size() >= JOBS_LIMIT) {
                throw RunException.limit("agent must have at most " + JOBS_LIMIT + " jobs");
            }
            entry = new JobWatch(new JobState(key, JobPlan.NONE, Long.MAX_VALUE));
        }
        if (plan.isPresent() && !plan.get().equals(entry.state.plan)) {
            entry.announce(plan.get(), clock.millis());
        }
        return entry;
    }

    /// A run has begun.
    ///
    /// @param id told again at its end
    /// @param atMs when, Unix time
    public void start(RunKey key, Optional<JobPlan> plan, String id, long atMs)
            throws RunException {
        boolean isNew;
        synchronized (this) {
            isNew = !jobs.containsKey(key);
            JobWatch entry = entry(key, plan);
            entry.start(id, atMs, nanosAt(atMs));
            keep(entry);
            compactIfLarge();
        }
        finish(isNew);
    }

    private long nanosAt(long atMs) {
        return nanoTime.getAsLong() - (clock.millis() - atMs) * 1_000_000;
    }

    private void keep(JobWatch entry) throws RunException {
        log(STATE, entry.state.encode());
        jobs.put(entry.state.key, entry);
        changes++;
    }

    /// A run has ended. One whose start was not heard of counts, too.
    ///
    /// @param fromMs when it began, Unix time
    /// @param atMs when it ended
    /// @param families metrics of it, told in one scrape
    public void finish(
            RunKey key,
            Optional<JobPlan> plan,
            String id,
            long fromMs,
            long atMs,
            int exitCode,
            List<EncodedFamily> families)
            throws RunException {
        boolean isNew;
        synchronized (this) {
            isNew = !jobs.containsKey(key);
            JobWatch entry = entry(key, plan);
            @Nullable Long known = entry.state.running.get(id);
            if (!entry.state.ended.contains(id)) {
                hold(key, known == null ? fromMs : known, families);
                entry.finish(id, fromMs, atMs, exitCode);
            }
            keep(entry);
            compactIfLarge();
        }
        finish(isNew);
    }

    private void hold(RunKey key, long startMs, List<EncodedFamily> families) throws RunException {
        if (families.isEmpty()) {
            return;
        }
        RunMetrics metrics = new RunMetrics(nextNumber, key, startMs, families);
        if (waitingBytes + metrics.sizeBytes() > WAITING_LIMIT_BYTES) {
            throw RunException.limit(
                    "metrics of runs that wait to be stored must have at most bytes="
                            + WAITING_LIMIT_BYTES);
        }
        log(METRICS, metrics.encode());
        nextNumber++;
        waiting.add(metrics);
        waitingBytes += metrics.sizeBytes();
    }

    private void finish(boolean isNew) throws RunException {
        sync();
        if (isNew) {
            changed.tell();
        }
    }

    /// Forgets a job.
    public void remove(RunKey key) throws RunException {
        synchronized (this) {
            @Nullable JobWatch entry = jobs.get(key);
            if (entry == null) {
                throw RunException.unknown(key.job());
            }
            log(GONE, entry.state.encode());
            jobs.remove(key);
            changes++;
        }
        sync();
        changed.tell();
    }

    /// When the run with that id was started; empty if it is not known.
    synchronized Optional<Long> startedMs(RunKey key, String id) {
        @Nullable JobWatch entry = jobs.get(key);
        return entry == null ? Optional.empty() : Optional.ofNullable(entry.state.running.get(id));
    }

    /// Lets what is due become overdue. To be called every second.
    public synchronized void look() {
        long nowMs = clock.millis();
        long nowNanos = nanoTime.getAsLong();
        if (!back) {
            back = true;
            comeBack(nowMs, nowNanos);
        }
        for (JobWatch entry : jobs.values()) {
            if (entry.look(nowMs, nowNanos)) {
                keepIfPossible(entry);
            }
        }
        if (!jobs.isEmpty()) {
            heard.mark(nowMs);
        }
    }

    /// What fell due while the host was up and this was not may have run, and its announcement may
    /// still lie with the wrapper: it is not called overdue, and counted.
    private void comeBack(long nowMs, long nowNanos) {
        long fromMs = Math.max(heard.lastMs() - UNSURE_MS, hostStartMs);
        for (JobWatch entry : jobs.values()) {
            if (entry.comeBack(fromMs, hostStartMs, nowMs, nowNanos)) {
                unheard++;
                keepIfPossible(entry);
            }
        }
    }

    private void keepIfPossible(JobWatch entry) {
        changes++;
        try {
            log(STATE, entry.state.encode());
        } catch (RunException e) {
            // found out again after a restart
        }
    }

    @Override
    public synchronized List<JobView> jobs() {
        return jobs.values().stream().map(JobWatch::view).toList();
    }

    @Override
    public synchronized long changes() {
        return changes;
    }

    /// Metrics for the next scrape: of each job those of one run, so that two runs that end in one
    /// second are both seen. Those given out before were stored when this is called.
    synchronized List<EncodedFamily> nextMetrics() {
        for (RunMetrics told : telling) {
            try {
                log(TOLD, ByteBuffer.allocate(8).putLong(told.number()).array());
            } catch (RunException e) {
                // told again after a restart, which is no increase
            }
        }
        telling.clear();
        Set<RunKey> taken = new HashSet<>();
        List<EncodedFamily> families = new ArrayList<>();
        long latestMs = clock.millis() - SETTLE_MS;
        waiting.removeIf(metrics -> {
            if (metrics.startMs() > latestMs || !taken.add(metrics.key())) {
                return false;
            }
            telling.add(metrics);
            waitingBytes -= metrics.sizeBytes();
            families.addAll(metrics.families());
            return true;
        });
        return families;
    }

    private void compactIfLarge() {
        long size = journal.sizeBytes();
        if (size < COMPACT_BYTES || size < 2 * writtenAnewBytes) {
            return;
        }
        Stream<byte[]> states = jobs.values().stream().map(entry -> entry.state.encode());
        Stream<byte[]> metrics =
                Stream.concat(telling.stream(), waiting.stream()).map(RunMetrics::encode);
        try {
            journal.restart(
                    Stream.concat(
                                    states.map(body -> kind(STATE, body)),
                                    metrics.map(body -> kind(METRICS, body)))
                            .iterator());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "log of runs could not be written anew and goes on", e);
        }
        writtenAnewBytes = journal.sizeBytes();
    }

    private static byte[] kind(int kind, byte[] body) {
        return ByteBuffer.allocate(body.length + 1).put((byte) kind).put(body).array();
    }

    synchronized int waiting() {
        return waiting.size();
    }

    /// Jobs of which something fell due, or took too long, while nobody could tell of it.
    synchronized long unheard() {
        return unheard;
    }

    long lostRecords() {
        return journal.found().skipped() + (journal.found().lostBytes() > 0 ? 1 : 0);
    }

    /// Size of the log in bytes.
    long logBytes() {
        return journal.sizeBytes();
    }

    /// Tells when jobs came or went.
    Changes comings() {
        return changed;
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
