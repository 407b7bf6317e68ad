package dev.muster.agent.remotewrite;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import java.io.IOException;

/// Hands on what series there are, and none of their samples, which were sent before.
///
/// @param target takes the series
record Definitions(LogRecord.Items target) implements LogRecord.Items {
    @Override
    public void series(int reference, Labels labels, MetricMetadata metadata) throws IOException {
        target.series(reference, labels, metadata);
    }

    @Override
    public void start(int reference, long startMs) throws IOException {
        target.start(reference, startMs);
    }

    @Override
    public void sample(int reference, long timestampMs, double value) {
        // was sent
    }

    @Override
    public void histogram(int reference, long timestampMs, int from, int to) {
        // was sent
    }

    @Override
    public void exemplar(int reference, Exemplar exemplar) {
        // was sent
    }
}
