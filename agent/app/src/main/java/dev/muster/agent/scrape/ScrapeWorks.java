package dev.muster.agent.scrape;

import dev.muster.agent.scrape.fetch.BodyInflater;
import dev.muster.agent.scrape.fetch.BodyPool;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// What the scrapes of many targets share: the thread that appends, and the meters. Thread-safe.
public final class ScrapeWorks implements AutoCloseable {
    /*
     * One thread appends for all targets, because an append is memory and a write to the page cache:
     * some 1.5 M samples a second. Its queue holds at most one task a target, and one more at the end
     * of a target.
     */
    private static final Logger LOG = System.getLogger(ScrapeWorks.class.getName());
    private static final long CLOSE_SECONDS = 5;

    private final ScrapeMetrics metrics;
    private final BodyInflater inflater;
    private final FailureLog failures = new FailureLog();
    private final ThreadPoolExecutor appending;

    /// @param pool buffers for bodies
    /// @param thread name of the thread that appends
    public ScrapeWorks(BodyPool pool, String thread) {
        metrics = new ScrapeMetrics(pool);
        inflater = new BodyInflater(pool);
        appending =
                new ThreadPoolExecutor(
                        1,
                        1,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> daemon(task, thread),
                        // at the end of the process late results are dropped
                        new ThreadPoolExecutor.DiscardPolicy());
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /// Meters of all scrapes.
    public ScrapeMetrics metrics() {
        return metrics;
    }

    BodyInflater inflater() {
        return inflater;
    }

    FailureLog failures() {
        return failures;
    }

    /// The one thread that appends.
    Executor appending() {
        return appending;
    }

    /// Ends the thread, after what waits for it.
    @Override
    public void close() {
        appending.shutdown();
        try {
            if (!appending.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, () -> "scrapes still being appended at the end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        inflater.close();
    }
}
