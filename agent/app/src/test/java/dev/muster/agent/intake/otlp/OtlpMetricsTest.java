package dev.muster.agent.intake.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.door.PushAnswer;
import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.intake.IntakeRig;
import dev.muster.agent.intake.Proto;
import dev.muster.model.histogram.NativeHistogram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtlpMetricsTest {
    private static final long NOW = IntakeRig.NOW_MS;
    private static final long NANOS = NOW * 1_000_000;

    @TempDir Path directory;
    private IntakeRig rig;
    private OtlpMetrics otlp;

    @BeforeEach
    void open() throws IOException {
        rig = new IntakeRig(directory.resolve("head"));
        otlp = new OtlpMetrics(rig.intake, OtlpPlan.DEFAULT);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static Consumer<Proto> attribute(String key, String value) {
        return pair -> pair.text(1, key).message(2, any -> any.text(1, value));
    }

    private static byte[] request(Consumer<Proto> scope) {
        return Proto.of(p ->
                p.message(
                        1,
                        resource ->
                                resource.message(
                                                1,
                                                r ->
                                                        r.message(
                                                                        1,
                                                                        attribute(
                                                                                "service.name",
                                                                                "shop"))
                                                                .message(
                                                                        1,
                                                                        attribute(
                                                                                "service.instance.id",
                                                                                "i1"))
                                                                .message(
                                                                        1,
                                                                        attribute(
                                                                                "host.name", "n1")))
                                        .message(2, scope)));
    }

    private PushAnswer push(Consumer<Proto> metric) throws PushRefusedException {
        return otlp.handle(IntakeRig.request(request(scope -> scope.message(2, metric))));
    }

    private static Consumer<Proto> point(long timeNanos, Consumer<Proto> value) {
        return p -> {
            p.fixed(2, NANOS - 60_000_000_000L).fixed(3, timeNanos);
            value.accept(p);
        };
    }

    @Test
    void aSumBecomesACounterWithSuffixes() throws Exception {
        PushAnswer answer =
                push(m ->
                        m.text(1, "http.server.sent")
                                .text(2, "Sent.")
                                .text(3, "By")
                                .message(
                                        7,
                                        sum ->
                                                sum.message(
                                                                1,
                                                                point(
                                                                        NANOS,
                                                                        p ->
                                                                                p.fixed(6, 12)
                                                                                        .message(
                                                                                                7,
                                                                                                attribute(
                                                                                                        "http.route",
                                                                                                        "/a"))))
                                                        .number(2, 2)
                                                        .number(3, 1)));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(rig.samples())
                .containsEntry(
                        "http_server_sent_bytes_total{host=\"h1\", http_route=\"/a\","
                                + " instance=\"i1\", job=\"shop\"}",
                        List.of(12.0))
                .containsEntry(
                        "target_info{host=\"h1\", host_name=\"n1\", instance=\"i1\", job=\"shop\"}",
                        List.of(1.0));
        assertThat(rig.columns("http_server_sent_bytes_total").startMs(0)).isEqualTo(NOW - 60_000);
    }

    private PushAnswer delta(long timeMs, double value) throws PushRefusedException {
        return push(m ->
                m.text(1, "d")
                        .message(
                                7,
                                sum ->
                                        sum.message(
                                                        1,
                                                        point(
                                                                timeMs * 1_000_000,
                                                                p -> p.real(4, value)))
                                                .number(2, 1)
                                                .number(3, 1)));
    }

    @Test
    void sumsDeltasUp() throws Exception {
        delta(NOW - 2_000, 3);
        delta(NOW - 1_000, 4);
        assertThat(delta(NOW - 1_000, 4).body()).isNotEmpty();
        delta(NOW, 5);
        assertThat(rig.samples().get("d_total{host=\"h1\", instance=\"i1\", job=\"shop\"}"))
                .containsExactly(3.0, 7.0, 12.0);
    }

    private static void histogram(Proto m) {
        m.text(1, "latency")
                .text(3, "s")
                .message(
                        9,
                        h ->
                                h.message(
                                                1,
                                                point(
                                                        NANOS,
                                                        p ->
                                                                p.fixed(4, 6)
                                                                        .real(5, 7.5)
                                                                        .packedFixed(6, 1, 2, 3)
                                                                        .packedReal(7, 0.5, 10)
                                                                        .message(
                                                                                8,
                                                                                e ->
                                                                                        e.fixed(
                                                                                                        2,
                                                                                                        NANOS)
                                                                                                .real(
                                                                                                        3,
                                                                                                        2)
                                                                                                .bytes(
                                                                                                        5,
                                                                                                        new byte
                                                                                                                [16]))))
                                        .number(2, 2));
    }

    @Test
    void aHistogramBecomesASeriesForEachBucket() throws Exception {
        push(OtlpMetricsTest::histogram);
        String rest = "host=\"h1\", instance=\"i1\", job=\"shop\"";
        assertThat(rig.samples())
                .containsEntry("latency_seconds_bucket{" + rest + ", le=\"0.5\"}", List.of(1.0))
                .containsEntry("latency_seconds_bucket{" + rest + ", le=\"10\"}", List.of(3.0))
                .containsEntry("latency_seconds_bucket{" + rest + ", le=\"+Inf\"}", List.of(6.0))
                .containsEntry("latency_seconds_count{" + rest + "}", List.of(6.0))
                .containsEntry("latency_seconds_sum{" + rest + "}", List.of(7.5));
        assertThat(rig.metrics()).contains("muster_intake_exemplars_total 1");
    }

    @Test
    void aHistogramBecomesOneWithCustomBucketsWhereItIsWanted() throws Exception {
        otlp =
                new OtlpMetrics(
                        rig.intake,
                        new OtlpPlan(NameStrategy.AS_THEY_ARE, List.of("host.name"), true, 10));
        push(OtlpMetricsTest::histogram);
        NativeHistogram stored = Objects.requireNonNull(rig.columns("latency").histogram(0));
        assertThat(stored.customBounds()).containsExactly(0.5, 10);
        assertThat(rig.samples().keySet().toString()).contains("\"host.name\"=\"n1\"");
    }

    @Test
    void anExponentialHistogramBecomesANativeOne() throws Exception {
        push(m ->
                m.text(1, "e")
                        .message(
                                10,
                                h ->
                                        h.message(
                                                        1,
                                                        point(
                                                                NANOS,
                                                                p ->
                                                                        p.fixed(4, 7)
                                                                                .real(5, 9)
                                                                                .signed(6, 2)
                                                                                .fixed(7, 1)
                                                                                .message(
                                                                                        8,
                                                                                        b ->
                                                                                                b.signed(
                                                                                                                1,
                                                                                                                -1)
                                                                                                        .packed(
                                                                                                                2,
                                                                                                                4,
                                                                                                                0,
                                                                                                                2))))
                                                .number(2, 2)));
        NativeHistogram stored = Objects.requireNonNull(rig.columns("e").histogram(0));
        assertThat(stored.schema()).isEqualTo(2);
        assertThat(stored.positive().toString()).isEqualTo("{0:4.0, 2:2.0}");
        assertThat(stored.zeroCount()).isEqualTo(1);
    }

    @Test
    void readsJson() throws Exception {
        String json =
                """
                {"resourceMetrics":[{"resource":{"attributes":[
                  {"key":"service.name","value":{"stringValue":"shop"}},
                  {"key":"n","value":{"intValue":"7"}}]},
                 "scopeMetrics":[{"scope":{"name":"x"},"metrics":[
                  {"name":"temp","unit":"Cel","gauge":{"dataPoints":[
                    {"timeUnixNano":"%d","asDouble":21.5,"attributes":[
                      {"key":"deep","value":{"arrayValue":{"values":[{"boolValue":true},{"stringValue":"q"}]}}}]}]}},
                  {"name":"s","summary":{"dataPoints":[
                    {"timeUnixNano":"%d","count":"4","sum":8,"quantileValues":[{"quantile":0.9,"value":3}]}]}}]}]}]}
                """
                        .formatted(NANOS, NANOS);
        PushAnswer answer =
                otlp.handle(
                        IntakeRig.request(
                                json.getBytes(StandardCharsets.UTF_8),
                                "Content-Type",
                                "application/json; charset=utf-8"));
        assertThat(answer.text()).isEqualTo("{}");
        assertThat(rig.samples())
                .containsEntry(
                        "temp_celsius{deep=\"[true,\\\"q\\\"]\", host=\"h1\", job=\"shop\"}",
                        List.of(21.5))
                .containsEntry("s{host=\"h1\", job=\"shop\", quantile=\"0.9\"}", List.of(3.0))
                .containsEntry("target_info{host=\"h1\", job=\"shop\", n=\"7\"}", List.of(1.0));
        PushAnswer wrong =
                otlp.handle(
                        IntakeRig.request(
                                "{\"resourceMetrics\":[4]}".getBytes(StandardCharsets.UTF_8),
                                "Content-Type",
                                "application/json"));
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text()).startsWith("{\"code\":3,\"message\":\"request must be OTLP");
    }

    @ParameterizedTest
    @CsvSource({
        "UnderscoreEscapingWithSuffixes, http.requests, 1, true, http_requests_total",
        "UnderscoreEscapingWithSuffixes, sent, By/s, false, sent_bytes_per_second",
        "UnderscoreEscapingWithSuffixes, 2x.total, {calls}, true, _2x_total",
        "UnderscoreEscapingWithSuffixes, queue.ms, ms, false, queue_ms_milliseconds",
        "UnderscoreEscapingWithoutSuffixes, a..b_c, s, true, a_b_c",
        "NoUTF8EscapingWithSuffixes, a.b, s, true, a.b_seconds_total",
        "NoTranslation, a.b, s, true, a.b"
    })
    void namesMetricsAsPrometheusDoes(
            String strategy, String name, String unit, boolean counter, String expected) {
        OtlpNames names = new OtlpNames(NameStrategy.of(strategy).orElseThrow());
        assertThat(names.metric(name, unit, counter, false)).isEqualTo(expected);
    }

    @Test
    void survivesBytesOfAnyKind() throws Exception {
        byte[] good =
                request(scope ->
                        scope.message(2, OtlpMetricsTest::histogram)
                                .message(
                                        2,
                                        m ->
                                                m.text(1, "g")
                                                        .message(
                                                                5,
                                                                g ->
                                                                        g.message(
                                                                                1,
                                                                                point(
                                                                                        NANOS,
                                                                                        p ->
                                                                                                p
                                                                                                        .real(
                                                                                                                4,
                                                                                                                1))))));
        long seed = Long.getLong("seed", 20_262);
        Random random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            byte[] bytes = good.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            boolean json = random.nextInt(4) == 0;
            assertThat(
                            otlp.handle(
                                            IntakeRig.request(
                                                    bytes,
                                                    "Content-Type",
                                                    json
                                                            ? "application/json"
                                                            : "application/x-protobuf"))
                                    .status())
                    .as("seed=%d round=%d", seed, round)
                    .isIn(200, 400);
        }
    }
}
