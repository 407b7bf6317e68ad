package dev.muster.head;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// A clock that stands still until it is set.
public final class ManualClock implements InstantSource {
    private final AtomicLong nowMs;

    public ManualClock(long nowMs) {
        this.nowMs = new AtomicLong(nowMs);
    }

    public void set(long timeMs) {
        nowMs.set(timeMs);
    }

    public void advance(long byMs) {
        nowMs.addAndGet(byMs);
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(nowMs.get());
    }
}
