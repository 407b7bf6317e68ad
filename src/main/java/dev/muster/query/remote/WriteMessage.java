package dev.muster.query.remote;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/// A request of Prometheus' remote write 1.0 that is being filled. Owned by one thread.
public final class WriteMessage {
    private final WireWriter message = new WireWriter();
    private final WireWriter one = new WireWriter();
    private final SeriesMessages messages = new SeriesMessages();
    private final SampleColumns columns = new SampleColumns();
    private int samples;

    /// Adds a sample of a series.
    ///
    /// @param histogram null where the value is a number
    public void add(
            Labels labels, long timestampMs, double value, @Nullable NativeHistogram histogram) {
        columns.clear();
        if (histogram == null) {
            columns.append(timestampMs, value);
        } else {
            columns.append(timestampMs, histogram);
        }
        one.clear();
        messages.series(labels, columns, one);
        message.message(1, one);
        samples++;
    }

    /// How many samples were added.
    public int samples() {
        return samples;
    }

    /// Size before it is packed.
    public int sizeBytes() {
        return message.size();
    }

    /// The body of the request, packed with Snappy.
    public byte[] packed() {
        try {
            return Snappy.compress(message.toBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("snappy must pack what fits into memory", e);
        }
    }
}
