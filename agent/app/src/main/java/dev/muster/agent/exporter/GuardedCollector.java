package dev.muster.agent.exporter;

import dev.muster.agent.exposition.ExpositionWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Runs a collector that may hang on a thread of its own and waits for it only so long. While it
/// hangs, no other run is started: the collector fails at once until it comes back.
final class GuardedCollector implements Collector, AutoCloseable {
    private final Collector guarded;
    private final Duration timeout;
    private final ExpositionWriter own = new ExpositionWriter();
    private final ExecutorService thread;
    private @Nullable Future<?> run;

    GuardedCollector(Collector guarded, Duration timeout) {
        this.guarded = guarded;
        this.timeout = timeout;
        thread =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("collector-" + guarded.name()).factory());
    }

    @Override
    public String name() {
        return guarded.name();
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        Future<?> before = run;
        if (before != null && !before.isDone()) {
            throw late();
        }
        Future<?> now =
                thread.submit(() -> {
                    own.clear();
                    guarded.collect(own);
                    return null;
                });
        run = now;
        await(now);
        into.append(own);
    }

    private void await(Future<?> now) throws IOException {
        try {
            now.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw late();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("collector " + name() + ": was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException world) {
                throw world;
            }
            throw new IllegalStateException("collector " + name() + ": must not fail", e);
        }
    }

    private IOException late() {
        return new IOException(
                "collector " + name() + ": must answer in time: timeoutMs=" + timeout.toMillis());
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
