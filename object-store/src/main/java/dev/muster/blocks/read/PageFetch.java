package dev.muster.blocks.read;

import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The pages that one query wants of one file of a block, fetched in few requests: pages that lie
/// near each other come together. Thread-safe.
final class PageFetch implements PageSource {
    /// Requests of one block that wait beside each other: one for times, one for values, and more
    /// where the wanted rows lie apart. The fetcher and its gate limit those of all.
    private static final int AT_A_TIME = 64;

    private static final long BYTES_PER_SEGMENT = 160;
    private static final long BYTES_PER_PAGE = 32;

    private final ObjectInfo file;
    private final Fetcher fetcher;
    private final WeightedCache<PageKey, byte[]> cache;
    private final ReadBudget budget;
    private final List<Segment> segments;
    private final long[] starts;
    private final boolean ahead;

    private PageFetch(
            ObjectInfo file,
            Fetcher fetcher,
            WeightedCache<PageKey, byte[]> cache,
            ReadBudget budget,
            List<Segment> segments,
            boolean ahead) {
        this.file = file;
        this.ahead = ahead;
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
        private final AtomicBoolean asked = new AtomicBoolean();

        boolean has(long offset) {
            for (Location page : pages) {
                if (page.offset == offset) {
                    return true;
                }
            }
            return false;
        }

        int sizeBytes() {
            return Math.toIntExact(pages.getLast().end() - pages.getFirst().offset);
        }
    }

    /// Rows that are wanted of some columns.
    ///
    /// @param without pages that are not needed, by number
    record Wanted(List<PageList> columns, RowRanges rows, IntPredicate without) {
        Wanted {
            columns = List.copyOf(columns);
        }
    }

    /// How much is fetched at a time.
    ///
    /// @param gapBytes two pages with no more than this between them are fetched as one
    /// @param fetchBytes most bytes of one request; a page is never split
    /// @param ahead whether the next pages are fetched while these are read
    record Sizes(int gapBytes, int fetchBytes, boolean ahead) {}

    static PageFetch plan(
            ObjectInfo file,
            List<Wanted> parts,
            Sizes sizes,
            Fetcher fetcher,
            WeightedCache<PageKey, byte[]> cache,
            ReadBudget budget)
            throws DamagedBlockException {
        List<Location> wanted = new ArrayList<>();
        for (Wanted part : parts) {
            for (PageList pages : part.columns) {
                addPages(pages, part, wanted);
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
            boolean near = !segments.isEmpty() && page.offset - end <= sizes.gapBytes();
            if (!near
                    || page.end() - segments.getLast().pages.getFirst().offset
                            > sizes.fetchBytes()) {
                segments.add(new Segment());
            }
            segments.getLast().pages.add(page);
            end = page.end();
        }
        return new PageFetch(file, fetcher, cache, budget, segments, sizes.ahead());
    }

    private static void addPages(PageList pages, Wanted part, List<Location> into) {
        int next = 0;
        long dictionary = -1;
        for (int i = 0; i < part.rows.size(); i++) {
            int last = pages.pageOf(part.rows.end(i) - 1);
            for (next = Math.max(next, pages.pageOf(part.rows.start(i))); next <= last; next++) {
                if (part.without.test(next)) {
                    continue;
                }
                if (pages.hasDictionary(next) && pages.dictionaryOffset(next) != dictionary) {
                    dictionary = pages.dictionaryOffset(next);
                    into.add(new Location(dictionary, pages.dictionarySizeBytes(next)));
                }
                into.add(new Location(pages.offset(next), pages.sizeBytes(next)));
            }
        }
    }

    /// Fetches what is not in memory, so that readers need not wait for one block after another:
    /// the first request, and more while there is room.
    void prefetch(AtomicLong roomBytes) throws IOException {
        List<Segment> now = new ArrayList<>();
        for (Segment segment : segments) {
            if (roomBytes.addAndGet(-segment.sizeBytes()) < 0 && !(ahead && now.isEmpty())) {
                break;
            }
            segment.asked.set(true);
            now.add(segment);
        }
        AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
        BlockTasks.run(
                now.size(),
                AT_A_TIME,
                i -> {
                    Location first = now.get(i).pages.getFirst();
                    try {
                        page(first.offset, first.sizeBytes);
                    } catch (IOException e) {
                        failure.set(e);
                    }
                });
        IOException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
    }

    /// Memory of the plan, roughly.
    long sizeBytes() {
        long pages = 0;
        for (Segment segment : segments) {
            pages += segment.pages.size();
        }
        return 100 + BYTES_PER_SEGMENT * segments.size() + BYTES_PER_PAGE * pages;
    }

    /// One that is not in the plan is fetched alone.
    @Override
    public byte[] page(long offset, int sizeBytes) throws IOException {
        byte[] found = cache.find(key(offset));
        int at = Arrays.binarySearch(starts, offset);
        at = at >= 0 ? at : -at - 2;
        if (found != null) {
            readAhead(at);
            return found;
        }
        if (at < 0 || !segments.get(at).has(offset)) {
            byte[] alone = fetcher.ranges(file, offset, sizeBytes, budget);
            cache.put(key(offset), alone);
            return alone;
        }
        byte[] fetched = load(segments.get(at), offset);
        readAhead(at);
        return fetched;
    }

    /// Rows of its pages were taken out of them.
    void decoded(long rows, long nanos) {
        fetcher.decoded(rows, nanos);
    }

    private byte[] load(Segment segment, long offset) throws IOException {
        segment.asked.set(true);
        segment.lock.lock();
        try {
            // Another reader of this query may just have fetched it.
            byte[] found = cache.find(key(offset));
            return found == null ? fetch(segment, offset) : found;
        } finally {
            segment.lock.unlock();
        }
    }

    /// Fetches the segment after this one in the background, once.
    private void readAhead(int at) {
        if (!ahead || at + 1 >= segments.size() || segments.get(at + 1).asked.getAndSet(true)) {
            return;
        }
        Segment next = segments.get(at + 1);
        Thread.ofVirtual()
                .name("blocks-ahead")
                .start(() -> {
                    try {
                        budget.check();
                        load(next, next.pages.getFirst().offset);
                    } catch (IOException | BudgetExceededException e) {
                        // The reader that needs it meets the same, and says so.
                    }
                });
    }

    private byte[] fetch(Segment segment, long wanted) throws IOException {
        byte[] kept = fromDisk(segment, wanted);
        if (kept != null) {
            return kept;
        }
        try (ByteGate.Passage _ = fetcher.gate().enter(segment.sizeBytes())) {
            return fromBucket(segment, wanted);
        }
    }

    private byte[] fromBucket(Segment segment, long wanted) throws IOException {
        long start = segment.pages.getFirst().offset;
        byte[] content = fetcher.range(file.key(), start, segment.sizeBytes(), budget);
        byte[] result = {};
        for (Location page : segment.pages) {
            int from = (int) (page.offset - start);
            byte[] bytes = Arrays.copyOfRange(content, from, from + page.sizeBytes);
            cache.put(key(page.offset), bytes);
            fetcher.keep(key(page.offset), bytes);
            if (page.offset == wanted) {
                result = bytes;
            }
        }
        return result;
    }

    /// Brings the pages of a segment into memory if the disk has them all; else returns null.
    private byte @Nullable [] fromDisk(Segment segment, long wanted) {
        byte[] result = null;
        for (Location page : segment.pages) {
            byte[] bytes = fetcher.kept(key(page.offset), page.sizeBytes);
            if (bytes == null) {
                return null;
            }
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
