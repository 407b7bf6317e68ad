package dev.muster.agent.scrape.fetch;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Buffers for bodies, used again and again, within one memory budget for all fetches together.
/// Thread-safe.
public final class BodyPool {
    private static final int FIRST_BYTES = 16 << 10;
    private static final int IDLE_LIMIT = 16;

    /// A larger buffer is not kept when it comes back.
    private static final int IDLE_BYTES_LIMIT = 2 << 20;

    private final long budgetBytes;
    private final ArrayDeque<BodyBuffer> idle = new ArrayDeque<>();
    private long heldBytes;
    private long refusals;

    /// @param budgetBytes most bytes that all buffers have together
    public BodyPool(long budgetBytes) {
        this.budgetBytes = budgetBytes;
    }

    public long budgetBytes() {
        return budgetBytes;
    }

    /// Bytes of all buffers, idle ones among them.
    public synchronized long heldBytes() {
        return heldBytes;
    }

    /// Times that the budget refused a buffer or its growth.
    public synchronized long refusals() {
        return refusals;
    }

    /// An empty buffer; null if the budget is used up.
    synchronized @Nullable BodyBuffer acquire() {
        @Nullable BodyBuffer buffer = idle.pollLast();
        if (buffer == null) {
            if (!claim(FIRST_BYTES)) {
                return null;
            }
            buffer = new BodyBuffer(FIRST_BYTES);
        }
        buffer.length = 0;
        return buffer;
    }

    /// Makes room for `more` bytes after the buffer's length.
    ///
    /// @return false if the budget is used up
    synchronized boolean reserve(BodyBuffer buffer, int more) {
        long needed = (long) buffer.length + more;
        if (needed <= buffer.bytes.length) {
            return true;
        }
        long capacity = Math.max(needed, Math.min(2L * buffer.bytes.length, Integer.MAX_VALUE - 8));
        if (needed > Integer.MAX_VALUE - 8 || !claimAfterTrim(capacity - buffer.bytes.length)) {
            return false;
        }
        buffer.bytes = Arrays.copyOf(buffer.bytes, (int) capacity);
        return true;
    }

    synchronized void release(BodyBuffer buffer) {
        if (idle.size() < IDLE_LIMIT && buffer.bytes.length <= IDLE_BYTES_LIMIT) {
            idle.addLast(buffer);
        } else {
            heldBytes -= buffer.bytes.length;
        }
    }

    private boolean claimAfterTrim(long bytes) {
        while (heldBytes + bytes > budgetBytes && !idle.isEmpty()) {
            heldBytes -= idle.removeFirst().bytes.length;
        }
        return claim(bytes);
    }

    private boolean claim(long bytes) {
        if (heldBytes + bytes > budgetBytes) {
            refusals++;
            return false;
        }
        heldBytes += bytes;
        return true;
    }
}
