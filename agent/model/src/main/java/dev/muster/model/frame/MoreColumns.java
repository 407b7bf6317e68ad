package dev.muster.model.frame;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.HistogramMarker;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.ReadBudget;

/// Samples of one series as bytes, when some have start times or are histograms: flags, the columns
/// of [ColumnCodec], then a column of start times, then the histograms.
///
/// Drawn in `docs/format/frames.md`. Stateless.
final class MoreColumns {
    private static final int STARTS = 1;
    private static final int HISTOGRAMS = 2;

    private MoreColumns() {}

    /// Where the piece ends that begins at sample `from`, so that it stays well within a frame.
    static int pieceEnd(SampleColumns columns, int from) {
        int end = Math.min(columns.size(), from + Frames.SAMPLES_PER_PIECE);
        if (!columns.hasHistograms()) {
            return end;
        }
        long buckets = 0;
        for (int i = from; i < end; i++) {
            NativeHistogram histogram = columns.histogram(i);
            buckets += histogram == null ? 0 : HistogramCodec.buckets(histogram);
            if (buckets > Frames.TARGET_BUCKETS) {
                return i + 1;
            }
        }
        return end;
    }

    static void encode(SampleColumns columns, int from, int to, ByteSink out) {
        int flags =
                (anyStart(columns, from, to) ? STARTS : 0)
                        | (anyHistogram(columns, from, to) ? HISTOGRAMS : 0);
        out.writeByte(flags);
        ColumnCodec.encode(columns, from, to, out);
        if ((flags & STARTS) != 0) {
            encodeStarts(columns, from, to, out);
        }
        if ((flags & HISTOGRAMS) != 0) {
            encodeHistograms(columns, from, to, out);
        }
    }

    /// @param budget charged for what histograms take beyond a sample
    static void decode(ByteSource in, int count, SampleColumns into, ReadBudget budget)
            throws FrameFormatException {
        int flags = in.readByte();
        if ((flags & ~(STARTS | HISTOGRAMS)) != 0) {
            throw new FrameFormatException(
                    "frame positionBytes="
                            + in.position()
                            + ": flags of a piece must be 0 to 3: found="
                            + flags);
        }
        int from = into.size();
        ColumnCodec.decode(in, count, into);
        if ((flags & STARTS) != 0) {
            decodeStarts(in, into, from);
        }
        if ((flags & HISTOGRAMS) != 0) {
            decodeHistograms(in, into, from, budget);
        }
    }

    private static boolean anyStart(SampleColumns columns, int from, int to) {
        for (int i = from; columns.hasStarts() && i < to; i++) {
            if (columns.startMs(i) != 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean anyHistogram(SampleColumns columns, int from, int to) {
        for (int i = from; columns.hasHistograms() && i < to; i++) {
            if (columns.histogram(i) != null) {
                return true;
            }
        }
        return false;
    }

    private static void encodeStarts(SampleColumns columns, int from, int to, ByteSink out) {
        long before = columns.timestampsMs()[from];
        int i = from;
        while (i < to) {
            long start = columns.startMs(i);
            int run = 1;
            while (i + run < to && columns.startMs(i + run) == start) {
                run++;
            }
            out.writeZigzag(start - before);
            out.writeVarint(run);
            before = start;
            i += run;
        }
    }

    private static void decodeStarts(ByteSource in, SampleColumns into, int from)
            throws FrameFormatException {
        long start = into.timestampsMs()[from];
        int i = from;
        while (i < into.size()) {
            start += in.readZigzag();
            int run = ColumnCodec.positiveRun(in, into.size() - i);
            for (int end = i + run; i < end; i++) {
                into.setStart(i, start);
            }
        }
    }

    private static void encodeHistograms(SampleColumns columns, int from, int to, ByteSink out) {
        HistogramCodec codec = new HistogramCodec();
        for (int i = from; i < to; i++) {
            NativeHistogram histogram = columns.histogram(i);
            if (histogram != null) {
                codec.encode(histogram, out);
            } else if (HistogramMarker.isHistogram(columns.values()[i])) {
                throw new IllegalArgumentException(
                        "a sample with the marker must have a histogram: index=" + i);
            }
        }
    }

    private static void decodeHistograms(
            ByteSource in, SampleColumns into, int from, ReadBudget budget)
            throws FrameFormatException {
        HistogramCodec codec = new HistogramCodec();
        for (int i = from; i < into.size(); i++) {
            if (HistogramMarker.isHistogram(into.values()[i])) {
                into.setHistogram(i, codec.decode(in, budget));
            }
        }
    }
}
