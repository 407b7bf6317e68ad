package dev.muster.model.frame;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.series.ReadBudget;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Takes a frame stream apart and checks it; [FrameSeriesSet] keeps what it found. Confined to one
/// thread.
final class FrameReader {
    /// What a series takes beside its labels, and what each label takes.
    private static final int SERIES_BYTES = 72;

    private static final int LABEL_BYTES = 8;

    /// What a piece takes: where it is, and the end of its frame's share.
    private static final int PIECE_BYTES = 20;

    private final SealedFrames frames;
    private final ReadBudget budget;
    private final FrameStore store;

    private final List<String> symbols = new ArrayList<>();
    final List<Labels> labels = new ArrayList<>();
    final List<MetricMetadata> metadata = new ArrayList<>();
    final List<String> warnings = new ArrayList<>();
    final List<KeptFrame> sampleFrames = new ArrayList<>();

    /// Which of the frames have columns that begin with flags.
    final BitSet moreFrames = new BitSet();

    private final IntColumn pieceSeries = new IntColumn();
    final IntColumn pieceFrame = new IntColumn();
    final IntColumn pieceOffset = new IntColumn();
    final IntColumn pieceLength = new IntColumn();
    private long sampleCount;
    private MetricMetadata lastMetadata = MetricMetadata.NONE;

    FrameReader(InputStream in, ReadBudget budget, FrameStore store) {
        frames = new SealedFrames(in, "frame stream", Frames.LIMIT_BYTES, budget);
        this.budget = budget;
        this.store = store;
    }

    void readAll() throws IOException {
        frames.begin(Frames.MAGIC);
        while (take(frames.next(), frames.payload())) {
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
    private boolean take(int type, byte[] payload) throws IOException {
        ByteSource source = new ByteSource(payload, 0, payload.length);
        switch (type) {
            case Frames.SYMBOLS -> takeSymbols(source);
            case Frames.SERIES -> takeSeries(source);
            case Frames.SAMPLES -> takeSamples(source, payload, false);
            case Frames.MORE_SAMPLES -> takeSamples(source, payload, true);
            case Frames.WARNINGS -> takeWarnings(source);
            case Frames.END -> {
                takeEnd(source);
                return false;
            }
            default -> throw frames.damaged("frame type must be 1 to 6: found=" + type);
        }
        return true;
    }

    private void takeSymbols(ByteSource source) throws IOException {
        int count = source.readCount("number of symbols", Frames.LIMIT_BYTES);
        for (int i = 0; i < count; i++) {
            symbols.add(store.shared(source.readString()));
        }
    }

    private void takeSeries(ByteSource source) throws IOException {
        int count = source.readCount("number of series", Frames.SERIES_LIMIT);
        budget.chargeSeries(count);
        for (int i = 0; i < count; i++) {
            Labels next = labels(source);
            if (!labels.isEmpty() && labels.getLast().compareTo(next) >= 0) {
                throw frames.damaged(
                        "series must ascend: found " + next + " after " + labels.getLast());
            }
            labels.add(next);
            metadata.add(metadata(source));
            store.hold(SERIES_BYTES + (long) LABEL_BYTES * next.size());
        }
    }

    /// Series of a family follow each other and share one object.
    private MetricMetadata metadata(ByteSource source) throws IOException {
        MetricMetadata next =
                new MetricMetadata(MetricType.of(symbol(source)), symbol(source), symbol(source));
        if (!next.equals(lastMetadata)) {
            lastMetadata = next;
        }
        return lastMetadata;
    }

    private Labels labels(ByteSource source) throws IOException {
        String[] pairs = new String[2 * source.readCount("number of labels", Frames.LABELS_LIMIT)];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = symbol(source);
        }
        try {
            return Labels.of(pairs);
        } catch (IllegalArgumentException e) {
            throw frames.damaged("series=" + labels.size() + ": " + e.getMessage());
        }
    }

    private String symbol(ByteSource source) throws IOException {
        int number = source.readCount("symbol", symbols.size() - 1);
        return symbols.get(number);
    }

    private void takeSamples(ByteSource source, byte[] payload, boolean more) throws IOException {
        int frame = sampleFrames.size();
        int pieces = pieceSeries.size();
        while (!source.exhausted()) {
            int series = source.readCount("series", labels.size() - 1);
            if (pieceSeries.size() > 0 && series < pieceSeries.get(pieceSeries.size() - 1)) {
                throw frames.damaged("samples must ascend by series: found series=" + series);
            }
            int offset = source.position();
            sampleCount += source.readCount("number of samples", Frames.SAMPLES_PER_PIECE);
            source.skip(source.readCount("length of the columns", payload.length));
            pieceSeries.add(series);
            pieceFrame.add(frame);
            pieceOffset.add(offset);
            pieceLength.add(source.position() - offset);
        }
        store.hold((long) PIECE_BYTES * (pieceSeries.size() - pieces));
        sampleFrames.add(store.keep(payload));
        moreFrames.set(frame, more);
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
            throw frames.damaged(
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
}
