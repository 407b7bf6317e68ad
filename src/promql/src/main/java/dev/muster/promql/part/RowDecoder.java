package dev.muster.promql.part;

import dev.muster.model.frame.ByteSource;
import dev.muster.model.frame.ColumnCodec;
import dev.muster.model.frame.FrameFormatException;
import dev.muster.model.frame.HistogramCodec;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.ReadBudget;
import java.util.ArrayList;
import java.util.List;

/// Decodes the rows of one stream. Confined to one thread.
final class RowDecoder {
    private final int steps;
    private final ReadBudget budget;
    private final List<String> symbols = new ArrayList<>();
    private final double[] packed;

    RowDecoder(int steps, ReadBudget budget) {
        this.steps = steps;
        this.budget = budget;
        packed = new double[steps];
    }

    /// Reads the next row.
    ///
    /// @throws IllegalArgumentException if values are out of bounds, too
    void decode(ByteSource in, PartSeries into) throws FrameFormatException {
        int flags = in.readByte();
        if (flags > PartFrames.ROW_FLAGS) {
            throw damaged(in, "flags of a row must be 0 to 15: found=" + flags);
        }
        Labels labels = labels(in);
        Labels first = (flags & PartFrames.OTHER_FIRST) != 0 ? labels(in) : labels;
        into.begin(labels, first, (flags & PartFrames.DROP_NAME) != 0);
        if ((flags & PartFrames.NUMBERS) != 0) {
            numbers(in, into);
        }
        if ((flags & PartFrames.HISTOGRAMS) != 0) {
            histograms(in, into);
        }
    }

    private Labels labels(ByteSource in) throws FrameFormatException {
        String[] pairs = new String[2 * in.readCount("number of labels", PartFrames.LABELS_LIMIT)];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = symbol(in);
        }
        return Labels.of(pairs);
    }

    private String symbol(ByteSource in) throws FrameFormatException {
        int number = in.readCount("symbol", symbols.size());
        if (number > 0) {
            return symbols.get(number - 1);
        }
        if (symbols.size() == PartFrames.SYMBOLS_LIMIT) {
            throw damaged(in, "symbols must not be more: limit=" + PartFrames.SYMBOLS_LIMIT);
        }
        String text = in.readString();
        symbols.add(text);
        return text;
    }

    private void numbers(ByteSource in, PartSeries into) throws FrameFormatException {
        int count = in.readCount("number of steps", steps);
        int end = 0;
        int left = count;
        while (left > 0) {
            int step = end + in.readCount("gap of steps", steps - end);
            int run = in.readCount("run of steps", Math.min(left, steps - step));
            if (run == 0) {
                throw damaged(in, "a run of steps must not be empty");
            }
            for (int i = step; i < step + run; i++) {
                into.mark(i);
            }
            end = step + run;
            left -= run;
        }
        for (int c = 0; c < into.columns(); c++) {
            ColumnCodec.decodeValues(in, packed, 0, count);
            double[] column = into.column(c);
            int at = 0;
            for (int step = into.next(0); step >= 0; step = into.next(step + 1)) {
                column[step] = packed[at++];
            }
        }
    }

    private void histograms(ByteSource in, PartSeries into) throws FrameFormatException {
        int count = in.readCount("number of histograms", steps);
        HistogramCodec codec = new HistogramCodec();
        int step = 0;
        for (int i = 0; i < count; i++) {
            step += in.readCount("gap of histograms", steps - 1 - step);
            int flags = in.readByte();
            if (flags > PartFrames.HISTOGRAM_FLAGS) {
                throw damaged(in, "flags of a histogram must be 0 to 31: found=" + flags);
            }
            long size = in.readVarint();
            into.histogram(
                    step,
                    new PartHistogram(
                            codec.decode(in, budget),
                            size,
                            (flags & PartFrames.MEAN) != 0,
                            (flags & PartFrames.SAW_RESET) != 0,
                            (flags & PartFrames.SAW_NO_RESET) != 0,
                            (flags & PartFrames.RECONCILED) != 0,
                            (flags & PartFrames.INCOMPATIBLE) != 0));
        }
    }

    private static FrameFormatException damaged(ByteSource in, String what) {
        return new FrameFormatException("part stream positionBytes=" + in.position() + ": " + what);
    }
}
