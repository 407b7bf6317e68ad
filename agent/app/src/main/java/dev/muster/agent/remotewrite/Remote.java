package dev.muster.agent.remotewrite;

import dev.muster.agent.scrape.relabel.RelabelRule;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// One store and the thread that sends to it: reads the log, makes requests, and moves its cursor
/// on when all of them were taken or refused. Series keep their order, as each belongs to one
/// shard.
final class Remote implements LogReader.Target {
    private static final Logger LOG = System.getLogger(Remote.class.getName());
    private static final long IDLE_NANOS = 1_000_000_000L;
    private static final int METADATA_PER_SEND = 500;

    private final RemotePlan plan;
    private final SampleLog log;
    private final Path cursorFile;
    private final RemoteCall call;
    private final InstantSource clock;
    private final RemoteMetrics metrics;
    private LogReader reader;
    private RemotePlan.Version version;
    private final ExecutorService shards = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread thread;

    /// Series of the segment that is read; null for those that rules drop.
    private final Map<Integer, @Nullable SentSeries> series = new HashMap<>();

    private final List<List<RequestBody>> bodies = new ArrayList<>();
    private byte[] record = new byte[0];
    private int collected;

    /// The last round of a run that died may have been taken. So many samples are sent commit by
    /// commit: a store then has a request whole, or not at all.
    private int careful;

    private long metadataNanos;
    private volatile Cursor saved;
    private volatile long position;
    private volatile boolean closed;

    Remote(
            RemotePlan plan,
            SampleLog log,
            Path directory,
            RemoteCall call,
            InstantSource clock,
            RemoteMetrics metrics)
            throws IOException {
        this.plan = plan;
        this.log = log;
        this.call = call;
        this.clock = clock;
        this.metrics = metrics;
        version = plan.version();
        cursorFile = cursorFile(directory, plan.name());
        Optional<Cursor> before = Cursor.read(cursorFile);
        saved = before.orElseGet(() -> Cursor.at(log.segment()));
        careful = before.isEmpty() ? 0 : plan.queue().samplesPerSend() * plan.queue().shards();
        reader = new LogReader(log, saved, this);
        position = reader.position();
        metadataNanos = System.nanoTime() - plan.metadataInterval().toNanos();
        for (int i = 0; i < plan.queue().shards(); i++) {
            bodies.add(new ArrayList<>());
        }
        thread = Thread.ofVirtual().name("muster-remote-write-" + plan.name()).unstarted(this::run);
    }

    /// A name may hold anything.
    static Path cursorFile(Path directory, String name) {
        StringBuilder safe = new StringBuilder();
        name.chars()
                .forEach(c ->
                        safe.append(
                                Character.isLetterOrDigit(c) && c < 128
                                        ? Character.toString(c)
                                        : "_" + Integer.toHexString(c)));
        String text = safe.length() <= 150 ? safe.toString() : safe.substring(0, 150);
        return directory.resolve(text + "-" + Integer.toHexString(name.hashCode()) + ".cursor");
    }

    void start() throws IOException {
        saved.write(cursorFile);
        thread.start();
    }

    RemotePlan plan() {
        return plan;
    }

    RemoteMetrics metrics() {
        metrics.pending.set(Math.max(0, log.total() - position));
        return metrics;
    }

    /// The segment that is needed after a crash.
    int needed() {
        return saved.segment();
    }

    private void run() {
        try {
            while (!closed) {
                round();
            }
        } catch (InterruptedException e) {
            // what was not taken is sent by the next run
        }
    }

    private void round() throws InterruptedException {
        try {
            boolean read = collect();
            addMetadata();
            send();
            if (read) {
                position = reader.position();
            }
            save();
        } catch (UnknownVersionException e) {
            fallBack();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "remote write: log not read, tried again", e);
            Thread.sleep(IDLE_NANOS / 1_000_000);
        }
    }

    /// Goes on with version 1.0, from where the store's last answer was: what was collected is
    /// written for the other.
    private void fallBack() throws InterruptedException {
        metrics.fallbacks.increment();
        version = RemotePlan.Version.FIRST;
        try {
            reader.close();
            series.clear();
            reader = new LogReader(log, saved, this);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "remote write: log not read, tried again", e);
            version = plan.version();
            Thread.sleep(IDLE_NANOS / 1_000_000);
        }
    }

    /// Reads until there is enough for a request of each shard, or enough for one and nothing more
    /// is there, or something waits for as long as it may.
    ///
    /// @return whether anything was read
    private boolean collect() throws IOException, InterruptedException {
        bodies.forEach(List::clear);
        collected = 0;
        boolean read = false;
        int one = plan.queue().samplesPerSend();
        long most = (long) one * plan.queue().shards();
        long firstNanos = 0;
        boolean waited = false;
        while (collected < most && !closed) {
            if (next(read)) {
                firstNanos = read ? firstNanos : System.nanoTime();
                read = true;
                if (careful > 0) {
                    careful -= Math.max(1, collected);
                    break;
                }
                continue;
            }
            long left =
                    read
                            ? plan.queue().deadline().toNanos() - (System.nanoTime() - firstNanos)
                            : IDLE_NANOS;
            if (collected >= one || left <= 0 || (waited && !read)) {
                break;
            }
            waited = true;
            log.await(reader.segment(), reader.offset(), left);
        }
        metrics.droppedLimit.add(reader.takeLost());
        metrics.damaged.add(reader.takeDamaged());
        return read;
    }

    /// What was collected is sent before a fault of the log is looked at.
    private boolean next(boolean read) throws IOException {
        try {
            return reader.next();
        } catch (IOException e) {
            if (!read) {
                throw e;
            }
            return false;
        }
    }

    private void send() throws InterruptedException, UnknownVersionException {
        List<Future<?>> running = new ArrayList<>();
        for (List<RequestBody> shard : bodies) {
            if (!shard.isEmpty()) {
                List<RequestBody> mine = List.copyOf(shard);
                running.add(
                        shards.submit(() -> {
                            for (RequestBody body : mine) {
                                call.send(body);
                            }
                            return null;
                        }));
            }
        }
        metrics.shards.set(running.size());
        try {
            for (Future<?> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException) {
                throw new InterruptedException("stopped");
            }
            if (e.getCause() instanceof UnknownVersionException unknown) {
                throw unknown;
            }
            throw new IllegalStateException("request must be sendable", e.getCause());
        }
    }

    /// Before anything more is sent: stores do not take twice what is not their newest.
    private void save() throws IOException {
        Cursor reached = reader.cursor();
        if (!reached.equals(saved)) {
            reached.write(cursorFile);
            saved = reached;
        }
    }

    private void addMetadata() {
        long interval = plan.metadataInterval().toNanos();
        if (version != RemotePlan.Version.FIRST
                || interval == 0
                || series.isEmpty()
                || System.nanoTime() - metadataNanos < interval) {
            return;
        }
        position = reader.position();
        metadataNanos = System.nanoTime();
        Map<String, MetricMetadata> families = new HashMap<>();
        for (SentSeries each : series.values()) {
            if (each != null && !each.metadata.equals(MetricMetadata.NONE)) {
                families.putIfAbsent(each.family(), each.metadata);
            }
        }
        FirstBody body = new FirstBody();
        for (Map.Entry<String, MetricMetadata> family : families.entrySet()) {
            body.metadata(family.getKey(), family.getValue());
            if (body.metadata() == METADATA_PER_SEND) {
                bodies.getFirst().add(body);
                body = new FirstBody();
            }
        }
        if (body.metadata() > 0) {
            bodies.getFirst().add(body);
        }
    }

    /// By labels and not by reference, as each run of the agent has references of its own.
    private RequestBody body(SentSeries to) {
        int number = Math.floorMod(to.labels.hashCode(), bodies.size());
        List<RequestBody> shard = bodies.get(number);
        if (shard.isEmpty() || shard.getLast().size() >= plan.queue().samplesPerSend()) {
            shard.add(RequestBody.of(version));
        }
        collected++;
        return shard.getLast();
    }

    @Override
    public void segment() {
        series.clear();
    }

    @Override
    public void record(byte[] bytes) {
        record = bytes;
    }

    @Override
    public void series(int reference, Labels labels, MetricMetadata metadata) {
        @Nullable Labels sent = RelabelRule.apply(plan.rules(), labels);
        series.put(
                reference,
                sent == null || sent.size() == 0 ? null : new SentSeries(sent, metadata));
    }

    private @Nullable SentSeries of(int reference, long timestampMs) {
        SentSeries found = series.get(reference);
        if (found == null) {
            (series.containsKey(reference) ? metrics.droppedSeries : metrics.droppedUnknown)
                    .increment();
            return null;
        }
        long ageLimitMs = plan.queue().ageLimit().toMillis();
        if (ageLimitMs > 0 && clock.millis() - timestampMs > ageLimitMs) {
            metrics.droppedOld.increment();
            return null;
        }
        return found;
    }

    @Override
    public void sample(int reference, long timestampMs, double value) {
        SentSeries to = of(reference, timestampMs);
        if (to != null) {
            body(to).sample(to, timestampMs, value);
        }
    }

    @Override
    public void histogram(int reference, long timestampMs, int from, int to) {
        if (!plan.histograms()) {
            metrics.droppedHistograms.increment();
            return;
        }
        SentSeries series = of(reference, timestampMs);
        if (series != null) {
            body(series).histogram(series, timestampMs, record, from, to);
        }
    }

    @Override
    public void exemplar(int reference, Exemplar exemplar) {
        SentSeries to = series.get(reference);
        if (plan.exemplars() && to != null) {
            body(to).exemplar(to, exemplar);
        }
    }

    @Override
    public void start(int reference, long startMs) {
        SentSeries to = series.get(reference);
        if (to != null) {
            to.startMs = startMs;
        }
    }

    /// Stops; what was not taken stays in the log.
    void close() {
        closed = true;
        thread.interrupt();
        shards.shutdownNow();
        try {
            thread.join();
            reader.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "log not closed", e);
        }
    }
}
