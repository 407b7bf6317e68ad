package dev.muster.blocks.read;

import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.read.PageOrigin.Place;
import dev.muster.blocks.schema.MetricPlaces.Range;
import dev.muster.model.series.ReadBudget;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Pages that are asked for beside the series of their block, before it is known which of them are
/// wanted: one trip to the bucket less. Queries that want the same at one time share it.
/// Thread-safe.
final class EarlyReads {
    /*
     * What comes early does not pass the gate, whose rule is that who has passed it waits for nobody who may wait for it:
     * who has something early waits for the series of the block. It has a limit of its own, at which nobody waits: what
     * finds no room is read later, as ever.
     */
    private final Fetcher fetcher;
    private final long limitBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final ConcurrentHashMap<Wanted, Pages> running = new ConcurrentHashMap<>();
    private final LongAdder begun = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /// @param limitBytes most bytes that are on their way, or held until their query has decoded
    ///   them
    EarlyReads(Fetcher fetcher, long limitBytes) {
        this.fetcher = fetcher;
        this.limitBytes = limitBytes;
    }

    private record Wanted(PageKey file, String metric) {}

    /// Asks for the pages of a metric; null where nobody knows where they are, or there is no room.
    @Nullable Pages begin(BlockEntry entry, String metric) {
        ObjectInfo file = entry.samples();
        Wanted wanted = new Wanted(new PageKey(file.key(), file.etag(), 0), metric);
        Pages pages =
                running.compute(
                        wanted,
                        (_, now) -> {
                            Pages some = now == null ? make(entry, wanted) : now;
                            if (some != null) {
                                some.users++;
                            }
                            return some;
                        });
        if (pages != null) {
            pages.start();
        }
        return pages;
    }

    private @Nullable Pages make(BlockEntry entry, Wanted wanted) {
        List<Range> ranges = new ArrayList<>();
        long size = 0;
        for (Range range : entry.metrics().of(wanted.metric)) {
            if (range.end() <= entry.samples().sizeBytes()) {
                ranges.add(range);
                size += range.sizeBytes();
            }
        }
        if (ranges.isEmpty()) {
            return null;
        }
        if (bytes.addAndGet(size) > limitBytes) {
            bytes.addAndGet(-size);
            refused.increment();
            return null;
        }
        begun.increment();
        return new Pages(wanted, ranges, size);
    }

    /// Bytes on their way, or held.
    long bytes() {
        return bytes.get();
    }

    /// Metrics of blocks that were asked for early.
    long begun() {
        return begun.sum();
    }

    /// Those that found no room.
    long refused() {
        return refused.sum();
    }

    /// The pages of a metric of a block, on their way until this is closed by all who have it.
    final class Pages implements AutoCloseable {
        private static final byte[] FAILED = {};

        private final Wanted wanted;
        private final List<Range> ranges;
        private final List<CompletableFuture<byte[]>> contents = new ArrayList<>();
        private final AtomicBoolean started = new AtomicBoolean();
        private final long sizeBytes;

        /// Requests on their way, and one for all users.
        private final AtomicInteger holders;

        /// Changed by those who compute the entry of the map.
        private int users;

        private Pages(Wanted wanted, List<Range> ranges, long sizeBytes) {
            this.wanted = wanted;
            this.ranges = ranges;
            this.sizeBytes = sizeBytes;
            holders = new AtomicInteger(ranges.size() + 1);
            ranges.forEach(_ -> contents.add(new CompletableFuture<>()));
        }

        private void start() {
            if (started.getAndSet(true)) {
                return;
            }
            for (int i = 0; i < ranges.size(); i++) {
                Range range = ranges.get(i);
                CompletableFuture<byte[]> content = contents.get(i);
                Thread.ofVirtual().name("blocks-early").start(() -> read(range, content));
            }
        }

        /// The query that uses a page is charged for it.
        private void read(Range range, CompletableFuture<byte[]> into) {
            byte[] content = FAILED;
            try {
                content =
                        fetcher.range(
                                wanted.file.key(),
                                range.offset(),
                                range.sizeBytes(),
                                ReadBudget.UNLIMITED);
            } catch (IOException | RuntimeException e) {
                // Who wants a page of it asks again, and meets the same.
            } finally {
                release(); // first: who has the content may close the last hold of it
                into.complete(content);
            }
        }

        private void release() {
            if (holders.decrementAndGet() == 0) {
                bytes.addAndGet(-sizeBytes);
            }
        }

        /// A page, waited for; null where it is not among them, or could not be read.
        @Nullable PageBytes page(Place place) throws InterruptedIOException {
            for (int i = 0; i < ranges.size(); i++) {
                Range range = ranges.get(i);
                if (range.offset() <= place.offset() && place.end() <= range.end()) {
                    byte[] content = content(i);
                    return content.length == 0
                            ? null
                            : new PageBytes(
                                    content,
                                    (int) (place.offset() - range.offset()),
                                    place.sizeBytes());
                }
            }
            return null;
        }

        private byte[] content(int range) throws InterruptedIOException {
            try {
                return contents.get(range).get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("waiting for pages was interrupted");
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            running.compute(
                    wanted,
                    (_, _) -> {
                        users--;
                        if (users == 0) {
                            release();
                            return null;
                        }
                        return this;
                    });
        }
    }
}
