package dev.muster.blocks.read;

import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.model.series.ReadBudget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Where one query gets the pages of one file from: memory, else the local disk, else the bucket.
/// What comes from there is kept in memory, what comes from the bucket on the disk too.
/// Thread-safe.
final class PageOrigin {
    private final ObjectInfo file;
    private final Fetcher fetcher;
    private final WeightedCache<PageKey, byte[]> cache;
    private final ReadBudget budget;
    private final AtomicLong keptBytes;
    private final EarlyReads.@Nullable Pages early;

    /// @param keptBytes how much of what is decoded at once may still be kept in memory
    /// @param early what was asked for before; null for nothing
    PageOrigin(
            ObjectInfo file,
            Fetcher fetcher,
            WeightedCache<PageKey, byte[]> cache,
            ReadBudget budget,
            AtomicLong keptBytes,
            EarlyReads.@Nullable Pages early) {
        this.early = early;
        this.file = file;
        this.fetcher = fetcher;
        this.cache = cache;
        this.budget = budget;
        this.keptBytes = keptBytes;
    }

    /// A page, or another part of the file.
    record Place(long offset, int sizeBytes) {
        long end() {
            return offset + sizeBytes;
        }
    }

    /// Told of pages.
    @FunctionalInterface
    interface Pages {
        void add(long offset, PageBytes page);
    }

    ByteGate gate() {
        return fetcher.gate();
    }

    /// Stops a query that must stop.
    void check() {
        budget.check();
    }

    private PageKey key(long offset) {
        return new PageKey(file.key(), file.etag(), offset);
    }

    byte @Nullable [] inMemory(long offset) {
        return cache.find(key(offset));
    }

    byte @Nullable [] onDisk(Place page) {
        byte[] found = fetcher.kept(key(page.offset), page.sizeBytes);
        if (found != null) {
            cache.put(key(page.offset), found);
        }
        return found;
    }

    /// A page that was asked for before and is decoded at once; null where it was not, or did not
    /// come. Who has passed the gate must not ask.
    @Nullable PageBytes early(Place place) throws IOException {
        PageBytes found = early == null ? null : early.page(place);
        if (found == null) {
            return null;
        }
        budget.chargeFetchedBytes(place.sizeBytes);
        return keep(place, found, this::keepsDecoded);
    }

    private boolean keepsDecoded(int size) {
        return keptBytes.addAndGet(-size) >= 0;
    }

    /// One page alone, without asking the memory for it.
    byte[] alone(Place page) throws IOException {
        byte[] bytes = fetcher.ranges(file, page.offset, page.sizeBytes, budget);
        cache.put(key(page.offset), bytes);
        return bytes;
    }

    /// Fetches pages in one request and keeps them in memory. The caller has passed the gate.
    ///
    /// @param pages ascending
    void fetch(List<Place> pages, Pages into) throws IOException {
        fetch(pages, _ -> true, into);
    }

    /// As that, for pages that are decoded at once: after that most queries want no more of them,
    /// so that only a part is kept, and one large query does not put all else out of memory.
    void fetchToDecode(List<Place> pages, Pages into) throws IOException {
        fetch(pages, this::keepsDecoded, into);
    }

    private void fetch(List<Place> pages, IntPredicate keeps, Pages into) throws IOException {
        long start = pages.getFirst().offset;
        byte[] content = fetcher.range(file.key(), start, span(pages), budget);
        for (Place place : pages) {
            PageBytes page = new PageBytes(content, (int) (place.offset - start), place.sizeBytes);
            into.add(place.offset, keep(place, page, keeps));
        }
    }

    /// Keeps what came, on the disk, and in memory if that is wanted.
    private PageBytes keep(Place place, PageBytes page, IntPredicate keeps) {
        PageBytes kept = page;
        if (keeps.test(place.sizeBytes)) {
            kept = PageBytes.of(page.alone());
            cache.put(key(place.offset), kept.array());
        }
        fetcher.keep(key(place.offset), kept::alone);
        return kept;
    }

    /// Keeps a page in memory that was to be decoded at once, and was not.
    void keep(long offset, PageBytes page) {
        if (cache.peek(key(offset)) == null) {
            cache.put(key(offset), page.alone());
        }
    }

    /// Bytes from the first to the last of some pages.
    static int span(List<Place> pages) {
        return Math.toIntExact(pages.getLast().end() - pages.getFirst().offset);
    }

    /// Pages by request: those that lie near each other come together.
    ///
    /// @param wanted sorted here
    /// @param gapBytes two pages with no more than this between them are fetched as one
    /// @param fetchBytes most bytes of one request; a page is never split
    /// @throws DamagedBlockException if a page does not lie within the file
    List<List<Place>> requests(List<Place> wanted, int gapBytes, int fetchBytes)
            throws DamagedBlockException {
        wanted.sort(Comparator.comparingLong(Place::offset));
        List<List<Place>> requests = new ArrayList<>();
        long end = 0;
        for (Place page : wanted) {
            if (page.sizeBytes <= 0 || page.offset < 0 || page.end() > file.sizeBytes()) {
                throw new DamagedBlockException(
                        "page must lie within the file: offset=%d, sizeBytes=%d"
                                .formatted(page.offset, page.sizeBytes));
            }
            boolean near = !requests.isEmpty() && page.offset - end <= gapBytes;
            if (!near || page.end() - requests.getLast().getFirst().offset > fetchBytes) {
                requests.add(new ArrayList<>());
            }
            requests.getLast().add(page);
            end = page.end();
        }
        return requests;
    }
}
