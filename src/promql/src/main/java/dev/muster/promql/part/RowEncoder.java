package dev.muster.promql.part;

import dev.muster.model.frame.ByteSink;
import dev.muster.model.frame.ColumnCodec;
import dev.muster.model.frame.HistogramCodec;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// Encodes the rows of one stream. Confined to one thread.
final class RowEncoder {
    private final Map<String, Integer> symbols = new HashMap<>();
    private double[] packed = new double[0];

    /// Where the row ends that begins at step `from`, so that it stays well within a frame.
    int pieceEnd(PartSeries series, int from) {
        if (!series.hasHistograms()) {
            return series.steps();
        }
        long buckets = 0;
        for (int step = from; step < series.steps(); step++) {
            PartHistogram histogram = series.histogram(step);
            buckets += histogram == null ? 0 : HistogramCodec.buckets(histogram.histogram());
            if (buckets > PartFrames.TARGET_BUCKETS) {
                return step + 1;
            }
        }
        return series.steps();
    }

    void encode(PartSeries series, int from, int to, ByteSink out) throws IOException {
        int numbers = count(series, from, to);
        boolean histograms = series.hasHistograms();
        boolean otherFirst = !series.first().equals(series.labels());
        out.writeByte(
                (series.dropName() ? PartFrames.DROP_NAME : 0)
                        | (otherFirst ? PartFrames.OTHER_FIRST : 0)
                        | (numbers > 0 ? PartFrames.NUMBERS : 0)
                        | (histograms ? PartFrames.HISTOGRAMS : 0));
        labels(series.labels(), out);
        if (otherFirst) {
            labels(series.first(), out);
        }
        if (numbers > 0) {
            presence(series, from, to, numbers, out);
            numbers(series, from, to, numbers, out);
        }
        if (histograms) {
            histograms(series, from, to, out);
        }
    }

    private static int count(PartSeries series, int from, int to) {
        int count = 0;
        for (int step = series.next(from); step >= 0 && step < to; step = series.next(step + 1)) {
            count++;
        }
        return count;
    }

    private void labels(Labels labels, ByteSink out) throws IOException {
        out.writeVarint(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            symbol(labels.name(i), out);
            symbol(labels.value(i), out);
        }
    }

    /// The number of a text, from 1; a new one is 0 and the text.
    private void symbol(String text, ByteSink out) throws IOException {
        Integer known = symbols.get(text);
        if (known != null) {
            out.writeVarint(known);
            return;
        }
        if (symbols.size() == PartFrames.SYMBOLS_LIMIT) {
            throw new IOException(
                    "part stream: label names and values must not be more: limit="
                            + PartFrames.SYMBOLS_LIMIT);
        }
        symbols.put(text, symbols.size() + 1);
        out.writeVarint(0);
        out.writeString(text);
    }

    /// Runs of steps with numbers: how many steps are left out, how many are there, until all are.
    private static void presence(PartSeries series, int from, int to, int count, ByteSink out) {
        out.writeVarint(count);
        int end = 0;
        int left = count;
        for (int step = series.next(from); left > 0; step = series.next(end)) {
            int run = 1;
            while (step + run < to && series.has(step + run)) {
                run++;
            }
            out.writeVarint(step - end);
            out.writeVarint(run);
            end = step + run;
            left -= run;
        }
    }

    private void numbers(PartSeries series, int from, int to, int count, ByteSink out) {
        if (packed.length < count) {
            packed = new double[count];
        }
        for (int c = 0; c < series.columns(); c++) {
            double[] column = series.column(c);
            int at = 0;
            for (int i = series.next(from); i >= 0 && i < to; i = series.next(i + 1)) {
                packed[at++] = column[i];
            }
            ColumnCodec.encodeValues(packed, 0, count, out);
        }
    }

    private static void histograms(PartSeries series, int from, int to, ByteSink out) {
        int count = 0;
        for (int step = from; step < to; step++) {
            count += series.histogram(step) == null ? 0 : 1;
        }
        out.writeVarint(count);
        HistogramCodec codec = new HistogramCodec();
        int before = 0;
        for (int step = from; step < to; step++) {
            PartHistogram histogram = series.histogram(step);
            if (histogram != null) {
                out.writeVarint(step - before);
                before = step;
                out.writeByte(flags(histogram));
                out.writeVarint(histogram.size());
                codec.encode(histogram.histogram(), out);
            }
        }
    }

    private static int flags(PartHistogram histogram) {
        return (histogram.mean() ? PartFrames.MEAN : 0)
                | (histogram.sawReset() ? PartFrames.SAW_RESET : 0)
                | (histogram.sawNoReset() ? PartFrames.SAW_NO_RESET : 0)
                | (histogram.reconciledBounds() ? PartFrames.RECONCILED : 0)
                | (histogram.incompatible() ? PartFrames.INCOMPATIBLE : 0);
    }
}
