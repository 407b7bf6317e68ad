package dev.muster.agent.exporter;

import dev.muster.agent.exporter.collect.Collector;
import dev.muster.agent.exposition.ExpositionWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Runs a collector on a thread of a pool and waits for it only so long. While it hangs, no other
/// run is started: the collector fails at once until it comes back.
final class GuardedCollector implements Collector {
    private final Collector guarded;
    private final Duration timeout;
    private final ExpositionWriter own = new ExpositionWriter(64);
    private final ExecutorService threads;
    private @Nullable Future<?> run;

    /// @param threads has a thread for every collector that hangs, and one more
    GuardedCollector(Collector guarded, Duration timeout, ExecutorService threads) {
        this.guarded = guarded;
        this.timeout = timeout;
        this.threads = threads;
    }

    @Override
    public String name() {
        return guarded.name();
    }

    @Override
    public Duration period() {
        return guarded.period();
    }

    @Override
    public void collect(ExpositionWriter into) throws IOException {
        Future<?> before = run;
        if (before != null && !before.isDone()) {
            throw late();
        }
        Future<?> now =
                threads.submit(() -> {
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
}
