package dev.muster.blocks.read;

import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.model.series.ReadBudget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// The pages that one query wants of one file of a block, fetched in few requests: pages that lie
/// near each other come together. Thread-safe.
final class PageFetch {
    private final ObjectInfo file;
    private final Fetcher fetcher;
    private final WeightedCache<PageKey, byte[]> cache;
    private final ReadBudget budget;
    private final List<Segment> segments;
    private final long[] starts;

    private PageFetch(
            ObjectInfo file,
            Fetcher fetcher,
            WeightedCache<PageKey, byte[]> cache,
            ReadBudget budget,
            List<Segment> segments) {
        this.file = file;
        this.fetcher = fetcher;
        this.cache = cache;
        this.budget = budget;
        this.segments = segments;
        starts = segments.stream().mapToLong(segment -> segment.pages.getFirst().offset).toArray();
    }

    private record Location(long offset, int sizeBytes) {
        long end() {
            return offset + sizeBytes;
        }
    }

    /// Pages of one request.
    private static final class Segment {
        private final ReentrantLock lock = new ReentrantLock();
        private final List<Location> pages = new ArrayList<>();

        int sizeBytes() {
            return Math.toIntExact(pages.getLast().end() - pages.getFirst().offset);
        }
    }

    /// Rows that are wanted of some columns. Owns its arrays.
    static final class Wanted {
        private final List<PageList> columns;
        private final long[] rowStarts;
        private final long[] rowEnds;

        /// @param rowStarts first rows of the ranges, ascending
        /// @param rowEnds row after the last of each range
        Wanted(List<PageList> columns, long[] rowStarts, long[] rowEnds) {
            this.columns = List.copyOf(columns);
            this.rowStarts = rowStarts;
            this.rowEnds = rowEnds;
        }
    }

    static PageFetch plan(
            ObjectInfo file,
            List<Wanted> parts,
            BlockReadConfig config,
            Fetcher fetcher,
            WeightedCache<PageKey, byte[]> cache,
            ReadBudget budget)
            throws DamagedBlockException {
        List<Location> wanted = new ArrayList<>();
        for (Wanted part : parts) {
            for (PageList pages : part.columns) {
                addPages(pages, part.rowStarts, part.rowEnds, wanted);
            }
        }
        wanted.sort(Comparator.comparingLong(Location::offset));
        List<Segment> segments = new ArrayList<>();
        long end = 0;
        for (Location page : wanted) {
            if (page.sizeBytes <= 0 || page.offset < 0 || page.end() > file.sizeBytes()) {
                throw new DamagedBlockException(
                        "page must lie within the file: offset=%d, sizeBytes=%d"
                                .formatted(page.offset, page.sizeBytes));
            }
            boolean near = !segments.isEmpty() && page.offset - end <= config.coalesceGapBytes();
            if (!near
                    || page.end() - segments.getLast().pages.getFirst().offset
                            > config.fetchBytes()) {
                segments.add(new Segment());
            }
            segments.getLast().pages.add(page);
            end = page.end();
        }
        return new PageFetch(file, fetcher, cache, budget, segments);
    }

    private static void addPages(
            PageList pages, long[] rowStarts, long[] rowEnds, List<Location> into) {
        int next = 0;
        long dictionary = -1;
        for (int i = 0; i < rowStarts.length; i++) {
            if (rowEnds[i] == rowStarts[i]) {
                continue;
            }
            int last = pages.pageOf(rowEnds[i] - 1);
            for (next = Math.max(next, pages.pageOf(rowStarts[i])); next <= last; next++) {
                if (pages.hasDictionary(next) && pages.dictionaryOffset(next) != dictionary) {
                    dictionary = pages.dictionaryOffset(next);
                    into.add(new Location(dictionary, pages.dictionarySizeBytes(next)));
                }
                into.add(new Location(pages.offset(next), pages.sizeBytes(next)));
            }
        }
    }

    /// Bytes of all requests of the plan.
    long sizeBytes() {
        return segments.stream().mapToLong(Segment::sizeBytes).sum();
    }

    /// Fetches what is not in memory, so that readers need not wait for one block after another.
    void prefetch() throws IOException {
        for (Segment segment : segments) {
            for (Location page : segment.pages) {
                page(page.offset);
            }
        }
    }

    /// The bytes of a page of the plan, as they are in the file.
    byte[] page(long offset) throws IOException {
        PageKey key = key(offset);
        byte[] found = cache.find(key);
        if (found != null) {
            return found;
        }
        int at = Arrays.binarySearch(starts, offset);
        Segment segment = segments.get(at >= 0 ? at : -at - 2);
        segment.lock.lock();
        try {
            // Another reader of this query may just have fetched it.
            found = cache.find(key);
            return found == null ? fetch(segment, offset) : found;
        } finally {
            segment.lock.unlock();
        }
    }

    private byte[] fetch(Segment segment, long wanted) throws IOException {
        long start = segment.pages.getFirst().offset;
        byte[] content = fetcher.range(file.key(), start, segment.sizeBytes(), budget);
        byte[] result = {};
        for (Location page : segment.pages) {
            int from = (int) (page.offset - start);
            byte[] bytes = Arrays.copyOfRange(content, from, from + page.sizeBytes);
            cache.put(key(page.offset), bytes);
            if (page.offset == wanted) {
                result = bytes;
            }
        }
        return result;
    }

    PageKey key(long offset) {
        return new PageKey(file.key(), file.etag(), offset);
    }
}
