package dev.muster.query;

import dev.muster.federation.member.Cause;
import dev.muster.federation.member.Member;
import dev.muster.federation.member.ServiceState;
import dev.muster.federation.member.Upness;
import dev.muster.federation.view.CellView;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.series.SeriesExemplars;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A cell of three agents for tests of the whole node: `a1` answers, `a2` is up but hangs up, `a3`
/// is down. The samples lie at a fixed time, `t0` and every 15 s after it; `fresh` is of now.
public final class FakeFleet implements QuarkusTestResourceLifecycleManager {
    /// 2026-01-01T00:00:00Z
    public static final long T0_MS = 1_767_225_600_000L;

    static final long STEP_MS = 15_000;
    static final int SAMPLES = 241;

    private Optional<FakeAgent> agent = Optional.empty();

    @Override
    public Map<String, String> start() {
        try {
            FakeAgent started = new FakeAgent(series(), this::view);
            started.answer(
                    "/api/v1/agent/status",
                    """
                    {"host":"a1","series":7,"samplesPerSecond":3.5,"blocksShipped":2}\
                    """);
            started.answer(
                    "/api/v1/targets",
                    """
                    {"status":"success","data":{"activeTargets":[{"labels":{"job":"node"},\
                    "scrapePool":"node","health":"up"}],"droppedTargets":[],\
                    "droppedTargetCounts":{"node":2}}}\
                    """);
            started.exemplars(exemplars());
            started.answer(
                    "/api/v1/why",
                    "{\"status\":\"success\",\"data\":{\"verdict\":\"CANNOT_CONNECT\"}}");
            agent = Optional.of(started);
            return Map.of(
                    "muster.query.agents",
                    started.url().toString(),
                    // the build gives tests properties such as muster.root, which are no settings
                    "smallrye.config.mapping.validate-unknown",
                    "false");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        agent.ifPresent(FakeAgent::close);
    }

    private static List<SeriesExemplars> exemplars() {
        Labels trace = Labels.of("trace_id", "4bf92f3577b34da6");
        return List.of(
                new SeriesExemplars(
                        Labels.of("__name__", "http_requests_total", "code", "500"),
                        List.of(
                                new Exemplar(trace, 1, T0_MS + 1_479),
                                new Exemplar(Labels.of(), 0.25, T0_MS + 9_000))),
                new SeriesExemplars(
                        Labels.of("__name__", "latency_seconds_bucket", "le", "+Inf"),
                        List.of(new Exemplar(trace, Double.POSITIVE_INFINITY, T0_MS))));
    }

    private CellView view() {
        String url = agent.map(running -> running.url().toString()).orElse("");
        ServiceState good = ServiceState.own("node", "a1:9100", true, "", T0_MS);
        ServiceState bad = ServiceState.own("demo", "a1:9660", false, "connection refused", T0_MS);
        ServiceState gone = ServiceState.own("node", "a3:9100", false, "agent down", T0_MS);
        return new CellView(
                "c1",
                "a1",
                7,
                List.of(
                        member("a1", url, new Upness.Up(T0_MS), List.of(good, bad)),
                        member(
                                "a3",
                                "http://127.0.0.1:1",
                                new Upness.Down(T0_MS + 1_800_000, Cause.AGENT_DOWN),
                                List.of(gone))),
                false,
                1,
                true,
                System.currentTimeMillis());
    }

    private static Member member(
            String host, String url, Upness upness, List<ServiceState> services) {
        return new Member(host, url, 1, upness, services, T0_MS, 1, 1);
    }

    static MemorySource series() {
        MemorySource source = new MemorySource();
        Labels counter = Labels.of("__name__", "http_requests_total", "job", "demo", "code", "200");
        Labels errors = Labels.of("__name__", "http_requests_total", "job", "demo", "code", "500");
        Labels up = Labels.of("__name__", "up", "job", "node", "instance", "a1:9100", "host", "a1");
        Labels odd = Labels.of("__name__", "odd", "http.status", "418", "note", "a \"b\" <ä>\n");
        Labels bucket = Labels.of("__name__", "latency_seconds_bucket", "le", "+Inf");
        source.describe(
                counter,
                new MetricMetadata(MetricType.COUNTER, "", "Requests that were answered."));
        source.describe(up, new MetricMetadata(MetricType.GAUGE, "", ""));
        source.describe(
                bucket, new MetricMetadata(MetricType.HISTOGRAM, "seconds", "Time of requests."));
        for (int i = 0; i < SAMPLES; i++) {
            long timeMs = T0_MS + i * STEP_MS;
            source.add(counter, timeMs, 10.0 * i);
            source.add(errors, timeMs, 0.5 * i);
            source.add(up, timeMs, 1);
            source.add(odd, timeMs, i % 2 == 0 ? Double.POSITIVE_INFINITY : 1e-7);
        }
        long nowMs = System.currentTimeMillis();
        for (int i = -40; i < 400; i++) {
            source.add(Labels.of("__name__", "fresh"), nowMs + i * STEP_MS, 5);
            source.add(counter, nowMs + i * STEP_MS, 10_000 + i);
            source.add(bucket, nowMs + i * STEP_MS, 10_000 + i);
        }
        return source;
    }
}
