package dev.muster.promql.part;

import dev.muster.model.frame.ByteSource;
import dev.muster.model.frame.FrameFormatException;
import dev.muster.model.frame.SealedFrames;
import dev.muster.model.series.Completeness;
import dev.muster.model.series.ReadBudget;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Reads what a [PartWriter] wrote. Confined to one thread.
public final class PartReader {
    private final SealedFrames frames;
    private final PartQuery query;
    private final PartSink sink;
    private final ReadBudget budget;
    private final RowDecoder rows;
    private @Nullable PartSeries series;
    private long rowCount;

    private PartReader(InputStream in, PartQuery query, PartSink sink, ReadBudget budget) {
        frames = new SealedFrames(in, "part stream", PartFrames.LIMIT_BYTES, budget);
        this.query = query;
        this.sink = sink;
        this.budget = budget;
        rows = new RowDecoder(query.steps().count(), budget);
    }

    /// Puts a whole answer into a sink, frame by frame as it comes.
    ///
    /// @param query what was asked
    /// @param budget charged with the bytes, and asked whether to go on
    /// @throws PartException if the part says that the query has no answer
    /// @throws FrameFormatException if the stream is damaged, or ends too early
    /// @throws IOException if it cannot be read
    public static void read(InputStream in, PartQuery query, PartSink sink, ReadBudget budget)
            throws IOException {
        PartReader reader = new PartReader(in, query, sink, budget);
        reader.readAll();
    }

    private void readAll() throws IOException {
        frames.begin(PartFrames.MAGIC);
        while (take(frames.next(), frames.payload())) {
            budget.check();
        }
    }

    /// @return false after the end frame
    private boolean take(int type, byte[] payload) throws IOException {
        ByteSource source = new ByteSource(payload, 0, payload.length);
        switch (type) {
            case PartFrames.SERIES -> takeSeries(source);
            case PartFrames.REMARKS -> takeRemarks(source);
            case PartFrames.SPENT -> sink.spent(count(source), count(source));
            case PartFrames.COMPLETENESS -> sink.completeness(completeness(source));
            case PartFrames.FAILURE -> throw failure(source);
            case PartFrames.END -> {
                takeEnd(source);
                return false;
            }
            default -> throw frames.damaged("frame type must be 1 to 6: found=" + type);
        }
        return true;
    }

    private void takeSeries(ByteSource source) throws IOException {
        int columns = source.readCount("number of columns", PartSeries.COLUMNS_LIMIT);
        PartSeries reused = series;
        if (columns == 0) {
            throw frames.damaged("a step must have at least one number");
        }
        if (reused == null) {
            reused = new PartSeries(query.steps().count(), columns);
            series = reused;
        } else if (reused.columns() != columns) {
            throw frames.damaged(
                    "all series must have as many numbers: expected="
                            + reused.columns()
                            + ", actual="
                            + columns);
        }
        while (!source.exhausted()) {
            decode(source, reused);
            rowCount++;
            budget.check();
            sink.series(reused);
        }
    }

    private void decode(ByteSource source, PartSeries into) throws FrameFormatException {
        try {
            rows.decode(source, into);
        } catch (IllegalArgumentException e) {
            throw frames.damaged("row=" + rowCount + ": " + e.getMessage());
        }
    }

    private void takeRemarks(ByteSource source) throws IOException {
        PartRemark.Level[] levels = PartRemark.Level.values();
        while (!source.exhausted()) {
            int level = source.readCount("level of a remark", levels.length - 1);
            int start = source.readCount("place of a remark", Integer.MAX_VALUE);
            int end = source.readCount("place of a remark", Integer.MAX_VALUE);
            if (end < start) {
                throw frames.damaged(
                        "place of a remark must ascend: start=" + start + ", end=" + end);
            }
            sink.remark(new PartRemark(levels[level], source.readString(), start, end));
        }
    }

    private Completeness completeness(ByteSource source) throws IOException {
        try {
            return new Completeness(source.readVarint(), source.readVarint());
        } catch (IllegalArgumentException e) {
            throw frames.damaged(String.valueOf(e.getMessage()));
        }
    }

    private long count(ByteSource source) throws IOException {
        long count = source.readVarint();
        if (count < 0) {
            throw frames.damaged("what is spent must not be negative: found=" + count);
        }
        return count;
    }

    private IOException failure(ByteSource source) throws IOException {
        PartException.Kind[] kinds = PartException.Kind.values();
        int kind = source.readCount("kind of failure", kinds.length - 1);
        return new PartException(kinds[kind], source.readString());
    }

    private void takeEnd(ByteSource source) throws IOException {
        long expected = source.readVarint();
        if (expected != rowCount) {
            throw frames.damaged(
                    "end frame must count what came before: expected rows="
                            + expected
                            + ", actual rows="
                            + rowCount);
        }
    }
}
