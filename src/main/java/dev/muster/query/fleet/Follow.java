package dev.muster.query.fleet;

import dev.muster.federation.view.CellView;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One agent that is followed: a thread that holds its stream, opens it again after a pause, and
/// stops when it is closed. State may be asked from any thread.
final class Follow implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Follow.class.getName());

    private final URI agent;
    private final FollowerConfig config;
    private final CellStream stream;
    private final BiConsumer<URI, CellView> views;
    private final RandomGenerator random;
    private final FollowerMetrics metrics;
    private @Nullable Thread thread;

    private volatile boolean closed;
    private volatile boolean reading;
    private volatile boolean connected;
    private volatile long heardNanos = System.nanoTime();
    private volatile long frames;
    private volatile int failures;
    private volatile String error = "";

    Follow(
            URI agent,
            FollowerConfig config,
            HttpClient http,
            BiConsumer<URI, CellView> views,
            RandomGenerator random,
            FollowerMetrics metrics) {
        this.agent = agent;
        this.config = config;
        this.stream = new CellStream(http, agent, config.silence());
        this.views = views;
        this.random = random;
        this.metrics = metrics;
    }

    void start() {
        thread = Thread.ofVirtual().name("follow-" + agent.getAuthority()).start(this::run);
    }

    Followed state() {
        return new Followed(agent, connected, frames, failures, error);
    }

    /// Has it failed since it last gave a view?
    boolean failing() {
        return failures > 0;
    }

    /// Breaks a stream that has been silent for too long; its thread then opens it again.
    void watch(long nowNanos) {
        Thread running = thread;
        if (reading && running != null && nowNanos - heardNanos > config.silence().toNanos()) {
            metrics.silent();
            running.interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try {
                heardNanos = System.nanoTime();
                reading = true;
                stream.follow(this::heard);
                failed("silent");
            } catch (InterruptedException e) {
                failed("silent");
            } catch (IOException | RuntimeException e) {
                failed(reason(e));
            }
            if (!closed) {
                pause();
            }
        }
    }

    private void heard(CellView view) {
        if (closed) {
            return;
        }
        heardNanos = System.nanoTime();
        if (!connected) {
            connected = true;
            failures = 0;
            error = "";
            LOG.log(
                    System.Logger.Level.INFO,
                    () -> "follows agent url=" + agent + " cell=" + view.cell());
        }
        countFrame();
        views.accept(agent, view);
    }

    private void countFrame() {
        // only this stream's thread writes
        long next = frames + 1;
        frames = next;
        metrics.frame();
    }

    private void failed(String why) {
        reading = false;
        Thread.interrupted();
        if (closed) {
            return;
        }
        boolean first = connected || failures == 0;
        connected = false;
        int next = failures + 1;
        failures = next;
        error = why;
        metrics.broken();
        if (first) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "lost agent url=" + agent + " reason=" + why);
        }
    }

    private void pause() {
        long longest = config.backOffMax().toMillis();
        long millis =
                Math.min(longest, config.backOffMin().toMillis() << Math.min(20, failures - 1));
        try {
            // some jitter, so that many nodes do not come back at one time
            Thread.sleep(millis / 2 + random.nextLong(millis / 2 + 1));
        } catch (InterruptedException e) {
            // closed, or asked to hurry: the loop looks
            Thread.interrupted();
        }
    }

    private static String reason(Exception failure) {
        return switch (failure) {
            case java.net.ConnectException e -> "connection refused";
            case java.net.http.HttpTimeoutException e -> "no answer in time";
            case java.io.EOFException e -> "stream ended";
            default -> String.valueOf(failure.getMessage());
        };
    }
}
