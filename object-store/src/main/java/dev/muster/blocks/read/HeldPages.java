package dev.muster.blocks.read;

import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.schema.SamplesColumns;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The decoded pages of samples that one query wants of one file. Thread-safe.
final class HeldPages {
    /// Of one file; the gate limits those of all.
    private static final int BATCHES_AT_A_TIME = 16;

    /*
     * Series are read one after another, each over all blocks, but a page has rows of many series. While there is room,
     * a page is decoded when its first row is wanted, all rows that the query wants of it are kept, and it is held until
     * the query ends: once decoded, whatever the order of reading. Beyond that a reader gets the rows that follow the one
     * it asks for, so many that it can keep as many of each block at a time, and asks again when it is past them.
     *
     * What was decoded and held is kept on the local disk, too, where there is one: a node that was started again reads
     * it in one go, which takes a fraction of the time of decoding.
     */
    private final ObjectInfo file;
    private final PageList times;
    private final PageList values;
    private final RowRanges rows;
    private final TimeRange range;
    private final int rowsAhead;
    private final WeightedCache<PageKey, RowPage> decoded;
    private final QueryHold hold;
    private final KeptRows kept;
    private final Fetcher fetcher;
    private final int firstPage;
    private final AtomicReferenceArray<@Nullable RowPage> held;

    /// @param rows what the query wants of the file; not empty
    /// @param range of the times it wants
    /// @param rowsAhead how many rows are decoded at a time where pages are not held
    /// @param decoded pages of all queries, by where their times are
    /// @param kept those on the local disk
    /// @param fetcher told of what was decoded
    HeldPages(
            ObjectInfo file,
            TableLayout layout,
            RowRanges rows,
            TimeRange range,
            int rowsAhead,
            WeightedCache<PageKey, RowPage> decoded,
            QueryHold hold,
            KeptRows kept,
            Fetcher fetcher)
            throws IOException {
        this.file = file;
        this.kept = kept;
        this.fetcher = fetcher;
        this.rows = rows;
        this.range = range;
        this.rowsAhead = rowsAhead;
        this.decoded = decoded;
        this.hold = hold;
        times = layout.column(SamplesColumns.TIME);
        values = layout.column(SamplesColumns.VALUE);
        if (!values.sameRows(times)) {
            throw new DamagedBlockException(
                    "samples file: columns must cut pages at the same rows");
        }
        firstPage = times.pageOf(rows.start(0));
        int pages = times.pageOf(rows.end(rows.size() - 1) - 1) - firstPage + 1;
        held = new AtomicReferenceArray<>(pages);
        findDecoded();
    }

    @FunctionalInterface
    private interface PageAction {
        void accept(int page) throws IOException;
    }

    /// Names the pages that have wanted rows, as long as there is room to hold more.
    private void forEachPage(PageAction action) throws IOException {
        for (int range = 0, next = 0; range < rows.size(); range++) {
            int last = times.pageOf(rows.end(range) - 1);
            for (next = Math.max(next, times.pageOf(rows.start(range))); next <= last; next++) {
                if (!hold.hasRoom()) {
                    return;
                }
                action.accept(next);
            }
        }
    }

    /// Holds what other queries have decoded.
    private void findDecoded() throws IOException {
        forEachPage(page -> {
            PageKey key = key(page);
            RowPage found = decoded.find(key);
            if (found == null) {
                found = kept.find(key);
                if (found != null) {
                    decoded.put(key, found);
                }
            }
            if (found != null && found.part().covers(wanted(page))) {
                hold(page, found);
            }
        });
    }

    /// Fetches and decodes what is wanted, as long as there is room to hold it: while other blocks
    /// are waited for, and not when the first series is read. Pages that belong together are
    /// fetched together, all beside each other, and decoded as soon as they are there.
    ///
    /// @param batchBytes how much is fetched and decoded at a time
    /// @param threads how many decode one batch
    void decodeAhead(PageOrigin from, PageFetch.Sizes sizes, int batchBytes, int threads)
            throws IOException {
        List<int[]> batches = batches(batchBytes);
        BlockTasks.run(
                batches.size(),
                BATCHES_AT_A_TIME,
                i -> {
                    if (hold.hasRoom()) {
                        hold.check();
                        decode(batches.get(i), from, sizes, threads);
                    }
                });
    }

    /// Pages that are not decoded, in order.
    private List<int[]> batches(int batchBytes) throws IOException {
        int[] missing = new int[held.length()];
        int[] count = {0};
        forEachPage(page -> {
            if (!has(page)) {
                missing[count[0]++] = page;
            }
        });
        List<int[]> batches = new ArrayList<>();
        for (int first = 0, next; first < count[0]; first = next) {
            long bytes = 0;
            for (next = first; next < count[0]; next++) {
                bytes += (long) times.sizeBytes(missing[next]) + values.sizeBytes(missing[next]);
                if (bytes > batchBytes && next > first) {
                    break;
                }
            }
            batches.add(Arrays.copyOfRange(missing, first, next));
        }
        return batches;
    }

    private void decode(int[] batch, PageOrigin from, PageFetch.Sizes sizes, int threads)
            throws IOException {
        List<PageOrigin.Place> places = new ArrayList<>();
        for (int page : batch) {
            places.add(new PageOrigin.Place(times.offset(page), times.sizeBytes(page)));
            places.add(new PageOrigin.Place(values.offset(page), values.sizeBytes(page)));
        }
        try (PageBatch pages = PageBatch.fetch(from, places, sizes)) {
            BlockTasks.run(
                    batch.length,
                    threads,
                    i -> {
                        hold.check();
                        if (hold.hasRoom()) {
                            hold(batch[i], wanted(batch[i]), pages);
                        } else {
                            keep(batch[i], from, pages);
                        }
                    });
        }
    }

    /// It is read later.
    private void keep(int page, PageOrigin in, PageBatch pages) {
        for (PageList column : List.of(times, values)) {
            long offset = column.offset(page);
            in.keep(offset, pages.page(offset, column.sizeBytes(page)));
        }
    }

    /// Nobody who decodes waits for others' pages to be fetched: who has a batch has passed the
    /// gate, and those others may be waiting for it.
    private RowPage hold(int page, RowPart wanted, PageSource pages) throws IOException {
        RowPage there = decoded.peek(key(page));
        if (there != null && there.part().covers(wanted)) {
            hold(page, there);
            return there;
        }
        PageBytes time = pages.page(times.offset(page), times.sizeBytes(page));
        PageBytes value = pages.page(values.offset(page), values.sizeBytes(page));
        RowPage found =
                decoded.get(
                        key(page),
                        one -> one.part().covers(wanted),
                        () -> {
                            RowPage made = decode(page, beside(page, wanted), time, value);
                            kept.keep(key(page), made);
                            return made;
                        });
        hold(page, found);
        return found;
    }

    /// What the query must keep in memory to know what it wants of the file.
    long sizeBytes() {
        return 80 + 8L * held.length() + rows.sizeBytes();
    }

    PageList times() {
        return times;
    }

    /// Is the page decoded?
    boolean has(int page) {
        return held.get(page - firstPage) != null;
    }

    private PageKey key(int page) {
        return new PageKey(file.key(), file.etag(), times.offset(page));
    }

    private RowPart wanted(int page) {
        return RowPart.of(rows, times.firstRow(page), 0, times.rowCount(page), range);
    }

    private void hold(int page, RowPage found) {
        if (held.compareAndSet(page - firstPage, null, found)) {
            hold.take(found.sizeBytes());
        }
    }

    /// A page with at least the rows `from` to `to` (exclusive) in it.
    ///
    /// @param pages where it is fetched
    RowPage page(int number, int from, int to, PageSource pages) throws IOException {
        int at = number - firstPage;
        RowPage kept = at >= 0 && at < held.length() ? held.get(at) : null;
        if (kept != null && kept.part().has(from, to)) {
            return kept;
        }
        if (kept == null && at >= 0 && at < held.length() && hold.hasRoom()) {
            RowPart wanted = wanted(number);
            if (wanted.has(from, to)) {
                return hold(number, wanted, pages);
            }
        }
        RowPart needed = RowPart.of(from, to, range);
        RowPage there = decoded.find(key(number));
        if (there != null && there.part().covers(needed)) {
            return there;
        }
        int end = Math.max(to, Math.min(times.rowCount(number), from + rowsAhead));
        RowPart next = RowPart.of(rows, times.firstRow(number), from, end, range);
        return decode(
                number,
                next.has(from, to) ? next : next.with(needed),
                pages.page(times.offset(number), times.sizeBytes(number)),
                pages.page(values.offset(number), values.sizeBytes(number)));
    }

    /// What is wanted, and what is in memory of the page.
    private RowPart beside(int number, RowPart wanted) {
        RowPage there = decoded.peek(key(number));
        return there == null ? wanted : there.part().with(wanted);
    }

    private RowPage decode(int number, RowPart part, PageBytes time, PageBytes value)
            throws IOException {
        int count = times.rowCount(number);
        long startNanos = System.nanoTime();
        try (PageScratch scratch = PageScratch.take()) {
            long[] timesMs = scratch.numbers(count);
            double[] numbers = scratch.doubles(count);
            SamplePages.times(time, times, number, scratch, part, timesMs);
            SamplePages.Values made = SamplePages.values(value, values, number, scratch, numbers);
            RowPage page = scratch.builder().page(timesMs, numbers, made::make, part);
            fetcher.decoded(part.rows(), System.nanoTime() - startNanos);
            return page;
        }
    }
}
