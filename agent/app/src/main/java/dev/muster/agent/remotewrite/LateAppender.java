package dev.muster.agent.remotewrite;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.AppendResult;
import dev.muster.model.series.SampleAppender;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/// Appends to the head as long as nobody sends on what is stored, and to the log, too, from the
/// first scrape after somebody does. The log then knows the series that are asked for from there
/// on. Confined to one thread at a time, as every appender.
final class LateAppender implements SampleAppender {
    private final SampleAppender head;
    private final Function<SampleAppender, Optional<SampleAppender>> tapping;
    private SampleAppender out;
    private boolean tapped;

    /// @param tapping what to append to instead; empty while nobody sends
    LateAppender(SampleAppender head, Function<SampleAppender, Optional<SampleAppender>> tapping) {
        this.head = head;
        this.tapping = tapping;
        out = head;
    }

    @Override
    public void begin(long timestampMs) {
        if (!tapped) {
            Optional<SampleAppender> instead = tapping.apply(head);
            tapped = instead.isPresent();
            out = instead.orElse(head);
        }
        out.begin(timestampMs);
    }

    @Override
    public int series(Labels labels, MetricMetadata metadata) {
        return out.series(labels, metadata);
    }

    @Override
    public int find(Labels labels) {
        return out.find(labels);
    }

    @Override
    public AppendResult append(int reference, double value) {
        return out.append(reference, value);
    }

    @Override
    public AppendResult append(int reference, long timestampMs, double value) {
        return out.append(reference, timestampMs, value);
    }

    @Override
    public AppendResult append(int reference, NativeHistogram histogram) {
        return out.append(reference, histogram);
    }

    @Override
    public AppendResult append(int reference, long timestampMs, NativeHistogram histogram) {
        return out.append(reference, timestampMs, histogram);
    }

    @Override
    public void start(int reference, long startMs) {
        out.start(reference, startMs);
    }

    @Override
    public void exemplar(int reference, Exemplar exemplar) {
        out.exemplar(reference, exemplar);
    }

    @Override
    public void commit() throws IOException {
        out.commit();
    }

    @Override
    public void rollback() {
        out.rollback();
    }

    @Override
    public void close() {
        out.close();
    }
}
