package dev.muster.agent.api;

import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.model.sample.MetricType;
import io.vertx.core.http.HttpVersion;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// Meters of the HTTP routes. Thread-safe.
final class ApiMetrics {
    private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> explanations = new ConcurrentSkipListMap<>();
    private final LongAdder explanationNanos = new LongAdder();
    private final LongAdder http1 = new LongAdder();
    private final LongAdder http2 = new LongAdder();
    final LongAdder refusedBusy = new LongAdder();
    final LongAdder refusedBody = new LongAdder();
    final LongAdder refusedWhy = new LongAdder();
    final LongAdder clientsGone = new LongAdder();
    final LongAdder selectBytes = new LongAdder();
    final LongAdder selectSeries = new LongAdder();
    final LongAdder cellFrames = new LongAdder();
    final LongAdder cellFrameBytes = new LongAdder();
    final AtomicLong streams = new AtomicLong();
    final PartMetrics parts = new PartMetrics();

    /// @param route one of a fixed set
    void count(String route) {
        requests.computeIfAbsent(route, _ -> new LongAdder()).increment();
    }

    void protocol(HttpVersion version) {
        (version == HttpVersion.HTTP_2 ? http2 : http1).increment();
    }

    /// @param verdict one of a fixed set
    void why(String verdict, long nanos) {
        explanations.computeIfAbsent(verdict, _ -> new LongAdder()).increment();
        explanationNanos.add(nanos);
    }

    void write(ExpositionWriter out) {
        String name = "muster_api_requests_total";
        out.family(name, MetricType.COUNTER, "Requests by route.");
        requests.forEach((route, count) -> out.sample(name, "route", route, count.sum()));
        String protocols = "muster_api_requests_by_protocol_total";
        out.family(protocols, MetricType.COUNTER, "Requests by version of HTTP.")
                .sample(protocols, "protocol", "HTTP/1.1", http1.sum())
                .sample(protocols, "protocol", "HTTP/2", http2.sum());
        writeExplanations(out);
        parts.write(out);
        counter(
                out,
                "muster_api_refused_busy_total",
                "Requests refused because too many were going on.",
                refusedBusy);
        counter(
                out,
                "muster_api_refused_body_total",
                "Requests refused because their body was too large or wrong.",
                refusedBody);
        counter(
                out,
                "muster_api_clients_gone_total",
                "Answers stopped because the client had left or was too slow.",
                clientsGone);
        counter(out, "muster_api_select_bytes_total", "Bytes of selected series.", selectBytes);
        counter(out, "muster_api_select_series_total", "Series selected.", selectSeries);
        counter(
                out,
                "muster_api_cell_frames_total",
                "Frames of the cell's state sent on streams.",
                cellFrames);
        counter(
                out,
                "muster_api_cell_frame_bytes_total",
                "Bytes of frames of the cell's state sent on streams.",
                cellFrameBytes);
        out.family("muster_api_cell_streams", MetricType.GAUGE, "Streams of the cell's state now.")
                .sample("muster_api_cell_streams", streams.get());
    }

    private void writeExplanations(ExpositionWriter out) {
        String name = "muster_why_explanations_total";
        out.family(name, MetricType.COUNTER, "Answers of /why by verdict.");
        explanations.forEach((verdict, count) -> out.sample(name, "verdict", verdict, count.sum()));
        counter(
                out,
                "muster_why_refused_busy_total",
                "Questions of /why refused because too many were being answered.",
                refusedWhy);
        String seconds = "muster_why_seconds_total";
        out.family(seconds, MetricType.COUNTER, "Time spent on answers of /why.")
                .sample(seconds, explanationNanos.sum() / 1e9);
    }

    private static void counter(ExpositionWriter out, String name, String help, LongAdder value) {
        out.family(name, MetricType.COUNTER, help).sample(name, value.sum());
    }
}
