package dev.muster.model.frame;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import java.io.IOException;
import java.io.InputStream;
import java.util.BitSet;
import java.util.List;

/// A series set that was received as frames. Samples stay encoded until they are read, in memory or
/// in a file as its [FrameStore] has room. Immutable and thread-safe.
public final class FrameSeriesSet implements SeriesSet {
    private final List<Labels> labels;
    private final List<MetricMetadata> metadata;
    private final List<String> warnings;
    private final List<KeptFrame> sampleFrames;

    /// Pieces ascending by series: those of series `i` are `firstPiece[i]` to `firstPiece[i + 1] -
    /// 1`.
    private final int[] firstPiece;

    private final int[] pieceFrame;
    private final int[] pieceOffset;
    private final int[] pieceLength;
    private final BitSet moreFrames;
    private final ReadBudget budget;

    FrameSeriesSet(FrameReader reader, ReadBudget budget) {
        labels = List.copyOf(reader.labels);
        metadata = List.copyOf(reader.metadata);
        warnings = List.copyOf(reader.warnings);
        sampleFrames = List.copyOf(reader.sampleFrames);
        firstPiece = reader.firstPieces();
        pieceFrame = reader.pieceFrame.toArray();
        pieceOffset = reader.pieceOffset.toArray();
        pieceLength = reader.pieceLength.toArray();
        moreFrames = (BitSet) reader.moreFrames.clone();
        this.budget = budget;
    }

    /// As [#read(InputStream, SelectRequest, FrameStore)], all in memory.
    public static FrameSeriesSet read(InputStream in, SelectRequest request) throws IOException {
        return read(in, request, FrameSpace.heap());
    }

    /// Reads a stream to its end frame; does not close it.
    ///
    /// @param store keeps what was received; closing the set does not close it, as other sets may
    ///   be there too
    /// @param request the request that this answers; its budget is charged for bytes, series and
    ///   samples
    /// @throws FrameFormatException if the stream is torn or damaged
    public static FrameSeriesSet read(InputStream in, SelectRequest request, FrameStore store)
            throws IOException {
        FrameReader reader = new FrameReader(in, request.budget(), store);
        reader.readAll();
        return new FrameSeriesSet(reader, request.budget());
    }

    @Override
    public int size() {
        return labels.size();
    }

    @Override
    public Labels labels(int index) {
        return labels.get(index);
    }

    @Override
    public MetricMetadata metadata(int index) {
        return metadata.get(index);
    }

    @Override
    public SampleReader reader() {
        KeptFrame.Buffer buffer = new KeptFrame.Buffer();
        return (index, into) -> readSamples(index, into, buffer);
    }

    @Override
    public List<String> warnings() {
        return warnings;
    }

    @Override
    public void close() {}

    private void readSamples(int index, SampleColumns into, KeptFrame.Buffer buffer)
            throws IOException {
        for (int piece = firstPiece[index]; piece < firstPiece[index + 1]; piece++) {
            int length = pieceLength[piece];
            ByteSource in =
                    sampleFrames.get(pieceFrame[piece]).slice(pieceOffset[piece], length, buffer);
            int count = in.readCount("number of samples", Frames.SAMPLES_PER_PIECE);
            ByteSource columns = in.slice(in.readCount("length of the columns", length));
            budget.chargeSamples(count);
            if (moreFrames.get(pieceFrame[piece])) {
                MoreColumns.decode(columns, count, into, budget);
            } else {
                ColumnCodec.decode(columns, count, into);
            }
        }
    }
}
