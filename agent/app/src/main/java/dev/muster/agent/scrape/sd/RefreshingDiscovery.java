package dev.muster.agent.scrape.sd;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoveryState;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Asks anew from time to time: at once, and then one interval after each answer. Thread-safe.
public final class RefreshingDiscovery implements Discovery {
    /// Asks once. Runs in a thread of its own and may wait; an interrupt ends it.
    @FunctionalInterface
    public interface Question {
        /// All that there is now.
        ///
        /// @throws IOException why that is not known
        Found ask() throws IOException, InterruptedException;
    }

    private final String kind;
    private final Duration interval;
    private final Question question;
    private final DiscoveryContext context;
    private final Findings findings;
    private boolean closed;
    private Runnable cancel = () -> {};
    private @Nullable Thread asking;

    private RefreshingDiscovery(
            String kind,
            String what,
            Duration interval,
            Question question,
            DiscoveryContext context) {
        this.kind = kind;
        this.interval = interval;
        this.question = question;
        this.context = context;
        findings = new Findings(kind, what, context);
    }

    /// Starts to ask.
    ///
    /// @param kind of the discovery
    /// @param what is asked, for the log
    /// @param interval from an answer to the next question
    public static RefreshingDiscovery start(
            String kind,
            String what,
            Duration interval,
            Question question,
            DiscoveryContext context) {
        RefreshingDiscovery discovery =
                new RefreshingDiscovery(kind, what, interval, question, context);
        discovery.startAsking();
        return discovery;
    }

    private synchronized void startAsking() {
        if (!closed) {
            Thread thread = context.threads().newThread(this::ask);
            asking = thread;
            thread.start();
        }
    }

    private void ask() {
        try {
            findings.found(question.ask());
        } catch (IOException e) {
            findings.failed(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            // only close() interrupts
            return;
        } catch (RuntimeException e) {
            findings.failed("discovery failed: " + e);
        }
        synchronized (this) {
            asking = null;
            if (!closed) {
                cancel =
                        context.timers().after(Math.max(1, interval.toMillis()), this::startAsking);
            }
        }
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public DiscoveryState state() {
        return findings.state();
    }

    @Override
    public synchronized void close() {
        closed = true;
        cancel.run();
        Thread thread = asking;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
