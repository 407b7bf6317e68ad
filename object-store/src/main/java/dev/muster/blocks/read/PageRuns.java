package dev.muster.blocks.read;

import dev.muster.model.series.ReadBudget;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The pages of a file from its first to its last: each column in runs of pages that lie together,
/// of which the one that is read is in memory. Confined to one thread.
final class PageRuns implements PageSource {
    /// Dictionaries of row groups that are remembered.
    private static final int DICTIONARIES = 16;

    private final Fetcher fetcher;
    private final String key;
    private final Run[] runs;
    private final int runBytes;
    private final Map<Long, byte[]> dictionaries = new HashMap<>();

    /// @param columns those that will be read
    /// @param runBytes most bytes of a run; a page may be larger
    PageRuns(Fetcher fetcher, String key, List<PageList> columns, int runBytes) {
        this.fetcher = fetcher;
        this.key = key;
        this.runBytes = runBytes;
        runs = columns.stream().map(Run::new).toArray(Run[]::new);
    }

    /// The run of one column that is in memory.
    private final class Run {
        private final PageList pages;
        private final long[] offsets;
        private long start;
        private byte[] bytes = {};

        Run(PageList pages) {
            this.pages = pages;
            offsets = new long[pages.size()];
            Arrays.setAll(offsets, pages::offset);
        }

        boolean has(long offset, int sizeBytes) {
            return offset >= start && offset + sizeBytes <= start + bytes.length;
        }

        PageBytes page(long offset, int sizeBytes) {
            return new PageBytes(bytes, (int) (offset - start), sizeBytes);
        }

        void fetch(int page) throws IOException {
            long end = offsets[page] + pages.sizeBytes(page);
            for (int next = page + 1;
                    next < offsets.length
                            && offsets[next] == end
                            && end + pages.sizeBytes(next) - offsets[page] <= runBytes;
                    next++) {
                end += pages.sizeBytes(next);
            }
            bytes = new byte[0];
            start = offsets[page];
            bytes =
                    fetcher.requests(
                            key, start, Math.toIntExact(end - start), ReadBudget.UNLIMITED);
        }
    }

    @Override
    public PageBytes page(long offset, int sizeBytes) throws IOException {
        for (Run run : runs) {
            if (run.has(offset, sizeBytes)) {
                return run.page(offset, sizeBytes);
            }
        }
        for (Run run : runs) {
            int page = Arrays.binarySearch(run.offsets, offset);
            if (page >= 0) {
                run.fetch(page);
                return run.page(offset, sizeBytes);
            }
        }
        return PageBytes.of(dictionary(offset, sizeBytes));
    }

    private byte[] dictionary(long offset, int sizeBytes) throws IOException {
        byte[] known = dictionaries.get(offset);
        if (known == null) {
            if (dictionaries.size() >= DICTIONARIES) {
                dictionaries.clear();
            }
            known = fetcher.requests(key, offset, sizeBytes, ReadBudget.UNLIMITED);
            dictionaries.put(offset, known);
        }
        return known;
    }
}
