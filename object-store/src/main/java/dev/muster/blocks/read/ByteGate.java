package dev.muster.blocks.read;

import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/// Lets only so many bytes be on their way at one time, from the request for them until they are
/// taken apart. Who comes first goes first. Thread-safe.
final class ByteGate {
    private static final int UNIT_BYTES = 1 << 10;

    private final int units;
    private final Semaphore free;
    private final LongAdder waits = new LongAdder();

    /// @param limitBytes most bytes; what is larger goes alone
    ByteGate(long limitBytes) {
        units = Math.clamp(limitBytes / UNIT_BYTES, 1, Integer.MAX_VALUE);
        free = new Semaphore(units, true);
    }

    /// Bytes on their way, until they are closed.
    interface Passage extends AutoCloseable {
        @Override
        void close();
    }

    /// Waits until there is room.
    Passage enter(long bytes) throws InterruptedIOException {
        int wanted = Math.clamp(Math.ceilDiv(bytes, UNIT_BYTES), 1, units);
        if (!free.tryAcquire(wanted)) {
            waits.increment();
            try {
                free.acquire(wanted);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("waiting for room to fetch was interrupted");
            }
        }
        return () -> free.release(wanted);
    }

    /// Bytes on their way.
    long bytes() {
        return (units - free.availablePermits()) * (long) UNIT_BYTES;
    }

    /// How often somebody had to wait.
    long waits() {
        return waits.sum();
    }
}
