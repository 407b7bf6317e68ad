package dev.muster.blocks.read;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// The series of the blocks in a catalog. Thread-safe.
///
/// A block that cannot be read, or that is gone, is a warning of the answer that names it; the rest
/// answers. Damage of pages is seen when the samples are read, so a set's warnings are whole only
/// then.
public final class BlockSource implements SeriesSource {
    private final BlockCatalog catalog;
    private final BlockReadConfig config;
    private final Fetcher fetcher;
    private final WeightedCache<PageKey, SeriesIndex> indexes;
    private final WeightedCache<PageKey, SamplesLayout> layouts;
    private final WeightedCache<PageKey, byte[]> pages;
    private final LongAdder selects = new LongAdder();
    private final LongAdder blocksRead = new LongAdder();
    private final LongAdder blocksFailed = new LongAdder();

    public BlockSource(Bucket bucket, BlockCatalog catalog, BlockReadConfig config) {
        this.catalog = catalog;
        this.config = config;
        fetcher = new Fetcher(bucket, config);
        indexes = new WeightedCache<>(config.indexCacheBytes(), SeriesIndex::sizeBytes);
        layouts = new WeightedCache<>(config.footerCacheBytes(), SamplesLayout::sizeBytes);
        pages = new WeightedCache<>(config.pageCacheBytes(), page -> 160L + page.length);
    }

    @Override
    public SeriesSet select(SelectRequest request) throws IOException {
        selects.increment();
        BlockWarnings warnings = new BlockWarnings(catalog, blocksFailed);
        List<BlockEntry> entries = catalog.blocks(request.range());
        if (entries.size() > config.blocksPerQuery()) {
            int left = entries.size() - config.blocksPerQuery();
            warnings.add(
                    "the oldest blocks are missing from the answer: count=%d, limit=%d"
                            .formatted(left, config.blocksPerQuery()));
            entries = entries.subList(left, entries.size());
        }
        SeriesMerger merger = new SeriesMerger(request.budget());
        AtomicLong prefetchBytes = new AtomicLong(config.pageCacheBytes() / 2);
        BlockTasks.run(
                entries,
                config.fetches(),
                entry -> find(entry, request, merger, warnings, prefetchBytes));
        return new BlockSeriesSet(
                merger.result(), request, warnings, config.decodedBytesPerReader());
    }

    private void find(
            BlockEntry entry,
            SelectRequest request,
            SeriesMerger merger,
            BlockWarnings warnings,
            AtomicLong prefetchBytes) {
        try {
            SeriesIndex index = index(entry, request);
            int[] series = IndexMatcher.matches(index, request);
            if (series.length > 0) {
                BlockPart part = part(entry, index, series, request);
                prefetch(part, prefetchBytes);
                merger.add(part, index, series);
                blocksRead.increment();
            }
        } catch (IOException e) {
            warnings.add(entry, e);
        }
    }

    /// Blocks are fetched beside each other here, as long as the query leaves half of the cache to
    /// others; what is beyond that is fetched when it is read.
    private static void prefetch(BlockPart part, AtomicLong prefetchBytes) throws IOException {
        PageFetch pages = part.pages();
        if (pages != null && prefetchBytes.addAndGet(-pages.sizeBytes()) >= 0) {
            pages.prefetch();
        }
    }

    private SeriesIndex index(BlockEntry entry, SelectRequest request) throws IOException {
        ObjectInfo file = entry.series();
        return indexes.get(
                new PageKey(file.key(), file.etag(), 0),
                () -> {
                    int size = Math.toIntExact(file.sizeBytes());
                    byte[] content = fetcher.ranges(file.key(), 0, size, request.budget());
                    SeriesIndex read = SeriesIndexBuilder.read(content);
                    check(entry, read.metadata());
                    return read;
                });
    }

    private static void check(BlockEntry entry, BlockMetadata metadata)
            throws DamagedBlockException {
        if (!metadata.id().equals(entry.id())) {
            throw new DamagedBlockException(
                    "series file: must be of its block: found=" + metadata.id().describe());
        }
        if (metadata.samplesBytes() != entry.samples().sizeBytes()) {
            throw new DamagedBlockException(
                    "samples file: must be as long as the series file says: expected=%d, found=%d"
                            .formatted(metadata.samplesBytes(), entry.samples().sizeBytes()));
        }
    }

    private BlockPart part(BlockEntry entry, SeriesIndex index, int[] series, SelectRequest request)
            throws IOException {
        if (!request.samples()) {
            return new BlockPart(entry, null, null);
        }
        SamplesLayout layout = layout(entry, index.metadata(), request);
        long[] starts = new long[series.length];
        long[] ends = new long[series.length];
        for (int i = 0; i < series.length; i++) {
            starts[i] = index.rowStart(series[i]);
            ends[i] = starts[i] + index.rowCount(series[i]);
        }
        return new BlockPart(
                entry,
                layout,
                PageFetch.plan(
                        entry.samples(),
                        layout,
                        starts,
                        ends,
                        config,
                        fetcher,
                        pages,
                        request.budget()));
    }

    private SamplesLayout layout(BlockEntry entry, BlockMetadata metadata, SelectRequest request)
            throws IOException {
        ObjectInfo file = entry.samples();
        long offset = metadata.samplesTailOffset();
        return layouts.get(
                new PageKey(file.key(), file.etag(), offset),
                () ->
                        SamplesLayout.of(
                                fetcher.ranges(
                                        file.key(),
                                        offset,
                                        Math.toIntExact(file.sizeBytes() - offset),
                                        request.budget()),
                                metadata));
    }

    public BlockReadStats stats() {
        return new BlockReadStats(
                selects.sum(),
                blocksRead.sum(),
                blocksFailed.sum(),
                fetcher.fetches(),
                fetcher.fetchedBytes(),
                fetcher.retries(),
                indexes.bytes(),
                indexes.evictions(),
                layouts.evictions(),
                pages.bytes(),
                pages.hits(),
                pages.evictions());
    }
}
