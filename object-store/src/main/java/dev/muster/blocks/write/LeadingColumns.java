package dev.muster.blocks.write;

import dev.muster.blocks.schema.SamplesColumns;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Function;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;

/// The columns that files of samples and of histograms share: of which series a row is, and its
/// times. Confined to the thread of its file.
final class LeadingColumns {
    private static final ByteBufferAllocator HEAP = HeapByteBufferAllocator.getInstance();
    private static final long MICROS_PER_MS = 1_000;

    /// Times that a Parquet timestamp of microseconds is good for: to the year 9999, both ways.
    private static final long LATEST_MS = 253_402_300_800_000L;

    /// A row group ends when it has so many start times, so that its dictionary stays small.
    private static final int START_TIMES_LIMIT = 1 << 16;

    private final MessageType schema;
    private final DictionaryColumn<String> metrics;
    private final DictionaryColumn<String> cells;
    private final DictionaryColumn<String> hosts;
    private final DictionaryColumn<String> services;
    private final DictionaryColumn<Long> ids;
    private final DictionaryColumn<Long> starts;
    private long[] timesUs = new long[1_024];
    private int rows;

    LeadingColumns(MessageType schema) {
        this.schema = schema;
        metrics = dictionary(SamplesColumns.METRIC);
        cells = dictionary(SamplesColumns.CELL);
        hosts = dictionary(SamplesColumns.HOST);
        services = dictionary(SamplesColumns.SERVICE);
        ids = dictionary(SamplesColumns.SERIES_ID);
        starts = dictionary(SamplesColumns.START_TIME);
    }

    private <T> DictionaryColumn<T> dictionary(String name) {
        return new DictionaryColumn<>(type(name));
    }

    private PrimitiveType type(String name) {
        return schema.getType(name).asPrimitiveType();
    }

    /// Rows of the page so far.
    int rows() {
        return rows;
    }

    /// Adds `length` samples of a series, from sample `from` on.
    void add(SeriesRow series, SampleColumns samples, int from, int length) {
        metrics.add(series.metric(), length);
        cells.add(series.cell(), length);
        hosts.add(series.host(), length);
        services.add(series.service(), length);
        ids.add(series.id(), length);
        addStarts(samples, from, from + length);
        if (rows + length > timesUs.length) {
            timesUs = Arrays.copyOf(timesUs, Math.max(rows + length, 2 * timesUs.length));
        }
        for (int i = 0; i < length; i++) {
            timesUs[rows + i] = samples.timestampsMs()[from + i] * MICROS_PER_MS;
        }
        rows += length;
    }

    private void addStarts(SampleColumns samples, int from, int to) {
        if (!samples.hasStarts()) {
            starts.add(null, to - from);
            return;
        }
        int runStart = from;
        long startMs = startMs(samples, from);
        for (int i = from + 1; i <= to; i++) {
            if (i == to || startMs(samples, i) != startMs) {
                starts.add(startMs == 0 ? null : startMs * MICROS_PER_MS, i - runStart);
                runStart = i;
                startMs = i == to ? 0 : startMs(samples, i);
            }
        }
    }

    /// The start time of a sample as blocks keep it: 0 where it is not known, is no time, or the
    /// sample is a staleness marker.
    static long startMs(SampleColumns samples, int index) {
        long startMs = samples.startMs(index);
        return Math.abs(startMs) > LATEST_MS || Staleness.isStale(samples.values()[index])
                ? 0
                : startMs;
    }

    /// Must the row group end with this page?
    boolean full() {
        return starts.entryCount() >= START_TIMES_LIMIT;
    }

    void writePage(Function<String, PageWriter> writers) throws IOException {
        metrics.writePage(writers.apply(SamplesColumns.METRIC), rows);
        cells.writePage(writers.apply(SamplesColumns.CELL), rows);
        hosts.writePage(writers.apply(SamplesColumns.HOST), rows);
        services.writePage(writers.apply(SamplesColumns.SERVICE), rows);
        ids.writePage(writers.apply(SamplesColumns.SERIES_ID), rows);
        writeTimes(writers.apply(SamplesColumns.TIME));
        starts.writePage(writers.apply(SamplesColumns.START_TIME), rows);
        rows = 0;
    }

    private void writeTimes(PageWriter writer) throws IOException {
        Statistics<?> statistics = Statistics.createStats(type(SamplesColumns.TIME));
        statistics.incrementNumNulls(0);
        try (var encoder =
                new DeltaBinaryPackingValuesWriterForLong(
                        1 << 12, rows * Long.BYTES + (1 << 12), HEAP)) {
            for (int i = 0; i < rows; i++) {
                encoder.writeLong(timesUs[i]);
                statistics.updateStats(timesUs[i]);
            }
            writer.writePageV2(
                    rows,
                    0,
                    rows,
                    BytesInput.empty(),
                    BytesInput.empty(),
                    Encoding.DELTA_BINARY_PACKED,
                    encoder.getBytes(),
                    statistics);
        }
    }

    void endRowGroup(Function<String, PageWriter> writers) throws IOException {
        metrics.writeDictionary(writers.apply(SamplesColumns.METRIC));
        cells.writeDictionary(writers.apply(SamplesColumns.CELL));
        hosts.writeDictionary(writers.apply(SamplesColumns.HOST));
        services.writeDictionary(writers.apply(SamplesColumns.SERVICE));
        ids.writeDictionary(writers.apply(SamplesColumns.SERIES_ID));
        starts.writeDictionary(writers.apply(SamplesColumns.START_TIME));
    }
}
