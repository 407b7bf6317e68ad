package dev.muster.agent.remotewrite;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.scrape.job.HttpRequests;
import dev.muster.model.sample.MetricType;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.series.SampleSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sends on what is appended, to stores that take remote write. A sink before another: as long as
/// no store is configured it does nothing, and nothing of it is loaded. Thread-safe.
public final class RemoteWriting implements SampleSink, AutoCloseable {
    private final SampleSink sink;
    private final Path directory;
    private final long limitBytes;
    private final InstantSource clock;
    private final HttpRequests requests;
    private volatile @Nullable RemoteTap tap;
    private List<Remote> remotes = List.of();
    private volatile boolean untapped;

    /// @param sink stores the samples
    /// @param directory of the log, made when it is needed
    /// @param limitBytes for the log
    public RemoteWriting(
            SampleSink sink,
            Path directory,
            long limitBytes,
            InstantSource clock,
            HttpRequests requests) {
        this.sink = sink;
        this.directory = directory;
        this.limitBytes = limitBytes;
        this.clock = clock;
        this.requests = requests;
    }

    @Override
    public SampleAppender appender(String origin) throws IOException {
        SampleAppender out = sink.appender(origin);
        RemoteTap present = tap;
        if (present == null) {
            untapped = true;
            return new LateAppender(out, this::tapped);
        }
        return present.tapped(out);
    }

    private Optional<SampleAppender> tapped(SampleAppender out) {
        return Optional.ofNullable(tap).map(present -> present.tapped(out));
    }

    /// Sends to these stores from now on; those that stay as they are go on.
    ///
    /// @return whether there are appenders of before, which have to be asked for all series anew
    /// @throws UncheckedIOException if the log cannot be opened
    public synchronized boolean use(List<RemotePlan> plans) {
        if (tap == null && plans.isEmpty()) {
            return false;
        }
        boolean anew = tap == null && untapped;
        try {
            RemoteTap present =
                    tap == null ? new RemoteTap(new SampleLog(directory, limitBytes)) : tap;
            change(plans, present);
            tap = present;
            return anew;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void change(List<RemotePlan> plans, RemoteTap present) throws IOException {
        List<Remote> next = new ArrayList<>();
        for (Remote remote : remotes) {
            if (plans.contains(remote.plan())) {
                next.add(remote);
            } else {
                remote.close();
                if (plans.stream().noneMatch(plan -> plan.name().equals(remote.plan().name()))) {
                    Files.deleteIfExists(Remote.cursorFile(directory, remote.plan().name()));
                }
            }
        }
        for (RemotePlan plan : plans) {
            if (next.stream().noneMatch(remote -> remote.plan().equals(plan))) {
                RemoteMetrics metrics = new RemoteMetrics();
                Remote remote =
                        new Remote(
                                plan,
                                present.log(),
                                directory,
                                new RemoteCall(plan, requests, metrics),
                                clock,
                                metrics);
                remote.start();
                next.add(remote);
            }
        }
        remotes = List.copyOf(next);
    }

    /// Frees what all stores have. To be called every second.
    public synchronized void round() {
        RemoteTap present = tap;
        if (present != null) {
            int needed =
                    remotes.stream().mapToInt(Remote::needed).min().orElse(present.log().segment());
            present.log().release(needed);
        }
    }

    public synchronized void writeMetrics(ExpositionWriter out) {
        RemoteTap present = tap;
        if (present == null) {
            return;
        }
        RemoteMetrics.write(
                remotes.stream()
                        .map(remote -> new RemoteMetrics.Of(remote.plan(), remote.metrics()))
                        .toList(),
                out);
        counter(
                out,
                "prometheus_remote_storage_samples_in_total",
                "Samples written to the log of samples to send.",
                present.logged());
        counter(
                out,
                "muster_remote_write_log_samples_lost_total",
                "Samples that were stored, but the log could not take.",
                present.lost());
        gauge(
                out,
                "prometheus_remote_storage_highest_timestamp_in_seconds",
                "Time of the newest sample of the log.",
                present.newestMs() / 1e3);
        gauge(
                out,
                "muster_remote_write_log_bytes",
                "Size of the log of samples to send.",
                present.log().sizeBytes());
        gauge(out, "muster_remote_write_log_limit_bytes", "What it may have at most.", limitBytes);
    }

    private static void counter(ExpositionWriter out, String name, String help, double value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value);
    }

    private static void gauge(ExpositionWriter out, String name, String help, double value) {
        out.family(name, MetricType.GAUGE, help).sample(name, value);
    }

    /// Stops sending. What was not taken is sent by the next run.
    @Override
    public synchronized void close() {
        remotes.forEach(Remote::close);
        remotes = List.of();
        RemoteTap present = tap;
        if (present != null) {
            present.log().close();
        }
    }
}
