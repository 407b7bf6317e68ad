package dev.muster.model.frame;

import dev.muster.model.labels.InvalidPatternException;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SeriesExemplars;
import dev.muster.model.time.TimeRange;
import java.util.ArrayList;
import java.util.List;

/// Exemplars between an agent and a query node, as bytes. Drawn in `docs/format/frames.md`.
/// Stateless.
public final class ExemplarCodec {
    /// A request larger than this is refused unread.
    public static final int REQUEST_LIMIT_BYTES = 1 << 20;

    /// An answer is cut before it grows larger, and refused if it is.
    public static final int ANSWER_LIMIT_BYTES = 16 << 20;

    private static final int REQUEST_MAGIC = 0x3152584d; // "MXR1"
    private static final int ANSWER_MAGIC = 0x3141584d; // "MXA1"
    private static final int SETS_LIMIT = 1_000;
    private static final int CUT = 1;

    /// Room for the flags and the checksum.
    private static final int SLACK_BYTES = 64;

    private ExemplarCodec() {}

    public static byte[] encode(ExemplarRequest request) {
        ByteSink out = Sealed.open(REQUEST_MAGIC);
        out.writeLong(request.range().startMs());
        out.writeLong(request.range().endMs());
        out.writeVarint(request.anyOf().size());
        for (List<LabelMatcher> matchers : request.anyOf()) {
            MatcherCodec.encode(matchers, out);
        }
        return Sealed.close(out);
    }

    /// @throws FrameFormatException if these are not the bytes of a request
    public static ExemplarRequest decodeRequest(byte[] bytes) throws FrameFormatException {
        ByteSource in =
                Sealed.content("exemplar request", REQUEST_MAGIC, REQUEST_LIMIT_BYTES, bytes);
        long startMs = in.readLong();
        long endMs = in.readLong();
        int count = in.readCount("number of matcher sets", SETS_LIMIT);
        try {
            List<List<LabelMatcher>> anyOf = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                anyOf.add(MatcherCodec.decode(in));
            }
            return new ExemplarRequest(new TimeRange(startMs, endMs), anyOf);
        } catch (InvalidPatternException e) {
            throw new FrameFormatException("exemplar request: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new FrameFormatException(
                    "exemplar request: range must not be empty: startMs="
                            + startMs
                            + ", endMs="
                            + endMs);
        }
    }

    /// As many of these series as an answer may hold.
    ///
    /// @param all by ascending labels
    public static byte[] encode(List<SeriesExemplars> all) {
        ByteSink rows = new ByteSink();
        ByteSink row = new ByteSink();
        int count = 0;
        for (SeriesExemplars series : all) {
            row.clear();
            writeSeries(series, row);
            if (rows.size() + row.size() > ANSWER_LIMIT_BYTES - SLACK_BYTES) {
                break;
            }
            rows.append(row);
            count++;
        }
        ByteSink out = Sealed.open(ANSWER_MAGIC);
        out.writeByte(count < all.size() ? CUT : 0);
        out.writeVarint(count);
        out.append(rows);
        return Sealed.close(out);
    }

    /// @param budget charged for series, and for exemplars as for samples
    /// @throws FrameFormatException if these are not the bytes of an answer
    public static ExemplarAnswer decodeAnswer(byte[] bytes, ReadBudget budget)
            throws FrameFormatException {
        ByteSource in = Sealed.content("exemplar answer", ANSWER_MAGIC, ANSWER_LIMIT_BYTES, bytes);
        int flags = in.readByte();
        int count = in.readCount("number of series", in.left());
        budget.chargeSeries(count);
        List<SeriesExemplars> series = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                series.add(readSeries(in, budget));
            }
        } catch (IllegalArgumentException e) {
            throw new FrameFormatException("exemplar answer: " + e.getMessage());
        }
        return new ExemplarAnswer(series, (flags & CUT) != 0);
    }

    private static void writeSeries(SeriesExemplars series, ByteSink out) {
        writeLabels(series.series(), out);
        out.writeVarint(series.exemplars().size());
        for (Exemplar exemplar : series.exemplars()) {
            writeLabels(exemplar.labels(), out);
            out.writeLong(Double.doubleToRawLongBits(exemplar.value()));
            out.writeZigzag(exemplar.timestampMs());
        }
    }

    private static SeriesExemplars readSeries(ByteSource in, ReadBudget budget)
            throws FrameFormatException {
        Labels labels = readLabels(in);
        int count = in.readCount("number of exemplars", in.left());
        budget.chargeSamples(count);
        List<Exemplar> exemplars = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            exemplars.add(
                    new Exemplar(
                            readLabels(in),
                            Double.longBitsToDouble(in.readLong()),
                            in.readZigzag()));
        }
        return new SeriesExemplars(labels, exemplars);
    }

    private static void writeLabels(Labels labels, ByteSink out) {
        out.writeVarint(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            out.writeString(labels.name(i));
            out.writeString(labels.value(i));
        }
    }

    private static Labels readLabels(ByteSource in) throws FrameFormatException {
        int limit = Math.min(Frames.LABELS_LIMIT, in.left());
        String[] pairs = new String[2 * in.readCount("number of labels", limit)];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = in.readString();
        }
        return Labels.of(pairs);
    }
}
