package dev.muster.agent.intake.otlp;

import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.intake.Intake;
import dev.muster.agent.intake.IntakeFault;
import dev.muster.agent.intake.IntakeReceipt;
import dev.muster.agent.intake.PushBatch;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import java.util.Map;

/// Where the points of a request go: a batch, which is handed on whenever it is full. Confined to
/// one thread.
final class OtlpSink {
    private final Intake intake;
    private final PushBatch batch;
    private final IntakeReceipt receipt;
    private long newestMs;

    OtlpSink(Intake intake, PushBatch batch, IntakeReceipt receipt) {
        this.intake = intake;
        this.batch = batch;
        this.receipt = receipt;
    }

    /// Labels of one series more of a point.
    static Labels labels(Map<String, String> labels, String name) {
        return labels(labels, name, "", "");
    }

    static Labels labels(Map<String, String> labels, String metric, String label, String value) {
        Labels.Builder builder = Labels.builder();
        labels.forEach(builder::set);
        if (!label.isEmpty()) {
            builder.set(label, value);
        }
        return builder.set(Labels.METRIC, metric).build();
    }

    /// @return the number of the series, for exemplars until the next [#endPoint]
    int sample(Labels labels, MetricMetadata about, long timeMs, double value, long startMs) {
        int series = batch.series(labels, about);
        batch.sample(series, timeMs, value, startMs);
        newestMs = Math.max(newestMs, timeMs);
        return series;
    }

    int histogram(
            Labels labels,
            MetricMetadata about,
            long timeMs,
            NativeHistogram histogram,
            long startMs) {
        int series = batch.series(labels, about);
        batch.histogram(series, timeMs, histogram, startMs);
        newestMs = Math.max(newestMs, timeMs);
        return series;
    }

    void exemplar(int series, Exemplar exemplar) {
        batch.exemplar(series, exemplar);
    }

    void refuse(IntakeFault fault, String why) {
        receipt.refuse(fault, why);
    }

    /// A point is whole.
    void endPoint() throws PushRefusedException {
        if (batch.full()) {
            flush();
        }
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

    /// Time of the newest sample since it was asked last; 0 if there was none.
    long takeNewestMs() {
        long newest = newestMs;
        newestMs = 0;
        return newest;
    }
}
