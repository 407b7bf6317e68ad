package dev.muster.agent.intake.remote;

import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ExpositionLimits;
import dev.muster.agent.exposition.WireReader;
import dev.muster.agent.exposition.WrittenHistogram;
import dev.muster.agent.intake.Intake;
import dev.muster.agent.intake.IntakeFault;
import dev.muster.agent.intake.IntakeReceipt;
import dev.muster.agent.intake.PushBatch;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.Staleness;
import org.jspecify.annotations.Nullable;

/// What the readers of both versions have in common: samples and histograms into a batch, which is
/// handed on whenever it is full. Confined to one thread.
abstract class SeriesReader {
    static final ExpositionLimits LIMITS = ExpositionLimits.DEFAULT;

    /// Most labels of an exemplar, whose texts may have 128 characters in OpenMetrics.
    static final int EXEMPLAR_LABELS = 32;

    private final Intake intake;
    final PushBatch batch;
    final IntakeReceipt receipt;
    final WrittenHistogram histogram = new WrittenHistogram(LIMITS);
    private final WireReader sample = new WireReader();

    SeriesReader(Intake intake, PushBatch batch, IntakeReceipt receipt) {
        this.intake = intake;
        this.batch = batch;
        this.receipt = receipt;
    }

    /// Hands on what there is.
    ///
    /// @return the number that the series has from now on, of which more samples may come
    int handOn(int series) throws PushRefusedException {
        Labels labels = batch.labels(series);
        MetricMetadata metadata = batch.metadata(series);
        flush();
        return batch.series(labels, metadata);
    }

    void flush() throws PushRefusedException {
        try {
            if (!batch.isEmpty()) {
                intake.accept(batch, receipt);
            }
        } finally {
            // what could not be stored is not tried again here
            batch.clear();
        }
    }

    /// Adds a `Sample` message.
    void sample(int series, byte[] bytes, int from, int to, long seriesStartMs)
            throws ExpositionException {
        double value = 0;
        long timestampMs = 0;
        long startMs = seriesStartMs;
        sample.reset(bytes, from, to);
        while (sample.next()) {
            switch (sample.field()) {
                case 1 -> value = sample.real();
                case 2 -> timestampMs = sample.number();
                case 3 -> startMs = sample.number();
                default -> sample.skip();
            }
        }
        batch.sample(series, timestampMs, value, startMs);
    }

    /// Adds a `Histogram` message; one that makes no sense is refused alone.
    void histogram(int series, byte[] bytes, int from, int to, long seriesStartMs)
            throws ExpositionException {
        histogram.read(bytes, from, to);
        if (histogram.isStale()) {
            batch.sample(series, histogram.timestampMs(), Staleness.STALE, 0);
            return;
        }
        long startMs = histogram.startMs() != 0 ? histogram.startMs() : seriesStartMs;
        try {
            batch.histogram(series, histogram.timestampMs(), histogram.build(), startMs);
        } catch (ExpositionException e) {
            receipt.refuse(IntakeFault.VALUE, batch.labels(series) + ": " + e.getMessage());
        }
    }

    /// Labels of names and values; null, and refused, if they are none.
    @Nullable Labels labels(String[] pairs, int size) {
        Labels.Builder labels = Labels.builder();
        for (int i = 0; i < size; i += 2) {
            if (pairs[i].isEmpty()) {
                receipt.refuse(IntakeFault.LABELS, "label name must not be empty");
                return null;
            }
            if (labels.get(pairs[i]) != null) {
                receipt.refuse(
                        IntakeFault.LABELS,
                        "label name must be unique within a series: found=" + pairs[i]);
                return null;
            }
            labels.set(pairs[i], pairs[i + 1]);
        }
        return labels.build();
    }

    /// The type that the number stands for, in both versions.
    static MetricType type(long number) {
        return switch ((int) number) {
            case 1 -> MetricType.COUNTER;
            case 2 -> MetricType.GAUGE;
            case 3 -> MetricType.HISTOGRAM;
            case 4 -> MetricType.GAUGE_HISTOGRAM;
            case 5 -> MetricType.SUMMARY;
            case 6 -> MetricType.INFO;
            case 7 -> MetricType.STATE_SET;
            default -> MetricType.UNKNOWN;
        };
    }
}
