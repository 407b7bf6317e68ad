package dev.muster.blocks.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// Pages of one file that are fetched beside each other and decoded at once, whatever the cache of
/// pages can keep: they are in memory until this is closed. Thread-safe.
final class PageBatch implements PageSource, AutoCloseable {
    /// Requests that wait beside each other: one for times, one for values, and more where the
    /// wanted rows lie apart. The fetcher limits those of all.
    private static final int AT_A_TIME = 64;

    private final ConcurrentHashMap<Long, PageBytes> pages = new ConcurrentHashMap<>();
    private final ByteGate.Passage passage;

    private PageBatch(ByteGate.Passage passage) {
        this.passage = passage;
    }

    /// Waits until the pages are there. Who has a batch must not wait for anything that waits for
    /// the gate.
    ///
    /// @param wanted not none
    /// @param sizes how they are fetched
    static PageBatch fetch(PageOrigin from, List<PageOrigin.Place> wanted, PageFetch.Sizes sizes)
            throws IOException {
        ConcurrentHashMap<Long, PageBytes> found = new ConcurrentHashMap<>();
        List<PageOrigin.Place> missing = new ArrayList<>();
        for (PageOrigin.Place page : wanted) {
            byte[] bytes = from.inMemory(page.offset());
            bytes = bytes == null ? from.onDisk(page) : bytes;
            PageBytes there = bytes == null ? from.early(page) : PageBytes.of(bytes);
            if (there == null) {
                missing.add(page);
            } else {
                found.put(page.offset(), there);
            }
        }
        List<List<PageOrigin.Place>> requests =
                from.requests(missing, sizes.gapBytes(), sizes.fetchBytes());
        long bytes = 0;
        for (List<PageOrigin.Place> request : requests) {
            bytes += PageOrigin.span(request);
        }
        PageBatch batch = new PageBatch(bytes == 0 ? () -> {} : from.gate().enter(bytes));
        batch.pages.putAll(found);
        try {
            BlockTasks.run(
                    requests.size(),
                    AT_A_TIME,
                    i -> from.fetchToDecode(requests.get(i), batch.pages::put));
        } catch (IOException | RuntimeException | Error e) {
            batch.close();
            throw e;
        }
        return batch;
    }

    @Override
    public PageBytes page(long offset, int sizeBytes) {
        PageBytes page = pages.get(offset);
        if (page == null) {
            throw new IllegalStateException("page must be in the batch: offset=" + offset);
        }
        return page;
    }

    @Override
    public void close() {
        passage.close();
    }
}
