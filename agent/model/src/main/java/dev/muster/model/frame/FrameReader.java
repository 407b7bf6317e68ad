package dev.muster.model.frame;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.series.ReadBudget;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// Takes a frame stream apart and checks it; [FrameSeriesSet] keeps what it found. Confined to one
/// thread.
final class FrameReader {
    private final InputStream in;
    private final ReadBudget budget;
    private long offsetBytes;

    private final List<String> symbols = new ArrayList<>();
    final List<Labels> labels = new ArrayList<>();
    final List<MetricMetadata> metadata = new ArrayList<>();
    final List<String> warnings = new ArrayList<>();
    final List<SampleFrame> sampleFrames = new ArrayList<>();
    private final IntColumn pieceSeries = new IntColumn();
    final IntColumn pieceFrame = new IntColumn();
    final IntColumn pieceOffset = new IntColumn();
    private long sampleCount;

    FrameReader(InputStream in, ReadBudget budget) {
        this.in = in;
        this.budget = budget;
    }

    void readAll() throws IOException {
        int magic = new ByteSource(readFully(4), 0, 4).readInt();
        if (magic != Frames.MAGIC) {
            throw damaged(
                    String.format("must start with 0x%08x: found=0x%08x", Frames.MAGIC, magic));
        }
        while (readFrame()) {
            budget.check();
        }
    }

    /// Where the pieces of each series begin; one entry more than there are series.
    int[] firstPieces() {
        int[] first = new int[labels.size() + 1];
        for (int piece = 0; piece < pieceSeries.size(); piece++) {
            first[pieceSeries.get(piece) + 1] = piece + 1;
        }
        for (int i = 1; i < first.length; i++) {
            first[i] = Math.max(first[i], first[i - 1]);
        }
        return first;
    }

    /// @return false after the end frame
    private boolean readFrame() throws IOException {
        ByteSource header = new ByteSource(readFully(Frames.HEADER_BYTES), 0, Frames.HEADER_BYTES);
        int type = header.readByte();
        int length = header.readInt();
        int expected = header.readInt();
        if (length < 0 || length > Frames.LIMIT_BYTES) {
            throw damaged(
                    "frame must have at most "
                            + Frames.LIMIT_BYTES
                            + " bytes: found="
                            + Integer.toUnsignedString(length));
        }
        budget.chargeFetchedBytes(length);
        byte[] payload = readFully(length);
        int actual = Frames.checksum(type, payload, length);
        if (expected != actual) {
            throw damaged(
                    String.format(
                            "checksum must match: expected=0x%08x, actual=0x%08x",
                            expected, actual));
        }
        return take(type, payload);
    }

    private boolean take(int type, byte[] payload) throws IOException {
        ByteSource source = new ByteSource(payload, 0, payload.length);
        switch (type) {
            case Frames.SYMBOLS -> takeSymbols(source);
            case Frames.SERIES -> takeSeries(source);
            case Frames.SAMPLES -> takeSamples(source, new SampleFrame(payload, false));
            case Frames.MORE_SAMPLES -> takeSamples(source, new SampleFrame(payload, true));
            case Frames.WARNINGS -> takeWarnings(source);
            case Frames.END -> {
                takeEnd(source);
                return false;
            }
            default -> throw damaged("frame type must be 1 to 6: found=" + type);
        }
        return true;
    }

    private void takeSymbols(ByteSource source) throws IOException {
        int count = source.readCount("number of symbols", Frames.LIMIT_BYTES);
        for (int i = 0; i < count; i++) {
            symbols.add(source.readString());
        }
    }

    private void takeSeries(ByteSource source) throws IOException {
        int count = source.readCount("number of series", Frames.SERIES_LIMIT);
        budget.chargeSeries(count);
        for (int i = 0; i < count; i++) {
            Labels next = labels(source);
            if (!labels.isEmpty() && labels.getLast().compareTo(next) >= 0) {
                throw damaged("series must ascend: found " + next + " after " + labels.getLast());
            }
            labels.add(next);
            metadata.add(
                    new MetricMetadata(
                            MetricType.of(symbol(source)), symbol(source), symbol(source)));
        }
    }

    private Labels labels(ByteSource source) throws IOException {
        String[] pairs = new String[2 * source.readCount("number of labels", Frames.LABELS_LIMIT)];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = symbol(source);
        }
        try {
            return Labels.of(pairs);
        } catch (IllegalArgumentException e) {
            throw damaged("series=" + labels.size() + ": " + e.getMessage());
        }
    }

    private String symbol(ByteSource source) throws IOException {
        int number = source.readCount("symbol", symbols.size() - 1);
        return symbols.get(number);
    }

    private void takeSamples(ByteSource source, SampleFrame frame) throws IOException {
        sampleFrames.add(frame);
        while (!source.exhausted()) {
            int series = source.readCount("series", labels.size() - 1);
            if (pieceSeries.size() > 0 && series < pieceSeries.get(pieceSeries.size() - 1)) {
                throw damaged("samples must ascend by series: found series=" + series);
            }
            pieceSeries.add(series);
            pieceFrame.add(sampleFrames.size() - 1);
            pieceOffset.add(source.position());
            sampleCount += source.readCount("number of samples", Frames.SAMPLES_PER_PIECE);
            source.skip(source.readCount("length of the columns", frame.size()));
        }
    }

    private void takeWarnings(ByteSource source) throws IOException {
        int count = source.readCount("number of warnings", Frames.LIMIT_BYTES);
        for (int i = 0; i < count; i++) {
            warnings.add(source.readString());
        }
    }

    private void takeEnd(ByteSource source) throws IOException {
        long series = source.readVarint();
        long samples = source.readVarint();
        if (series != labels.size() || samples != sampleCount) {
            throw damaged(
                    "end frame must count what came before: expected series="
                            + series
                            + ", samples="
                            + samples
                            + ", actual series="
                            + labels.size()
                            + ", samples="
                            + sampleCount);
        }
    }

    private byte[] readFully(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw damaged(
                    "stream must end with an end frame: needed bytes="
                            + length
                            + ", found="
                            + bytes.length);
        }
        offsetBytes += length;
        return bytes;
    }

    private FrameFormatException damaged(String what) {
        return new FrameFormatException("frame stream offsetBytes=" + offsetBytes + ": " + what);
    }
}
