package dev.muster.blocks.read;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.disk.DiskCache;
import dev.muster.blocks.schema.SamplesColumns;
import dev.muster.blocks.schema.TableFile;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.merge.MergedSeriesSet;
import dev.muster.model.merge.TakenSeriesSet;
import dev.muster.model.series.Completeness;
import dev.muster.model.series.ReadEstimate;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The series of the blocks in a catalog. Thread-safe.
///
/// A block that cannot be read, or that is gone, is a warning of the answer that names it; the rest
/// answers. Damage of pages is seen when the samples are read, so a set's warnings are whole only
/// then.
public final class BlockSource implements SeriesSource {
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    private final BlockCatalog catalog;
    private final BlockReadConfig config;
    private final Fetcher fetcher;
    private final @Nullable DiskCache disk;
    private final BlockIndexes indexes;
    private final IndexPrefetch prefetch;
    private final EarlyReads early;
    private final WeightedCache<PageKey, byte[]> pages;
    private final WeightedCache<PageKey, RowPage> decoded;
    private final KeptRows kept;
    private final AtomicLong heldBytes = new AtomicLong();
    private final LongAdder selects = new LongAdder();
    private final LongAdder blocksRead = new LongAdder();
    private final LongAdder blocksFailed = new LongAdder();

    public BlockSource(Bucket bucket, BlockCatalog catalog, BlockReadConfig config) {
        this(bucket, catalog, config, null);
    }

    /// @param disk where what is fetched is kept too; null for nowhere. Closed by the caller
    public BlockSource(
            Bucket bucket, BlockCatalog catalog, BlockReadConfig config, @Nullable DiskCache disk) {
        this.catalog = catalog;
        this.config = config;
        this.disk = disk;
        fetcher = new Fetcher(bucket, config, disk);
        indexes = new BlockIndexes(config, fetcher);
        prefetch = new IndexPrefetch(catalog, indexes);
        early = new EarlyReads(fetcher, config.fetchedAtATimeBytes());
        kept = new KeptRows(disk);
        pages = new WeightedCache<>(config.pageCacheBytes(), page -> 160L + page.length);
        decoded = new WeightedCache<>(config.decodedCacheBytes(), RowPage::sizeBytes);
    }

    /// Reads which series the newest blocks have, so that a query over them waits for pages alone:
    /// those that were not read yet, the newest first, as long as half of the memory for that is
    /// free, for ten seconds at most. For one thread, after the catalog was refreshed.
    ///
    /// @param newest how many blocks are looked at
    /// @throws IOException if it was interrupted; a block that cannot be read is counted
    public void prefetch(int newest) throws IOException {
        prefetch.run(newest);
    }

    /// Says of which agents series are wanted, by cell and host.
    @FunctionalInterface
    public interface Wanted {
        /// Those of all agents.
        Wanted ALL = (_, _) -> true;

        boolean holds(String cell, String host);
    }

    /// Only the series of these agents, through the same caches.
    public SeriesSource where(Wanted wanted) {
        return request -> select(request, wanted);
    }

    @Override
    public SeriesSet select(SelectRequest request) throws IOException {
        return select(request, Wanted.ALL);
    }

    private List<BlockEntry> entries(TimeRange range, Wanted wanted) {
        List<BlockEntry> entries = catalog.blocks(range);
        if (!wanted.equals(Wanted.ALL)) {
            entries.replaceAll(entry -> entry.of(host -> wanted.holds(entry.id().cell(), host)));
            entries.removeIf(entry -> entry.agents().isEmpty());
        }
        return entries;
    }

    private SeriesSet select(SelectRequest request, Wanted wanted) throws IOException {
        selects.increment();
        List<BlockEntry> entries = entries(request.range(), wanted);
        SortedMap<String, List<BlockEntry>> taken = new TreeMap<>();
        for (BlockEntry entry : entries) {
            if (!entry.id().isOwn()) {
                taken.computeIfAbsent(entry.id().by(), _ -> new ArrayList<>()).add(entry);
            }
        }
        if (taken.isEmpty()) {
            return select(request, wanted, entries);
        }
        entries.removeIf(entry -> !entry.id().isOwn());
        List<SeriesSet> sets = new ArrayList<>();
        try {
            sets.add(select(request, wanted, entries));
            for (Map.Entry<String, List<BlockEntry>> of : taken.entrySet()) {
                sets.add(new TakenSeriesSet(select(request, wanted, of.getValue()), of.getKey()));
            }
            return MergedSeriesSet.of(sets, List.of(), Completeness.NONE, request.budget());
        } catch (IOException | RuntimeException e) {
            sets.forEach(SeriesSet::close);
            throw e;
        }
    }

    private SeriesSet select(SelectRequest request, Wanted wanted, List<BlockEntry> found)
            throws IOException {
        BlockWarnings warnings = new BlockWarnings(catalog, request.range(), blocksFailed);
        List<BlockEntry> entries = found;
        if (entries.size() > config.blocksPerQuery()) {
            int left = entries.size() - config.blocksPerQuery();
            warnings.add(
                    "the oldest blocks are missing from the answer: count=%d, limit=%d"
                            .formatted(left, config.blocksPerQuery()));
            warnings.leaveOut(entries.subList(0, left));
            entries = entries.subList(left, entries.size());
        }
        warnings.expect(entries);
        return new Selection(request, wanted, entries, warnings).run();
    }

    /// From the series files alone: of the rows that are wanted, the share of the file that they
    /// are. Blocks that cannot be read count for nothing here.
    @Override
    public ReadEstimate estimate(SelectRequest request) throws IOException {
        List<BlockEntry> entries = catalog.blocks(request.range());
        BlockWarnings ignored = new BlockWarnings(catalog, request.range(), new LongAdder());
        Selection selection = new Selection(request.withoutSamples(), Wanted.ALL, entries, ignored);
        LongAdder blocks = new LongAdder();
        LongAdder samples = new LongAdder();
        LongAdder bytes = new LongAdder();
        BlockTasks.run(
                entries.size(),
                config.fetches(),
                order -> {
                    BlockEntry entry = entries.get(order);
                    try {
                        SeriesIndex index = indexes.index(entry, request.budget());
                        long rows = 0;
                        for (int one : selection.series(entry, index)) {
                            rows += index.rows().count(one);
                        }
                        long all = Math.max(1, index.metadata().sampleCount());
                        blocks.add(rows > 0 ? 1 : 0);
                        samples.add(rows);
                        bytes.add((long) (entry.samples().sizeBytes() * ((double) rows / all)));
                    } catch (IOException e) {
                        ignored.add(entry, e);
                    }
                });
        return new ReadEstimate(blocks.sum(), samples.sum(), bytes.sum());
    }

    /// One selection on its way. Thread-safe.
    private final class Selection {
        private final SelectRequest request;
        private final Wanted wanted;
        private final List<BlockEntry> entries;
        private final BlockWarnings warnings;
        private final @Nullable String metric;
        private final SeriesMerger merger;
        private final PageFetch.Sizes sizes;
        private final QueryHold hold;
        private final int rowsAhead;

        private final AtomicLong prefetchBytes = new AtomicLong(config.pageCacheBytes() / 2);

        /// How much of the pages that are decoded ahead the cache of pages may still get.
        private final AtomicLong decodedKept = new AtomicLong(config.pageCacheBytes() / 4);

        /// What the matchers find, by table: the same for all blocks that have it.
        private final ConcurrentHashMap<SeriesTable, int[]> matches = new ConcurrentHashMap<>();

        Selection(
                SelectRequest request,
                Wanted wanted,
                List<BlockEntry> entries,
                BlockWarnings warnings) {
            this.request = request;
            this.wanted = wanted;
            metric = metric(request);
            this.entries = entries;
            this.warnings = warnings;
            merger = new SeriesMerger(request.budget());
            sizes = config.sizes(entries.size());
            hold = new QueryHold(heldBytes, config.decodedCacheBytes(), request.budget());
            long hosts = entries.stream().map(Selection::place).distinct().count();
            rowsAhead = config.rowsAhead(entries.size() / Math.max(1, hosts));
        }

        /// What blocks of different times have the same series of.
        private static String place(BlockEntry entry) {
            return entry.id().mergeName().isEmpty()
                    ? entry.id().host()
                    : entry.id().cell() + "/" + entry.id().mergeName().get().part();
        }

        /// The metric that is asked for; null where it may be one of several.
        private static @Nullable String metric(SelectRequest request) {
            for (LabelMatcher matcher : request.matchers()) {
                if (matcher instanceof LabelMatcher.Equal(String name, String value)
                        && name.equals(Labels.METRIC)) {
                    return value;
                }
            }
            return null;
        }

        BlockSeriesSet run() throws IOException {
            try {
                BlockTasks.run(entries.size(), config.fetches(), this::find);
                return new BlockSeriesSet(
                        merger.result(), request, warnings, hold, config.decodedBytesPerReader());
            } catch (IOException | RuntimeException | Error e) {
                hold.release();
                throw e;
            }
        }

        private void find(int order) {
            BlockEntry entry = entries.get(order);
            if (catalog.isLost(entry.id())) {
                warnings.addLost(entry);
                return;
            }
            if (metric != null
                    && !entry.id().mergeName().map(name -> name.holds(metric)).orElse(true)) {
                return;
            }
            try (EarlyReads.Pages pages = early(entry)) {
                SeriesIndex index = indexes.index(entry, request.budget());
                int[] series = series(entry, index);
                if (series.length > 0) {
                    BlockPart part = new PartPlan(entry, index, series, pages).part(order);
                    hold.plan(4L * series.length);
                    merger.add(part, series);
                    blocksRead.increment();
                }
            } catch (IOException e) {
                warnings.add(entry, e);
            }
        }

        /// Pages of the metric, if it is likely that most of them are wanted and nobody knows yet
        /// which.
        private EarlyReads.@Nullable Pages early(BlockEntry entry) {
            return metric == null
                            || !request.samples()
                            || !wanted.equals(Wanted.ALL)
                            || narrows(request)
                            || !hold.hasRoom()
                            || indexes.isNear(entry)
                    ? null
                    : early.begin(entry, metric);
        }

        /// Is a label beside the name of the metric one of few?
        private static boolean narrows(SelectRequest request) {
            return request.matchers().stream()
                    .anyMatch(matcher ->
                            matcher instanceof LabelMatcher.Equal(String name, String value)
                                    && !name.equals(Labels.METRIC)
                                    && !value.isEmpty());
        }

        private int[] series(BlockEntry entry, SeriesIndex index) {
            request.budget().check();
            int[] all =
                    matches.computeIfAbsent(
                            index.table(),
                            table ->
                                    IndexMatcher.matches(
                                            table, request.matchers(), request.budget()));
            TimeRange window = entry.id().range();
            TimeRange range = request.range();
            boolean inside = range.startMs() <= window.startMs() && window.endMs() <= range.endMs();
            SeriesIndex.Agents agents = wanted.equals(Wanted.ALL) ? null : index.agents();
            if (inside && agents == null) {
                return all;
            }
            boolean[] some = agents == null ? new boolean[0] : wanted(entry, agents);
            return Arrays.stream(all)
                    .filter(one ->
                            (agents == null || some[agents.number(one)])
                                    && (inside
                                            || index.overlaps(one, range.startMs(), range.endMs())))
                    .toArray();
        }

        /// By number of the agent.
        private boolean[] wanted(BlockEntry entry, SeriesIndex.Agents agents) {
            boolean[] some = new boolean[agents.hosts().size()];
            for (int i = 0; i < some.length; i++) {
                some[i] = wanted.holds(entry.id().cell(), agents.hosts().get(i));
            }
            return some;
        }

        /// What is wanted of one block.
        private final class PartPlan {
            private final BlockEntry entry;
            private final SeriesIndex index;
            private final int[] series;
            private final EarlyReads.@Nullable Pages early;

            /// @param early what was asked for before; null for nothing
            PartPlan(
                    BlockEntry entry,
                    SeriesIndex index,
                    int[] series,
                    EarlyReads.@Nullable Pages early) {
                this.early = early;
                this.entry = entry;
                this.index = index;
                this.series = series;
            }

            /// What is wanted is fetched and decoded here, beside that of other blocks, as long as
            /// the query leaves half of the caches to others; what is beyond that is fetched when
            /// it is read.
            BlockPart part(int order) throws IOException {
                if (!request.samples()) {
                    return new BlockPart(entry, order, index, null, null);
                }
                AtomicReference<BlockPart.@Nullable Table> samples = new AtomicReference<>();
                AtomicReference<BlockPart.@Nullable Table> hist = new AtomicReference<>();
                if (index.histRows() == null) {
                    samples.set(samples());
                } else {
                    BlockTasks.run(
                            2,
                            2,
                            i -> {
                                if (i == 0) {
                                    samples.set(samples());
                                } else {
                                    hist.set(hist());
                                }
                            });
                }
                return new BlockPart(entry, order, index, samples.get(), hist.get());
            }

            private BlockPart.@Nullable Table samples() throws IOException {
                RowRanges rows = RowRanges.of(series, index.rows());
                if (rows.isEmpty()) {
                    return null;
                }
                ObjectInfo file = entry.samples();
                TableLayout layout =
                        layout(TableLayout.Kind.SAMPLES, file, index.metadata().samples());
                HeldPages held =
                        new HeldPages(
                                file, layout, rows, times(), rowsAhead, decoded, hold, kept,
                                fetcher);
                hold.plan(held.sizeBytes());
                AtomicReference<@Nullable PageFetch> starts = new AtomicReference<>();
                int[] changing = Arrays.stream(series).filter(index::hasStartColumn).toArray();
                PageOrigin from = origin(file, early);
                BlockTasks.run(
                        changing.length == 0 ? 1 : 2,
                        2,
                        i -> {
                            if (i == 0) {
                                held.decodeAhead(
                                        from, config.batchSizes(), config.batchBytes(), PROCESSORS);
                            } else {
                                starts.set(
                                        ahead(
                                                from,
                                                List.of(layout.column(SamplesColumns.START_TIME)),
                                                RowRanges.of(changing, index.rows()),
                                                page -> false));
                            }
                        });
                PageFetch pages =
                        ahead(
                                from,
                                List.of(held.times(), layout.column(SamplesColumns.VALUE)),
                                rows,
                                held::has);
                return new BlockPart.Table(layout, pages, starts.get(), held);
            }

            /// What is wanted of the window of the block, without a bound where all is wanted to
            /// its end, so that a later query for a little less or more wants the same.
            private TimeRange times() {
                TimeRange window = entry.id().range();
                TimeRange range = request.range();
                return new TimeRange(
                        range.startMs() <= window.startMs() ? Long.MIN_VALUE : range.startMs(),
                        window.endMs() <= range.endMs() ? Long.MAX_VALUE : range.endMs());
            }

            private BlockPart.@Nullable Table hist() throws IOException {
                RowStarts starts = index.histRows();
                TableFile table = index.metadata().hist();
                if (starts == null || table == null) {
                    return null;
                }
                RowRanges rows = RowRanges.of(series, starts);
                if (rows.isEmpty()) {
                    return null;
                }
                ObjectInfo file = entry.hist(table);
                TableLayout layout = layout(TableLayout.Kind.HIST, file, table);
                return new BlockPart.Table(
                        layout,
                        ahead(origin(file, null), layout.columns(), rows, page -> false),
                        null,
                        null);
            }

            private TableLayout layout(TableLayout.Kind kind, ObjectInfo file, TableFile table)
                    throws IOException {
                return indexes.layout(kind, file, table, request.budget());
            }

            private PageOrigin origin(ObjectInfo file, EarlyReads.@Nullable Pages from) {
                return new PageOrigin(file, fetcher, pages, request.budget(), decodedKept, from);
            }

            /// Pages that are read when they are wanted; the first of them are fetched now.
            private PageFetch ahead(
                    PageOrigin from, List<PageList> columns, RowRanges rows, IntPredicate without)
                    throws IOException {
                PageFetch plan =
                        PageFetch.plan(from, new PageFetch.Wanted(columns, rows, without), sizes);
                hold.plan(plan.sizeBytes());
                plan.prefetch(prefetchBytes);
                return plan;
            }
        }
    }

    public BlockReadStats stats() {
        return new BlockReadStats(
                selects.sum(),
                blocksRead.sum(),
                blocksFailed.sum(),
                fetcher.fetches(),
                fetcher.fetchedBytes(),
                fetcher.fetchNanos(),
                fetcher.retries(),
                fetcher.gate().bytes(),
                fetcher.gate().waits(),
                early.bytes(),
                early.begun(),
                early.refused(),
                prefetch.blocks(),
                prefetch.failures(),
                fetcher.decodedRows(),
                fetcher.decodeNanos(),
                indexes.indexStats(),
                indexes.layoutStats(),
                pages.stats(),
                decoded.stats(),
                diskStats());
    }

    private CacheStats diskStats() {
        if (disk == null) {
            return CacheStats.NONE;
        }
        DiskCache.Stats stats = disk.stats();
        return new CacheStats(
                stats.bytes(),
                stats.entries(),
                stats.hits(),
                stats.misses(),
                stats.evictions(),
                stats.damaged());
    }
}
