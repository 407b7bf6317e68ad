package dev.muster.model.frame;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SeriesSet;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Writes a [SeriesSet] as a stream of frames: all labels first, then the samples, a frame at a
/// time, so that memory does not grow with the answer. One writer writes one stream. Confined to
/// one thread.
public final class FrameWriter {
    private final OutputStream out;
    private final ByteSink payload = new ByteSink();
    private final ByteSink header = new ByteSink();
    private final Map<String, Integer> symbols = new HashMap<>();
    private final ByteSink newSymbols = new ByteSink();
    private int newSymbolCount;
    private long sampleCount;
    private int sampleFrameType = Frames.SAMPLES;

    private FrameWriter(OutputStream out) {
        this.out = out;
    }

    /// Writes the whole set and flushes; closes neither. The end frame comes last, so a reader
    /// notices a stream that was cut.
    ///
    /// @param samples false writes the labels alone
    public static void write(SeriesSet set, boolean samples, OutputStream out) throws IOException {
        FrameWriter writer = new FrameWriter(out);
        writer.writeAll(set, samples);
    }

    private void writeAll(SeriesSet set, boolean samples) throws IOException {
        header.writeInt(Frames.MAGIC);
        out.write(header.array(), 0, header.size());
        writeSeries(set);
        if (samples) {
            writeSamples(set);
        }
        writeWarnings(set.warnings());
        payload.writeVarint(set.size());
        payload.writeVarint(sampleCount);
        flush(Frames.END);
        out.flush();
    }

    private void writeSeries(SeriesSet set) throws IOException {
        ByteSink rows = new ByteSink();
        int count = 0;
        for (int i = 0; i < set.size(); i++) {
            writeRow(set.labels(i), set.metadata(i), rows);
            count++;
            if (rows.size() >= Frames.TARGET_BYTES
                    || newSymbols.size() >= Frames.TARGET_BYTES
                    || i + 1 == set.size()) {
                flushSymbols();
                payload.writeVarint(count);
                payload.append(rows);
                flush(Frames.SERIES);
                rows.clear();
                count = 0;
            }
        }
    }

    private void writeRow(Labels labels, MetricMetadata metadata, ByteSink rows) {
        rows.writeVarint(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            rows.writeVarint(symbol(labels.name(i)));
            rows.writeVarint(symbol(labels.value(i)));
        }
        rows.writeVarint(symbol(metadata.type().text()));
        rows.writeVarint(symbol(metadata.unit()));
        rows.writeVarint(symbol(metadata.help()));
    }

    private int symbol(String text) {
        Integer known = symbols.get(text);
        if (known != null) {
            return known;
        }
        int number = symbols.size();
        symbols.put(text, number);
        newSymbols.writeString(text);
        newSymbolCount++;
        return number;
    }

    private void flushSymbols() throws IOException {
        if (newSymbolCount > 0) {
            payload.writeVarint(newSymbolCount);
            payload.append(newSymbols);
            flush(Frames.SYMBOLS);
            newSymbols.clear();
            newSymbolCount = 0;
        }
    }

    private void writeSamples(SeriesSet set) throws IOException {
        SampleReader reader = set.reader();
        SampleColumns columns = new SampleColumns();
        for (int i = 0; i < set.size(); i++) {
            columns.clear();
            reader.read(i, columns);
            sampleCount += columns.size();
            for (int from = 0; from < columns.size(); ) {
                int to = MoreColumns.pieceEnd(columns, from);
                writePiece(i, columns, from, to);
                from = to;
            }
        }
        if (payload.size() > 0) {
            flush(sampleFrameType);
        }
    }

    /// A piece carries the length of its columns, so that a reader finds the next one without
    /// decoding it.
    private void writePiece(int series, SampleColumns columns, int from, int to)
            throws IOException {
        if (columns.hasStarts() || columns.hasHistograms()) {
            if (payload.size() > 0 && sampleFrameType == Frames.SAMPLES) {
                flush(Frames.SAMPLES);
            }
            sampleFrameType = Frames.MORE_SAMPLES;
        }
        header.clear();
        if (sampleFrameType == Frames.MORE_SAMPLES) {
            MoreColumns.encode(columns, from, to, header);
        } else {
            ColumnCodec.encode(columns, from, to, header);
        }
        payload.writeVarint(series);
        payload.writeVarint(to - from);
        payload.writeVarint(header.size());
        payload.append(header);
        if (payload.size() >= Frames.TARGET_BYTES) {
            flush(sampleFrameType);
            sampleFrameType = Frames.SAMPLES;
        }
    }

    private void writeWarnings(List<String> warnings) throws IOException {
        if (!warnings.isEmpty()) {
            payload.writeVarint(warnings.size());
            warnings.forEach(payload::writeString);
            flush(Frames.WARNINGS);
        }
    }

    private void flush(int type) throws IOException {
        header.clear();
        header.writeByte(type);
        header.writeInt(payload.size());
        header.writeInt(SealedFrames.checksum(type, payload.array(), payload.size()));
        out.write(header.array(), 0, header.size());
        out.write(payload.array(), 0, payload.size());
        payload.clear();
    }
}
