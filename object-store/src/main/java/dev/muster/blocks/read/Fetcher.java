package dev.muster.blocks.read;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketException;
import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.disk.DiskCache;
import dev.muster.model.series.ReadBudget;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads ranges of objects, a limited number at a time. Thread-safe.
final class Fetcher {
    private final Bucket bucket;
    private final Semaphore permits;
    private final ByteGate gate;
    private final int fetchBytes;
    private final @Nullable DiskCache disk;
    private final LongAdder fetches = new LongAdder();
    private final LongAdder fetchedBytes = new LongAdder();
    private final LongAdder fetchNanos = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder decodedRows = new LongAdder();
    private final LongAdder decodeNanos = new LongAdder();

    /// @param disk null for none
    Fetcher(Bucket bucket, BlockReadConfig config, @Nullable DiskCache disk) {
        this.bucket = bucket;
        this.disk = disk;
        permits = new Semaphore(config.fetches());
        gate = new ByteGate(config.fetchedAtATimeBytes());
        fetchBytes = config.fetchBytes();
    }

    /// For what is fetched, until it is taken apart.
    ByteGate gate() {
        return gate;
    }

    /// One request, sent once more if that may help.
    byte[] range(String key, long offset, int length, ReadBudget budget) throws IOException {
        budget.chargeFetchedBytes(length);
        try {
            permits.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("fetch key=" + key + ": was interrupted");
        }
        try {
            return rangeOrRetry(key, offset, length);
        } finally {
            permits.release();
        }
    }

    private byte[] rangeOrRetry(String key, long offset, int length) throws IOException {
        try {
            return counted(key, offset, length);
        } catch (BucketException e) {
            if (!e.retryable()) {
                throw e;
            }
            retries.increment();
            return counted(key, offset, length);
        }
    }

    private byte[] counted(String key, long offset, int length) throws IOException {
        fetches.increment();
        long startNanos = System.nanoTime();
        byte[] content = bucket.range(key, offset, length);
        fetchNanos.add(System.nanoTime() - startNanos);
        fetchedBytes.add(length);
        return content;
    }

    /// What was kept on disk; null where it is not there.
    byte @Nullable [] kept(PageKey page, int length) {
        return disk == null ? null : disk.find(name(page), length);
    }

    /// Keeps a range on disk, where there is one; it is made only then.
    void keep(PageKey page, Supplier<byte[]> content) {
        keep(name(page), content);
    }

    /// What was put on disk under a name, whatever its length; null where it is not there.
    byte @Nullable [] kept(String name) {
        return disk == null ? null : disk.find(name);
    }

    /// Is there likely something on disk under a name?
    boolean keeps(String name) {
        return disk != null && disk.has(name);
    }

    /// Keeps something on disk, where there is one; it is made only then.
    void keep(String name, Supplier<byte[]> content) {
        if (disk != null) {
            disk.put(name, content.get());
        }
    }

    /// What was kept cannot be used: it is fetched anew.
    void drop(String name) {
        if (disk != null) {
            disk.drop(name);
        }
    }

    private static String name(PageKey page) {
        return page.offset() + " " + page.etag() + " " + page.key();
    }

    /// A range from the disk or from the bucket, in as many requests as it takes.
    byte[] ranges(ObjectInfo file, long offset, int length, ReadBudget budget) throws IOException {
        PageKey page = new PageKey(file.key(), file.etag(), offset);
        byte[] content = kept(page, length);
        if (content == null) {
            byte[] fetched = requests(file.key(), offset, length, budget);
            content = fetched;
            keep(page, () -> fetched);
        }
        return content;
    }

    /// A range from the bucket, in as many requests as it takes.
    byte[] requests(String key, long offset, int length, ReadBudget budget) throws IOException {
        if (length <= fetchBytes) {
            return range(key, offset, length, budget);
        }
        byte[] content = new byte[length];
        for (int done = 0; done < length; done += fetchBytes) {
            int part = Math.min(fetchBytes, length - done);
            System.arraycopy(range(key, offset + done, part, budget), 0, content, done, part);
        }
        return content;
    }

    long fetches() {
        return fetches.sum();
    }

    long fetchedBytes() {
        return fetchedBytes.sum();
    }

    long fetchNanos() {
        return fetchNanos.sum();
    }

    /// Rows of what was fetched were taken out of their pages.
    void decoded(long rows, long nanos) {
        decodedRows.add(rows);
        decodeNanos.add(nanos);
    }

    long decodedRows() {
        return decodedRows.sum();
    }

    long decodeNanos() {
        return decodeNanos.sum();
    }

    long retries() {
        return retries.sum();
    }
}
