package dev.muster.agent.intake;

import dev.muster.agent.door.PushRequest;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.scrape.append.AppendContext;
import dev.muster.agent.scrape.append.AppendMetrics;
import dev.muster.agent.scrape.append.MemoryBudget;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.head.Head;
import dev.muster.head.HeadConfig;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// An intake over a head on disk, for tests.
public final class IntakeRig implements AutoCloseable {
    public static final long NOW_MS = 1_700_000_000_000L;

    public final Head head;
    public final Intake intake;
    public final AtomicLong nowMs = new AtomicLong(NOW_MS);
    private final ExecutorService appending =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

    public IntakeRig(Path directory) throws IOException {
        this(directory, MemoryBudget.unlimited(), 100, ScrapeLimits.NONE);
    }

    public IntakeRig(Path directory, MemoryBudget budget, int origins, ScrapeLimits limits)
            throws IOException {
        InstantSource clock = () -> java.time.Instant.ofEpochMilli(nowMs.get());
        head = Head.open(HeadConfig.in(directory), clock);
        intake =
                new Intake(
                        new IntakePlan(Map.of("host", "h1"), limits, origins, Duration.ofHours(2)),
                        head,
                        new AppendContext(new AppendMetrics(), budget, System::nanoTime, 7),
                        appending,
                        clock);
    }

    /// What the head has: number of samples and newest value by the text of the labels.
    public Map<String, List<Double>> samples() throws IOException {
        Map<String, List<Double>> found = new TreeMap<>();
        read((labels, columns) -> {
            List<Double> values = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                values.add(columns.values()[i]);
            }
            found.put(labels.toString(), values);
        });
        return found;
    }

    /// Samples of one metric's only series.
    public SampleColumns columns(String metric) throws IOException {
        SampleColumns all = new SampleColumns(16);
        Map<Labels, SampleColumns> found = new HashMap<>();
        read(found::put);
        found.forEach((labels, columns) -> {
            if (labels.metric().equals(metric)) {
                all.appendFrom(columns, 0, columns.size());
            }
        });
        return all;
    }

    private interface Seen {
        void series(Labels labels, SampleColumns columns);
    }

    private void read(Seen seen) throws IOException {
        SelectRequest request =
                SelectRequest.of(
                        new TimeRange(0, 2 * NOW_MS),
                        List.of(LabelMatcher.regex("__name__", ".+")));
        try (SeriesSet set = head.select(request)) {
            SampleReader reader = set.reader();
            for (int i = 0; i < set.size(); i++) {
                SampleColumns columns = new SampleColumns(16);
                reader.read(i, columns);
                seen.series(set.labels(i), columns);
            }
        }
    }

    public static PushRequest request(byte[] body, String... headers) {
        return request("/", Map.of(), body, headers);
    }

    public static PushRequest request(
            String path, Map<String, String> parameters, byte[] body, String... headers) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i].toLowerCase(Locale.ROOT), headers[i + 1]);
        }
        Map<String, List<String>> lists = new HashMap<>();
        parameters.forEach((name, value) -> lists.put(name, List.of(value)));
        return new PushRequest("POST", path, lists, all, false, body, body.length);
    }

    /// Waits until the thread that appends has done what it was given.
    public void settle() {
        try {
            appending.submit(() -> {}).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Keeps the thread that appends busy until what is given back is run.
    public Runnable hold() {
        CountDownLatch done = new CountDownLatch(1);
        var _ =
                appending.submit(() -> {
                    done.await();
                    return null;
                });
        return done::countDown;
    }

    public String metrics() {
        ExpositionWriter out = new ExpositionWriter();
        intake.writeMetrics(out);
        return new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        intake.close();
        settle();
        appending.shutdown();
        head.close();
    }
}
