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
    private int samples;
    private int histograms;
    private int exemplars;
    private int metadata;
    private long newestMs = Long.MIN_VALUE;

    static RequestBody of(RemotePlan.Version version) {
        return switch (version) {
            case FIRST -> new FirstBody();
            case SECOND -> new SecondBody();
        };
    }

    final void sample(SentSeries series, long timestampMs, double value) {
        samples++;
        newestMs = Math.max(newestMs, timestampMs);
        writeSample(series, timestampMs, value);
    }

    /// @param bytes hold the message from `from` to `to`
    final void histogram(SentSeries series, long timestampMs, byte[] bytes, int from, int to) {
        histograms++;
        newestMs = Math.max(newestMs, timestampMs);
        writeHistogram(series, bytes, from, to);
    }

    final void exemplar(SentSeries series, Exemplar exemplar) {
        exemplars++;
        writeExemplar(series, exemplar);
    }

    final void countMetadata() {
        metadata++;
    }

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
        return samples;
    }

    final int histograms() {
        return histograms;
    }

    final int exemplars() {
        return exemplars;
    }

    final int metadata() {
        return metadata;
    }

    /// Samples and histograms.
    final int size() {
        return samples + histograms;
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
