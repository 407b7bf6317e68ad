package dev.muster.blocks.read;

import dev.muster.model.series.ReadBudget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// Reads which series new blocks have, and where their pages lie, before a query asks, so that the
/// query has to wait for pages alone. Called by one thread at a time.
final class IndexPrefetch {
    /// Fewer than a query has, which goes before this.
    private static final int AT_A_TIME = 8;

    /// So that the next look for new blocks is not late.
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final BlockCatalog catalog;
    private final BlockIndexes indexes;
    private final LongAdder read = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /// Blocks that were tried, of the newest ones: what memory gave up since is not read again, nor
    /// what failed.
    private Set<String> tried = new HashSet<>();

    IndexPrefetch(BlockCatalog catalog, BlockIndexes indexes) {
        this.catalog = catalog;
        this.indexes = indexes;
    }

    /// Reads the newest blocks that were not read yet, the newest first, as long as half of the
    /// memory for them is free and it does not take too long; what is left is for the next call.
    ///
    /// @param newest how many blocks are looked at
    void run(int newest) throws IOException {
        List<BlockEntry> wanted = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (BlockEntry entry : catalog.newest(newest)) {
            if (tried.contains(entry.series().key())) {
                known.add(entry.series().key());
            } else {
                wanted.add(entry);
            }
        }
        long end = System.nanoTime() + LONGEST_NANOS;
        Set<String> done = ConcurrentHashMap.newKeySet();
        BlockTasks.run(
                wanted.size(),
                AT_A_TIME,
                i -> {
                    if (indexes.hasRoom() && System.nanoTime() - end < 0) {
                        done.add(wanted.get(i).series().key());
                        read(wanted.get(i));
                    }
                });
        known.addAll(done);
        tried = known;
    }

    private void read(BlockEntry entry) {
        if (indexes.has(entry)) {
            return;
        }
        try {
            SeriesIndex index = indexes.index(entry, ReadBudget.UNLIMITED);
            if (index.metadata().samples().rows() > 0) {
                indexes.layout(
                        TableLayout.Kind.SAMPLES,
                        entry.samples(),
                        index.metadata().samples(),
                        ReadBudget.UNLIMITED);
            }
            read.increment();
        } catch (IOException e) {
            // The query that wants the block meets the same, and names it.
            failed.increment();
        }
    }

    /// Blocks read.
    long blocks() {
        return read.sum();
    }

    /// Blocks that could not be read.
    long failures() {
        return failed.sum();
    }
}
