package dev.muster.promql.part;

import dev.muster.model.frame.ByteSink;
import dev.muster.model.frame.SealedFrames;
import dev.muster.model.series.Completeness;
import java.io.IOException;
import java.io.OutputStream;

/// Writes the answer of a part as a stream of frames, a frame at a time, so that memory does not
/// grow with the answer. Confined to one thread.
public final class PartWriter implements PartSink {
    private final OutputStream out;
    private final ByteSink payload = new ByteSink();
    private final ByteSink header = new ByteSink();
    private final RowEncoder rows = new RowEncoder();
    private long rowCount;
    private boolean begun;

    public PartWriter(OutputStream out) {
        this.out = out;
    }

    @Override
    public void series(PartSeries series) throws IOException {
        int from = 0;
        while (from < series.steps()) {
            int to = rows.pieceEnd(series, from);
            if (payload.size() == 0) {
                payload.writeVarint(series.columns());
            }
            rows.encode(series, from, to, payload);
            rowCount++;
            from = to;
            if (payload.size() >= PartFrames.TARGET_BYTES) {
                flush(PartFrames.SERIES);
            }
        }
    }

    @Override
    public void remark(PartRemark remark) throws IOException {
        flushSeries();
        payload.writeByte(remark.level().ordinal());
        payload.writeVarint(remark.start());
        payload.writeVarint(remark.end());
        payload.writeString(remark.text());
        flush(PartFrames.REMARKS);
    }

    @Override
    public void completeness(Completeness part) throws IOException {
        flushSeries();
        payload.writeVarint(part.expectedMs());
        payload.writeVarint(part.missingMs());
        flush(PartFrames.COMPLETENESS);
    }

    @Override
    public void spent(long series, long samples) throws IOException {
        flushSeries();
        payload.writeVarint(series);
        payload.writeVarint(samples);
        flush(PartFrames.SPENT);
    }

    /// Ends the stream: the query has no answer. The reader throws a [PartException].
    public void fail(PartException.Kind kind, String message) throws IOException {
        payload.clear();
        payload.writeByte(kind.ordinal());
        payload.writeString(message);
        flush(PartFrames.FAILURE);
        out.flush();
    }

    /// Ends the stream and flushes; does not close what is below. Without it a reader takes the
    /// stream for cut.
    public void end() throws IOException {
        flushSeries();
        payload.writeVarint(rowCount);
        flush(PartFrames.END);
        out.flush();
    }

    private void flushSeries() throws IOException {
        if (payload.size() > 0) {
            flush(PartFrames.SERIES);
        }
    }

    private void flush(int type) throws IOException {
        if (payload.size() > PartFrames.LIMIT_BYTES) {
            throw new IOException(
                    "part stream: a frame must not be larger: limitBytes="
                            + PartFrames.LIMIT_BYTES
                            + ", sizeBytes="
                            + payload.size());
        }
        header.clear();
        if (!begun) {
            begun = true;
            header.writeInt(PartFrames.MAGIC);
        }
        header.writeByte(type);
        header.writeInt(payload.size());
        header.writeInt(SealedFrames.checksum(type, payload.array(), payload.size()));
        out.write(header.array(), 0, header.size());
        out.write(payload.array(), 0, payload.size());
        payload.clear();
    }
}
