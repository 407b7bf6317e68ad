package dev.muster.head.chunk;

import dev.muster.head.bytes.ByteReader;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.SampleColumns;
import org.jspecify.annotations.Nullable;

/// Gives samples that were read their histograms and start times.
final class SideReader {
    private SideReader() {}

    /// @param stream what a slot has beside values: start times, then histograms
    /// @param times of the positions in the stream, ascending; `count` of them
    /// @param into samples from index `from` on are of the slot, ascending in time
    static void attach(byte[] stream, long[] times, int count, SampleColumns into, int from) {
        if (from == into.size()) {
            return;
        }
        ByteReader reader = new ByteReader(stream, 0, stream.length);
        starts(reader, times, count, into, from);
        histograms(reader, times, count, into, from);
    }

    private static void starts(
            ByteReader reader, long[] times, int count, SampleColumns into, int from) {
        int changes = reader.count();
        int sample = from;
        int position = 0;
        long startMs = 0;
        for (int i = 0; i < changes; i++) {
            position += reader.count();
            long fromMs = position < count ? times[position] : Long.MAX_VALUE;
            sample = fill(startMs, fromMs, into, sample);
            startMs += reader.zigzag();
        }
        fill(startMs, Long.MAX_VALUE, into, sample);
    }

    /// @return the first sample not before `endMs`
    private static int fill(long startMs, long endMs, SampleColumns into, int from) {
        int sample = from;
        while (sample < into.size() && into.timestampsMs()[sample] < endMs) {
            if (startMs != 0) {
                into.setStart(sample, startMs);
            }
            sample++;
        }
        return sample;
    }

    private static void histograms(
            ByteReader reader, long[] times, int count, SampleColumns into, int from) {
        @Nullable NativeHistogram histogram = null;
        int position = -1;
        int sample = from;
        while (reader.remaining() > 0) {
            long header = reader.varint();
            position += HistogramCodec.own(header) + 1;
            if (position >= count) {
                return;
            }
            histogram = HistogramCodec.read(header, reader, histogram);
            while (sample < into.size() && into.timestampsMs()[sample] < times[position]) {
                sample++;
            }
            if (sample == into.size()) {
                return;
            }
            if (into.timestampsMs()[sample] == times[position]) {
                into.setHistogram(sample, histogram);
            }
        }
    }
}
