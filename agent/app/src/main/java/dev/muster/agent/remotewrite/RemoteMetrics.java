package dev.muster.agent.remotewrite;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/// Meters of one store, by Prometheus' names where it has them. Thread-safe.
final class RemoteMetrics {
    private static final String STORAGE = "prometheus_remote_storage_";

    final LongAdder samples = new LongAdder();
    final LongAdder histograms = new LongAdder();
    final LongAdder exemplars = new LongAdder();
    final LongAdder metadata = new LongAdder();
    final LongAdder samplesFailed = new LongAdder();
    final LongAdder samplesRetried = new LongAdder();
    final LongAdder droppedSeries = new LongAdder();
    final LongAdder droppedHistograms = new LongAdder();
    final LongAdder droppedOld = new LongAdder();
    final LongAdder droppedLimit = new LongAdder();
    final LongAdder droppedUnknown = new LongAdder();
    final LongAdder bytes = new LongAdder();
    final LongAdder requests = new LongAdder();
    final LongAdder requestNanos = new LongAdder();
    final LongAdder damaged = new LongAdder();
    final LongAdder fallbacks = new LongAdder();
    final AtomicLong newestMs = new AtomicLong();
    final AtomicLong pending = new AtomicLong();
    final AtomicLong shards = new AtomicLong();

    /// A store and what its meters say.
    record Of(RemotePlan plan, RemoteMetrics metrics) {}

    private record Meter(
            String name, MetricType type, String help, ToDoubleFunction<RemoteMetrics> value) {}

    private static final List<Meter> METERS = meters();

    private static List<Meter> meters() {
        List<Meter> all = new ArrayList<>();
        counter(all, "samples_total", "Samples sent and taken or refused.", of -> of.samples.sum());
        counter(all, "histograms_total", "Native histograms sent.", of -> of.histograms.sum());
        counter(all, "exemplars_total", "Exemplars sent.", of -> of.exemplars.sum());
        counter(all, "metadata_total", "Metadata sent.", of -> of.metadata.sum());
        counter(
                all,
                "samples_failed_total",
                "Samples that the store refused for good.",
                of -> of.samplesFailed.sum());
        counter(
                all,
                "samples_retried_total",
                "Samples sent again after a failure.",
                of -> of.samplesRetried.sum());
        counter(all, "bytes_total", "Bytes sent, packed.", of -> of.bytes.sum());
        gauge(
                all,
                STORAGE + "samples_pending",
                "Samples in the log that are to be sent.",
                of -> of.pending.get());
        gauge(all, STORAGE + "shards", "Requests at one time now.", of -> of.shards.get());
        gauge(
                all,
                STORAGE + "queue_highest_sent_timestamp_seconds",
                "Time of the newest sample that was sent.",
                of -> of.newestMs.get() / 1e3);
        all.add(
                new Meter(
                        "muster_remote_write_requests_total",
                        MetricType.COUNTER,
                        "Requests, those that failed among them.",
                        of -> of.requests.sum()));
        all.add(
                new Meter(
                        "muster_remote_write_request_seconds_total",
                        MetricType.COUNTER,
                        "Time that requests took.",
                        of -> of.requestNanos.sum() / 1e9));
        all.add(
                new Meter(
                        "muster_remote_write_log_records_damaged_total",
                        MetricType.COUNTER,
                        "Records of the log that could not be read back.",
                        of -> of.damaged.sum()));
        all.add(
                new Meter(
                        "muster_remote_write_version_fallbacks_total",
                        MetricType.COUNTER,
                        "Times that a store did not know version 2.0, so that it gets 1.0.",
                        of -> of.fallbacks.sum()));
        return List.copyOf(all);
    }

    private static void counter(
            List<Meter> to, String name, String help, ToDoubleFunction<RemoteMetrics> value) {
        to.add(new Meter(STORAGE + name, MetricType.COUNTER, help, value));
    }

    private static void gauge(
            List<Meter> to, String name, String help, ToDoubleFunction<RemoteMetrics> value) {
        to.add(new Meter(name, MetricType.GAUGE, help, value));
    }

    static void write(List<Of> stores, ExpositionWriter out) {
        for (Meter meter : METERS) {
            out.family(meter.name, meter.type, meter.help);
            for (Of store : stores) {
                begin(out, meter.name, store).end(meter.value.applyAsDouble(store.metrics));
            }
        }
        String name = STORAGE + "samples_dropped_total";
        out.family(name, MetricType.COUNTER, "Samples of the log that were not sent, and why.");
        for (Of store : stores) {
            RemoteMetrics of = store.metrics;
            dropped(out, name, "dropped_series", store, of.droppedSeries);
            dropped(out, name, "histogram", store, of.droppedHistograms);
            dropped(out, name, "queue_limit", store, of.droppedLimit);
            dropped(out, name, "too_old", store, of.droppedOld);
            dropped(out, name, "unintentionally_dropped_series", store, of.droppedUnknown);
        }
    }

    private static ExpositionWriter begin(ExpositionWriter out, String name, Of store) {
        return out.begin(name)
                .label("remote_name", store.plan.name())
                .label("url", store.plan.url().toString());
    }

    private static void dropped(
            ExpositionWriter out, String name, String reason, Of store, LongAdder count) {
        out.begin(name)
                .label("reason", reason)
                .label("remote_name", store.plan.name())
                .label("url", store.plan.url().toString())
                .end(count.sum());
    }
}
