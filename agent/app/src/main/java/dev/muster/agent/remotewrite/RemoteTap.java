package dev.muster.agent.remotewrite;

import dev.muster.model.series.SampleAppender;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// What all appenders share that write to the log. Thread-safe.
final class RemoteTap {
    private static final Logger LOG = System.getLogger(RemoteTap.class.getName());
    private static final long WARN_NANOS = 60_000_000_000L;

    private final SampleLog log;
    private final AtomicInteger references = new AtomicInteger();
    private final AtomicLong newestMs = new AtomicLong();
    private final LongAdder logged = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private volatile @Nullable Long warnedNanos;

    RemoteTap(SampleLog log) {
        this.log = log;
    }

    SampleAppender tapped(SampleAppender out) {
        return new TapAppender(out, this);
    }

    SampleLog log() {
        return log;
    }

    /// A number that no series of this run has.
    int nextReference() {
        return references.incrementAndGet();
    }

    void logged(int samples, long timestampMs) {
        logged.add(samples);
        newestMs.accumulateAndGet(timestampMs, Math::max);
    }

    void failed(int samples, IOException e) {
        lost.add(samples);
        Long before = warnedNanos;
        long now = System.nanoTime();
        if (before == null || now - before > WARN_NANOS) {
            warnedNanos = now;
            LOG.log(Level.WARNING, "samples are stored, but not sent on: samples=" + samples, e);
        }
    }

    long newestMs() {
        return newestMs.get();
    }

    long logged() {
        return logged.sum();
    }

    long lost() {
        return lost.sum();
    }
}
