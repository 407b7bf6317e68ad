package dev.muster.blocks.read;

import dev.muster.blocks.bucket.ObjectInfo;
import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.blocks.schema.TableFile;
import dev.muster.model.series.ReadBudget;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Which series blocks have and where pages lie in them: from memory, else from the local disk,
/// else from the bucket. Thread-safe.
final class BlockIndexes {
    /// Names of what lies on the disk, with the number of its form.
    private static final String INDEX = "index-2 ";

    private static final String TABLE = "table-1 ";
    private static final String LAYOUT = "layout-2 ";

    private final Fetcher fetcher;
    private final WeightedCache<PageKey, SeriesIndex> indexes;
    private final WeightedCache<PageKey, TableLayout> layouts;
    private final SeriesTables tables = new SeriesTables();
    private final long indexLimitBytes;

    BlockIndexes(BlockReadConfig config, Fetcher fetcher) {
        this.fetcher = fetcher;
        indexLimitBytes = config.indexCacheBytes();
        indexes = new WeightedCache<>(config.indexCacheBytes(), SeriesIndex::sizeBytes);
        layouts = new WeightedCache<>(config.footerCacheBytes(), TableLayout::sizeBytes);
    }

    SeriesIndex index(BlockEntry entry, ReadBudget budget) throws IOException {
        ObjectInfo file = entry.series();
        return indexes.get(
                new PageKey(file.key(), file.etag(), 0),
                () -> {
                    String name = indexName(file);
                    SeriesIndex found = stored(name);
                    if (found == null) {
                        found = fetched(entry, budget);
                        keep(name, found);
                    }
                    check(entry, found.metadata());
                    return found;
                });
    }

    /// Is there memory for more without giving up anything, and without taking all of it?
    boolean hasRoom() {
        return indexes.stats().bytes() < indexLimitBytes / 2;
    }

    /// Is the index in memory? Not counted as a use.
    boolean has(BlockEntry entry) {
        ObjectInfo file = entry.series();
        return indexes.peek(new PageKey(file.key(), file.etag(), 0)) != null;
    }

    /// Is the index in memory or on the local disk, so that nobody needs to wait for it?
    boolean isNear(BlockEntry entry) {
        return has(entry) || fetcher.keeps(indexName(entry.series()));
    }

    private static String indexName(ObjectInfo file) {
        return INDEX + file.etag() + " " + file.key();
    }

    private @Nullable SeriesIndex stored(String name) {
        byte[] bytes = fetcher.kept(name);
        if (bytes == null) {
            return null;
        }
        try {
            return StoredIndex.decode(bytes, this::storedTable);
        } catch (IOException | RuntimeException e) {
            fetcher.drop(name);
            return null;
        }
    }

    private SeriesTables.@Nullable Found storedTable(SeriesTables.Print print) throws IOException {
        SeriesTable known = tables.known(print);
        if (known != null) {
            return new SeriesTables.Found(known, false);
        }
        String name = tableName(print);
        byte[] bytes = fetcher.kept(name);
        if (bytes == null) {
            return null;
        }
        try {
            return tables.find(print, () -> StoredTable.decode(bytes, tables));
        } catch (IOException | RuntimeException e) {
            fetcher.drop(name);
            return null;
        }
    }

    private static String tableName(SeriesTables.Print print) {
        return TABLE + "%016x %08x %d".formatted(print.hash(), print.crc(), print.sizeBytes());
    }

    private SeriesIndex fetched(BlockEntry entry, ReadBudget budget) throws IOException {
        ObjectInfo file = entry.series();
        int size = Math.toIntExact(file.sizeBytes());
        try (ByteGate.Passage _ = fetcher.gate().enter(size)) {
            return SeriesIndexBuilder.read(
                    fetcher.requests(file.key(), 0, size, budget),
                    tables,
                    (metadata, kind, layout) -> keep(entry, metadata, kind, layout));
        }
    }

    /// What the series file says of where pages lie need not be asked for.
    private void keep(
            BlockEntry entry, BlockMetadata metadata, TableLayout.Kind kind, TableLayout layout) {
        TableFile hist = metadata.hist();
        ObjectInfo file = null;
        TableFile table = metadata.samples();
        if (kind == TableLayout.Kind.SAMPLES) {
            file = entry.samples();
        } else if (hist != null) {
            file = entry.hist(hist);
            table = hist;
        }
        if (file != null) {
            PageKey key = new PageKey(file.key(), file.etag(), table.tailOffset());
            layouts.put(key, layout);
            fetcher.keep(layoutName(key), layout::encode);
        }
    }

    private static String layoutName(PageKey key) {
        return LAYOUT + key.offset() + " " + key.etag() + " " + key.key();
    }

    private void keep(String name, SeriesIndex index) {
        fetcher.keep(tableName(index.print()), () -> StoredTable.encode(index.table()));
        fetcher.keep(name, () -> StoredIndex.encode(index));
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

    TableLayout layout(TableLayout.Kind kind, ObjectInfo file, TableFile table, ReadBudget budget)
            throws IOException {
        PageKey key = new PageKey(file.key(), file.etag(), table.tailOffset());
        return layouts.get(
                key,
                () -> {
                    String name = layoutName(key);
                    TableLayout found = storedLayout(name);
                    if (found == null) {
                        TableLayout read = read(kind, file, table, budget);
                        fetcher.keep(name, read::encode);
                        return read;
                    }
                    return found;
                });
    }

    private @Nullable TableLayout storedLayout(String name) {
        byte[] bytes = fetcher.kept(name);
        if (bytes == null) {
            return null;
        }
        try {
            return TableLayout.decode(bytes);
        } catch (IOException | RuntimeException e) {
            fetcher.drop(name);
            return null;
        }
    }

    private TableLayout read(
            TableLayout.Kind kind, ObjectInfo file, TableFile table, ReadBudget budget)
            throws IOException {
        byte[] tail = fetcher.requests(file.key(), table.tailOffset(), table.tailBytes(), budget);
        return TableLayout.of(kind, tail, table);
    }

    CacheStats indexStats() {
        return indexes.stats();
    }

    CacheStats layoutStats() {
        return layouts.stats();
    }
}
