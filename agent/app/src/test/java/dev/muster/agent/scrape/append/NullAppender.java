package dev.muster.agent.scrape.append;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.AppendResult;
import dev.muster.model.series.SampleAppender;

/// Takes samples and keeps only their sum, so that nothing but the scrape is measured.
final class NullAppender implements SampleAppender {
    private int references;
    private double sum;

    double sum() {
        return sum;
    }

    @Override
    public void begin(long timestampMs) {}

    @Override
    public int series(Labels labels, MetricMetadata metadata) {
        return references++;
    }

    @Override
    public AppendResult append(int reference, double value) {
        sum += value;
        return AppendResult.APPENDED;
    }

    @Override
    public AppendResult append(int reference, long timestampMs, double value) {
        sum += value;
        return AppendResult.APPENDED;
    }

    @Override
    public AppendResult append(int reference, NativeHistogram histogram) {
        sum += histogram.count();
        return AppendResult.APPENDED;
    }

    @Override
    public AppendResult append(int reference, long timestampMs, NativeHistogram histogram) {
        sum += histogram.count();
        return AppendResult.APPENDED;
    }

    @Override
    public void start(int reference, long startMs) {}

    @Override
    public void exemplar(int reference, Exemplar exemplar) {}

    @Override
    public void commit() {}

    @Override
    public void rollback() {}

    @Override
    public void close() {}
}
