package dev.muster.blocks.read;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.blocks.schema.SamplesColumns;
import dev.muster.blocks.schema.SeriesSpan;
import dev.muster.blocks.schema.TableFile;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

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
    private final WeightedCache<PageKey, TableLayout> layouts;
    private final WeightedCache<PageKey, byte[]> pages;
    private final WeightedCache<PageKey, RowPage> decoded;
    private final LongAdder selects = new LongAdder();
    private final LongAdder blocksRead = new LongAdder();
    private final LongAdder blocksFailed = new LongAdder();

    public BlockSource(Bucket bucket, BlockCatalog catalog, BlockReadConfig config) {
        this.catalog = catalog;
        this.config = config;
        fetcher = new Fetcher(bucket, config);
        indexes = new WeightedCache<>(config.indexCacheBytes(), SeriesIndex::sizeBytes);
        layouts = new WeightedCache<>(config.footerCacheBytes(), TableLayout::sizeBytes);
        pages = new WeightedCache<>(config.pageCacheBytes(), page -> 160L + page.length);
        decoded = new WeightedCache<>(config.decodedCacheBytes(), RowPage::sizeBytes);
    }

    @Override
    public SeriesSet select(SelectRequest request) throws IOException {
        selects.increment();
        BlockWarnings warnings = new BlockWarnings(catalog, request.range(), blocksFailed);
        List<BlockEntry> entries = catalog.blocks(request.range());
        if (entries.size() > config.blocksPerQuery()) {
            int left = entries.size() - config.blocksPerQuery();
            warnings.add(
                    "the oldest blocks are missing from the answer: count=%d, limit=%d"
                            .formatted(left, config.blocksPerQuery()));
            warnings.leaveOut(entries.subList(0, left));
            entries = entries.subList(left, entries.size());
        }
        warnings.expect(entries);
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
        prefetch(part.samples(), prefetchBytes);
        prefetch(part.hist(), prefetchBytes);
    }

    private static void prefetch(BlockPart.@Nullable Table table, AtomicLong prefetchBytes)
            throws IOException {
        if (table != null && prefetchBytes.addAndGet(-table.pages().sizeBytes()) >= 0) {
            table.pages().prefetch();
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
        if (metadata.samples().sizeBytes() != entry.samples().sizeBytes()) {
            throw new DamagedBlockException(
                    "samples file: must be as long as the series file says: expected=%d, found=%d"
                            .formatted(
                                    metadata.samples().sizeBytes(), entry.samples().sizeBytes()));
        }
    }

    private BlockPart part(BlockEntry entry, SeriesIndex index, int[] series, SelectRequest request)
            throws IOException {
        if (!request.samples()) {
            return new BlockPart(entry, null, null);
        }
        BlockMetadata metadata = index.metadata();
        List<SeriesSpan> spans = new ArrayList<>(series.length);
        for (int number : series) {
            spans.add(index.span(number));
        }
        return new BlockPart(
                entry,
                samples(entry, metadata, spans, request),
                hist(entry, metadata, spans, request));
    }

    private BlockPart.@Nullable Table samples(
            BlockEntry entry, BlockMetadata metadata, List<SeriesSpan> spans, SelectRequest request)
            throws IOException {
        if (spans.stream().noneMatch(span -> span.rowCount() > 0)) {
            return null;
        }
        ObjectInfo file = entry.samples();
        TableLayout layout = layout(TableLayout.Kind.SAMPLES, file, metadata.samples(), request);
        List<PageFetch.Wanted> wanted = new ArrayList<>();
        wanted.add(
                wanted(
                        List.of(
                                layout.column(SamplesColumns.TIME),
                                layout.column(SamplesColumns.VALUE)),
                        spans));
        List<SeriesSpan> changing = spans.stream().filter(SeriesSpan::hasStartColumn).toList();
        if (!changing.isEmpty()) {
            wanted.add(wanted(List.of(layout.column(SamplesColumns.START_TIME)), changing));
        }
        return new BlockPart.Table(layout, plan(file, wanted, request), decoded);
    }

    private static PageFetch.Wanted wanted(List<PageList> columns, List<SeriesSpan> spans) {
        return new PageFetch.Wanted(
                columns,
                spans.stream().mapToLong(SeriesSpan::rowStart).toArray(),
                spans.stream().mapToLong(SeriesSpan::rowEnd).toArray());
    }

    /// The file of histograms is not listed: the series file says all there is to know of it, and
    /// what is not as it says is noticed.
    private BlockPart.@Nullable Table hist(
            BlockEntry entry, BlockMetadata metadata, List<SeriesSpan> spans, SelectRequest request)
            throws IOException {
        List<SeriesSpan> some = spans.stream().filter(span -> span.histRowCount() > 0).toList();
        TableFile table = metadata.hist();
        if (some.isEmpty() || table == null) {
            return null;
        }
        ObjectInfo file =
                new ObjectInfo(
                        entry.id().histKey(),
                        table.sizeBytes(),
                        entry.series().etag(),
                        entry.series().lastModified());
        TableLayout layout = layout(TableLayout.Kind.HIST, file, table, request);
        PageFetch.Wanted wanted =
                new PageFetch.Wanted(
                        layout.columns(),
                        some.stream().mapToLong(SeriesSpan::histRowStart).toArray(),
                        some.stream().mapToLong(SeriesSpan::histRowEnd).toArray());
        return new BlockPart.Table(layout, plan(file, List.of(wanted), request), decoded);
    }

    private PageFetch plan(ObjectInfo file, List<PageFetch.Wanted> wanted, SelectRequest request)
            throws DamagedBlockException {
        return PageFetch.plan(file, wanted, config, fetcher, pages, request.budget());
    }

    private TableLayout layout(
            TableLayout.Kind kind, ObjectInfo file, TableFile table, SelectRequest request)
            throws IOException {
        return layouts.get(
                new PageKey(file.key(), file.etag(), table.tailOffset()),
                () ->
                        TableLayout.of(
                                kind,
                                fetcher.ranges(
                                        file.key(),
                                        table.tailOffset(),
                                        table.tailBytes(),
                                        request.budget()),
                                table));
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
