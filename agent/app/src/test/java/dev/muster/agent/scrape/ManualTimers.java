package dev.muster.agent.scrape;

import dev.muster.agent.scrape.job.Timers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Timers and a wall clock that move when they are told. The wall clock can be set without time
/// passing. Thread-safe.
public final class ManualTimers implements Timers, InstantSource {
    private record Due(long monotonicMs, Runnable task) {}

    private final List<Due> waiting = new ArrayList<>();
    private long monotonicMs;
    private long wallMs;

    public ManualTimers(long wallMs) {
        this.wallMs = wallMs;
    }

    @Override
    public synchronized Instant instant() {
        return Instant.ofEpochMilli(wallMs);
    }

    public synchronized long nanoTime() {
        return monotonicMs * 1_000_000;
    }

    @Override
    public synchronized Runnable after(long delayMs, Runnable task) {
        Due due = new Due(monotonicMs + delayMs, task);
        waiting.add(due);
        return () -> {
            synchronized (ManualTimers.this) {
                waiting.remove(due);
            }
        };
    }

    /// Sets the wall clock.
    public synchronized void stepWall(long byMs) {
        wallMs += byMs;
    }

    /// Lets time pass and runs what falls due, in order.
    public void advance(long byMs) {
        long endMs;
        synchronized (this) {
            endMs = monotonicMs + byMs;
        }
        while (true) {
            @Nullable Due next;
            synchronized (this) {
                next =
                        waiting.stream()
                                .filter(due -> due.monotonicMs <= endMs)
                                .min(Comparator.comparingLong(Due::monotonicMs))
                                .orElse(null);
                long toMs = next == null ? endMs : Math.max(monotonicMs, next.monotonicMs);
                wallMs += toMs - monotonicMs;
                monotonicMs = toMs;
                if (next == null) {
                    return;
                }
                waiting.remove(next);
            }
            next.task.run();
        }
    }
}
