package dev.muster.agent.intake.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.agent.door.Door;
import dev.muster.agent.door.DoorPlan;
import dev.muster.agent.door.PushRoute;
import dev.muster.agent.intake.IntakeRig;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The OpenTelemetry SDK as sender.
class OtlpSenderTest {
    private static <T> T join(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anSdkSendsWhatItCounts(boolean deltas, @TempDir Path directory) throws Exception {
        Vertx vertx = Vertx.vertx();
        try (IntakeRig rig = new IntakeRig(directory)) {
            rig.nowMs.set(System.currentTimeMillis());
            OtlpMetrics otlp = new OtlpMetrics(rig.intake, OtlpPlan.DEFAULT);
            Door door =
                    new Door(
                            vertx,
                            new DoorPlan(
                                    Optional.empty(), 1 << 20, 2 << 20, Duration.ofSeconds(5), 4));
            Router router = Router.router(vertx);
            door.route(
                    router, PushRoute.of("POST", "/v1/metrics", "otlp"), () -> Optional.of(otlp));
            HttpServer server =
                    join(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
            send("http://127.0.0.1:" + server.actualPort() + "/v1/metrics", deltas);
            String rest = "host=\"h1\", job=\"shop\"";
            List<Double> counted =
                    rig.samples()
                            .getOrDefault("orders_total{color=\"red\", " + rest + "}", List.of());
            assertThat(counted.getLast()).isEqualTo(5);
            assertThat(rig.samples())
                    .hasEntrySatisfying(
                            "latency_seconds_count{" + rest + "}",
                            counts -> assertThat(counts.getLast()).isEqualTo(1));
            assertThat(rig.samples().keySet().toString())
                    .contains("latency_seconds_bucket{" + rest + ", le=\"+Inf\"}")
                    .contains("target_info{");
        } finally {
            join(vertx.close());
        }
    }

    private static void send(String url, boolean deltas) {
        OtlpHttpMetricExporter exporter =
                OtlpHttpMetricExporter.builder()
                        .setEndpoint(url)
                        .setCompression("gzip")
                        .setAggregationTemporalitySelector(
                                deltas
                                        ? AggregationTemporalitySelector.deltaPreferred()
                                        : AggregationTemporalitySelector.alwaysCumulative())
                        .build();
        try (SdkMeterProvider provider =
                SdkMeterProvider.builder()
                        .setResource(
                                Resource.getDefault()
                                        .merge(
                                                Resource.create(
                                                        Attributes.of(
                                                                AttributeKey.stringKey(
                                                                        "service.name"),
                                                                "shop"))))
                        .registerMetricReader(
                                PeriodicMetricReader.builder(exporter)
                                        .setInterval(Duration.ofHours(1))
                                        .build())
                        .build()) {
            Meter meter = provider.get("test");
            Attributes red = Attributes.of(AttributeKey.stringKey("color"), "red");
            meter.counterBuilder("orders").build().add(2, red);
            meter.histogramBuilder("latency").setUnit("s").build().record(0.2);
            await().until(() -> flushed(provider));
            meter.counterBuilder("orders").build().add(3, red);
            await().until(() -> flushed(provider));
        }
    }

    /// The SDK refuses to send while it tidies up after the last time.
    private static boolean flushed(SdkMeterProvider provider) {
        return provider.forceFlush().join(10, TimeUnit.SECONDS).isSuccess();
    }
}
