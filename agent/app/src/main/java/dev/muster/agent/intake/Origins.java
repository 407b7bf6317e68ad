package dev.muster.agent.intake;

import dev.muster.model.series.SampleAppender;
import dev.muster.model.series.SampleSink;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The origins of pushes, each with its appender while it is used. Confined to the thread that
/// appends, but for the counts.
final class Origins implements AutoCloseable {
    /*
     * The head keeps what it knows of an origin until the last window with a sample of it is gone, so
     * an origin counts against the limit that long. Its appender is closed sooner.
     */
    private static final String PREFIX = "push ";

    /// Of all that are one too many. No other name has this form.
    private static final String SHARED = "push";

    private static final long OPEN_MS = 300_000;

    private final SampleSink sink;
    private final int limit;
    private final long memoryMs;
    private final IntakeMetrics metrics;

    /// In the order of their last use.
    private final LinkedHashMap<String, Origin> all = new LinkedHashMap<>(16, 0.75f, true);

    private volatile int count;
    private final AtomicInteger openCount = new AtomicInteger();

    private static final class Origin {
        @Nullable SampleAppender appender;
        long usedMs;
    }

    Origins(SampleSink sink, int limit, Duration memory, IntakeMetrics metrics) {
        this.sink = sink;
        this.limit = limit;
        memoryMs = Math.max(OPEN_MS, memory.toMillis());
        this.metrics = metrics;
    }

    /// The appender of an origin, which stays this one's.
    SampleAppender appender(String name, long nowMs) throws IOException {
        String key = PREFIX + name;
        Origin origin = all.get(key);
        if (origin == null) {
            if (all.size() >= limit) {
                metrics.shared.increment();
                key = SHARED;
            }
            origin = all.computeIfAbsent(key, _ -> new Origin());
            count = all.size();
        }
        origin.usedMs = nowMs;
        SampleAppender appender = origin.appender;
        if (appender == null) {
            appender = sink.appender(key);
            origin.appender = appender;
            openCount.incrementAndGet();
        }
        return appender;
    }

    /// Closes what rests and forgets what is gone.
    void sweep(long nowMs) {
        for (Iterator<Origin> each = all.values().iterator(); each.hasNext(); ) {
            Origin origin = each.next();
            long restedMs = nowMs - origin.usedMs;
            if (restedMs < OPEN_MS) {
                return;
            }
            close(origin);
            if (restedMs >= memoryMs) {
                each.remove();
                count = all.size();
            }
        }
    }

    private void close(Origin origin) {
        SampleAppender appender = origin.appender;
        if (appender != null) {
            appender.close();
            origin.appender = null;
            openCount.decrementAndGet();
        }
    }

    int count() {
        return count;
    }

    int openCount() {
        return openCount.get();
    }

    int limit() {
        return limit;
    }

    @Override
    public void close() {
        all.values().forEach(this::close);
        all.clear();
        count = 0;
    }
}
