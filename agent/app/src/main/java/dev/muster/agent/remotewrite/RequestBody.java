package dev.muster.agent.remotewrite;

import dev.muster.agent.exposition.WireWriter;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import org.xerial.snappy.Snappy;

/// A request that is being filled. Confined to one thread.
abstract sealed class RequestBody permits FirstBody, SecondBody {
    private static final byte SAMPLE = 0;
    private static final byte HISTOGRAM = 1;
    private static final byte EXEMPLAR = 2;
    private static final byte METADATA = 3;

    private final int[] counts = new int[METADATA + 1];
    private byte[] kinds = new byte[64];
    private int[] ends = new int[64];
    private int items;
    private long newestMs = Long.MIN_VALUE;

    static RequestBody of(RemotePlan.Version version) {
        return switch (version) {
            case FIRST -> new FirstBody();
            case SECOND -> new SecondBody();
        };
    }

    final void sample(SentSeries series, long timestampMs, double value) {
        newestMs = Math.max(newestMs, timestampMs);
        writeSample(series, timestampMs, value);
        mark(SAMPLE, items().size());
    }

    /// @param bytes hold the message from `from` to `to`
    final void histogram(SentSeries series, long timestampMs, byte[] bytes, int from, int to) {
        newestMs = Math.max(newestMs, timestampMs);
        writeHistogram(series, bytes, from, to);
        mark(HISTOGRAM, items().size());
    }

    final void exemplar(SentSeries series, Exemplar exemplar) {
        writeExemplar(series, exemplar);
        mark(EXEMPLAR, items().size());
    }

    final void countMetadata() {
        mark(METADATA, items().size());
    }

    private void mark(byte kind, int end) {
        if (items == ends.length) {
            ends = Arrays.copyOf(ends, 2 * items);
            kinds = Arrays.copyOf(kinds, 2 * items);
        }
        kinds[items] = kind;
        ends[items++] = end;
        counts[kind]++;
    }

    /// The items from one number to another as a request of their own: each is a whole message.
    final RequestBody part(int from, int to) {
        RequestBody part = empty();
        int start = from == 0 ? 0 : ends[from - 1];
        part.items().raw(items().buffer(), start, ends[to - 1]);
        for (int i = from; i < to; i++) {
            part.mark(kinds[i], ends[i] - start);
        }
        part.newestMs = newestMs;
        return part;
    }

    /// Samples, histograms, exemplars and metadata.
    final int itemCount() {
        return items;
    }

    /// A request without items in which items of this one mean the same.
    abstract RequestBody empty();

    /// The items, one after the other.
    abstract WireWriter items();

    abstract void writeSample(SentSeries series, long timestampMs, double value);

    abstract void writeHistogram(SentSeries series, byte[] bytes, int from, int to);

    abstract void writeExemplar(SentSeries series, Exemplar exemplar);

    /// The whole message.
    abstract WireWriter message();

    /// What headers say of it.
    abstract Map<String, String> headers();

    /// The message, packed with Snappy.
    final byte[] packed() {
        WireWriter message = message();
        try {
            byte[] packed = new byte[Snappy.maxCompressedLength(message.size())];
            int size = Snappy.compress(message.buffer(), 0, message.size(), packed, 0);
            return Arrays.copyOf(packed, size);
        } catch (IOException e) {
            throw new UncheckedIOException("snappy must pack what fits into memory", e);
        }
    }

    final int samples() {
        return counts[SAMPLE];
    }

    final int histograms() {
        return counts[HISTOGRAM];
    }

    final int exemplars() {
        return counts[EXEMPLAR];
    }

    final int metadata() {
        return counts[METADATA];
    }

    /// Samples and histograms.
    final int size() {
        return counts[SAMPLE] + counts[HISTOGRAM];
    }

    /// Time of the newest sample; [Long#MIN_VALUE] if there is none.
    final long newestMs() {
        return newestMs;
    }

    /// The number of a type, in both versions.
    static int type(MetricType type) {
        return switch (type) {
            case UNKNOWN -> 0;
            case COUNTER -> 1;
            case GAUGE -> 2;
            case HISTOGRAM -> 3;
            case GAUGE_HISTOGRAM -> 4;
            case SUMMARY -> 5;
            case INFO -> 6;
            case STATE_SET -> 7;
        };
    }
}
