package dev.muster.blocks.read;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.schema.BlockMetadata;
import dev.muster.blocks.schema.SeriesPlace;
import dev.muster.blocks.schema.SeriesSpan;
import dev.muster.blocks.schema.TableFile;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.ReadBudget;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads one block from its first series to its last, in the order of its files, page by page.
/// Holds the series file as it lies in the bucket, a page of each of its columns, and of samples
/// and histograms one decoded page and a run of pages of each column. Confined to one thread.
public final class BlockScan {
    private final BlockEntry entry;
    private final BlockMetadata metadata;
    private final SeriesScan series;
    private final @Nullable SampleScan samples;
    private final @Nullable HistScan hist;
    private final SampleColumns spare = new SampleColumns(0);

    private BlockScan(
            BlockEntry entry,
            BlockMetadata metadata,
            SeriesScan series,
            @Nullable SampleScan samples,
            @Nullable HistScan hist) {
        this.entry = entry;
        this.metadata = metadata;
        this.series = series;
        this.samples = samples;
        this.hist = hist;
    }

    /// Reads the series file and sees that it is whole.
    ///
    /// @param runBytes most bytes of a column that are fetched in one request
    /// @throws IOException if the block is damaged or gone
    public static BlockScan open(Bucket bucket, BlockEntry entry, int runBytes) throws IOException {
        Fetcher fetcher = new Fetcher(bucket, BlockReadConfig.DEFAULT, null);
        byte[] file =
                fetcher.requests(
                        entry.series().key(),
                        0,
                        Math.toIntExact(entry.series().sizeBytes()),
                        ReadBudget.UNLIMITED);
        try {
            SeriesScan series = new SeriesScan(file, entry);
            BlockMetadata metadata = series.metadata();
            TableFile hist = metadata.hist();
            return new BlockScan(
                    entry,
                    metadata,
                    series,
                    metadata.samples().rows() == 0
                            ? null
                            : samples(fetcher, entry, series, runBytes),
                    hist == null || hist.rows() == 0
                            ? null
                            : new HistScan(
                                    fetcher,
                                    entry.hist(hist).key(),
                                    layout(fetcher, TableLayout.Kind.HIST, entry, series, hist),
                                    runBytes));
        } catch (RuntimeException e) {
            throw new DamagedBlockException(
                    entry.id().describe() + ": series file must be readable: found=" + e, e);
        }
    }

    private static SampleScan samples(
            Fetcher fetcher, BlockEntry entry, SeriesScan series, int runBytes) throws IOException {
        TableFile table = series.metadata().samples();
        if (table.sizeBytes() != entry.samples().sizeBytes()) {
            throw new DamagedBlockException(
                    "samples file: must be as long as the series file says: expected=%d, found=%d"
                            .formatted(table.sizeBytes(), entry.samples().sizeBytes()));
        }
        return new SampleScan(
                fetcher,
                entry.samples().key(),
                layout(fetcher, TableLayout.Kind.SAMPLES, entry, series, table),
                runBytes);
    }

    private static TableLayout layout(
            Fetcher fetcher,
            TableLayout.Kind kind,
            BlockEntry entry,
            SeriesScan series,
            TableFile table)
            throws IOException {
        TableLayout known = PagePlaces.find(kind, series.pairs());
        if (known != null) {
            return known;
        }
        String key =
                kind == TableLayout.Kind.SAMPLES ? entry.samples().key() : entry.hist(table).key();
        byte[] tail =
                fetcher.requests(key, table.tailOffset(), table.tailBytes(), ReadBudget.UNLIMITED);
        return TableLayout.of(kind, tail, table);
    }

    /// The block that is read.
    public BlockEntry entry() {
        return entry;
    }

    /// What its footer says.
    public BlockMetadata metadata() {
        return metadata;
    }

    /// Moves to the next series; false at the end.
    public boolean next() throws IOException {
        try {
            return series.next();
        } catch (RuntimeException e) {
            throw new DamagedBlockException(
                    entry.id().describe() + ": series must be readable: found=" + e, e);
        }
    }

    /// Where the series stands in the order of a block.
    public SeriesPlace place() {
        return series.place();
    }

    /// All labels of the series.
    public Labels labels() {
        return series.place().labels();
    }

    /// What was declared of its metric.
    public MetricMetadata described() {
        return series.described();
    }

    /// Host of the agent whose samples they are.
    public String agent() {
        return series.agent();
    }

    /// Appends the samples of the series; to be called once for a series, or not at all.
    public void read(SampleColumns into) throws IOException {
        int start = into.size();
        SeriesSpan span = series.span();
        if (samples != null && span.rowCount() > 0) {
            samples.read(span, into);
        }
        if (hist != null && span.histRowCount() > 0) {
            int middle = into.size();
            hist.read(span, into);
            MergedSamples.join(into, start, middle, true, spare);
        }
    }
}
