package dev.muster.blocks.read;

import dev.muster.blocks.read.PageOrigin.Place;
import dev.muster.model.series.BudgetExceededException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
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

    private final PageOrigin origin;
    private final List<Segment> segments;
    private final long[] starts;
    private final boolean ahead;

    private PageFetch(PageOrigin origin, List<Segment> segments, boolean ahead) {
        this.origin = origin;
        this.ahead = ahead;
        this.segments = segments;
        starts =
                segments.stream().mapToLong(segment -> segment.pages.getFirst().offset()).toArray();
    }

    /// Pages of one request.
    private static final class Segment {
        private final ReentrantLock lock = new ReentrantLock();
        private final List<Place> pages;
        private final AtomicBoolean asked = new AtomicBoolean();

        Segment(List<Place> pages) {
            this.pages = pages;
        }

        boolean has(long offset) {
            for (Place page : pages) {
                if (page.offset() == offset) {
                    return true;
                }
            }
            return false;
        }

        int sizeBytes() {
            return PageOrigin.span(pages);
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

    static PageFetch plan(PageOrigin origin, Wanted part, Sizes sizes)
            throws DamagedBlockException {
        List<Place> wanted = new ArrayList<>();
        for (PageList pages : part.columns) {
            addPages(pages, part, wanted);
        }
        List<Segment> segments = new ArrayList<>();
        for (List<Place> pages : origin.requests(wanted, sizes.gapBytes(), sizes.fetchBytes())) {
            segments.add(new Segment(pages));
        }
        return new PageFetch(origin, segments, sizes.ahead());
    }

    private static void addPages(PageList pages, Wanted part, List<Place> into) {
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
                    into.add(new Place(dictionary, pages.dictionarySizeBytes(next)));
                }
                into.add(new Place(pages.offset(next), pages.sizeBytes(next)));
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
        BlockTasks.run(
                now.size(),
                AT_A_TIME,
                i -> {
                    Place first = now.get(i).pages.getFirst();
                    page(first.offset(), first.sizeBytes());
                });
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
    public PageBytes page(long offset, int sizeBytes) throws IOException {
        byte[] found = origin.inMemory(offset);
        int at = Arrays.binarySearch(starts, offset);
        at = at >= 0 ? at : -at - 2;
        if (found != null) {
            readAhead(at);
            return PageBytes.of(found);
        }
        if (at < 0 || !segments.get(at).has(offset)) {
            return PageBytes.of(origin.alone(new Place(offset, sizeBytes)));
        }
        byte[] fetched = load(segments.get(at), offset);
        readAhead(at);
        return PageBytes.of(fetched);
    }

    private byte[] load(Segment segment, long offset) throws IOException {
        segment.asked.set(true);
        segment.lock.lock();
        try {
            // Another reader of this query may just have fetched it.
            byte[] found = origin.inMemory(offset);
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
                        origin.check();
                        load(next, next.pages.getFirst().offset());
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
        AtomicReference<byte[]> result = new AtomicReference<>(new byte[0]);
        try (ByteGate.Passage _ = origin.gate().enter(segment.sizeBytes())) {
            origin.fetch(
                    segment.pages,
                    (offset, page) -> {
                        if (offset == wanted) {
                            result.set(page.alone());
                        }
                    });
        }
        return result.get();
    }

    /// Brings the pages of a segment into memory if the disk has them all; else returns null.
    private byte @Nullable [] fromDisk(Segment segment, long wanted) {
        byte[] result = null;
        for (Place page : segment.pages) {
            byte[] bytes = origin.onDisk(page);
            if (bytes == null) {
                return null;
            }
            if (page.offset() == wanted) {
                result = bytes;
            }
        }
        return result;
    }
}
