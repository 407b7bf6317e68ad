package dev.muster.agent.intake.statsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.timgroup.statsd.Event;
import com.timgroup.statsd.NonBlockingStatsDClientBuilder;
import com.timgroup.statsd.StatsDClient;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.intake.IntakeRig;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.SampleColumns;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The DogStatsD client for Java as sender.
class StatsdSenderTest {
    private static final String REST = "host=\"h1\", job=\"statsd\", zone=\"a\"}";

    @TempDir Path directory;

    private StatsdListener listener(IntakeRig rig) throws Exception {
        return new StatsdListener(
                new StatsdPlan("127.0.0.1", 0, 500, Duration.ofMinutes(5)),
                rig.intake,
                () -> Instant.ofEpochMilli(rig.nowMs.get()));
    }

    private static NonBlockingStatsDClientBuilder client(StatsdListener statsd) throws Exception {
        return new NonBlockingStatsDClientBuilder()
                .prefix("shop")
                .hostname("127.0.0.1")
                .port(statsd.port())
                .constantTags("zone:a")
                .originDetectionEnabled(false)
                .enableTelemetry(false);
    }

    private static String metrics(StatsdListener statsd) {
        ExpositionWriter out = new ExpositionWriter();
        statsd.writeMetrics(out);
        return new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8);
    }

    /// Whether the client adds up before it sends or not, the sums are what was counted.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void storesWhatAClientCounts(boolean aggregating) throws Exception {
        try (IntakeRig rig = new IntakeRig(directory);
                StatsdListener statsd = listener(rig)) {
            try (StatsDClient client = client(statsd).enableAggregation(aggregating).build()) {
                count(client);
                await().untilAsserted(() -> {
                    rig.nowMs.addAndGet(1_001);
                    assertThat(rig.samples().keySet())
                            .contains(
                                    "shop_orders{color=\"red\", " + REST,
                                    "shop_users{" + REST,
                                    "shop_queue{" + REST,
                                    "shop_visits{" + REST);
                    assertThat(last(rig, "shop_orders{color=\"red\", " + REST)).isEqualTo(200);
                    assertThat(rig.columns("shop_latency").size()).isPositive();
                });
            }
            assertThat(last(rig, "shop_visits{" + REST)).isEqualTo(1);
            assertThat(last(rig, "shop_queue{" + REST)).isEqualTo(7.5);
            SampleColumns columns = rig.columns("shop_latency");
            NativeHistogram latency = Objects.requireNonNull(columns.histogram(columns.size() - 1));
            assertThat(latency.count()).isEqualTo(2);
            assertThat(latency.sum()).isEqualTo(1.25);
            assertThat(metrics(statsd)).contains("muster_statsd_malformed_total 0\n");
        }
    }

    private static void count(StatsDClient client) {
        for (int i = 0; i < 100; i++) {
            client.count("orders", 2, "color:red");
        }
        client.incrementCounter("visits");
        client.recordGaugeValue("queue", 7.5);
        client.recordExecutionTime("latency", 250);
        client.recordExecutionTime("latency", 1_000);
        client.recordHistogramValue("size", 12);
        client.recordDistributionValue("spread", 3);
        client.recordSetValue("users", "ann");
        client.recordSetValue("users", "bob");
    }

    private static double last(IntakeRig rig, String series) throws Exception {
        return rig.samples().getOrDefault(series, List.of(Double.NaN)).getLast();
    }

    /// What is no metric is not taken for one.
    @Test
    void countsEventsAndServiceChecksAsLinesThatAreNone() throws Exception {
        try (IntakeRig rig = new IntakeRig(directory);
                StatsdListener statsd = listener(rig);
                StatsDClient client = client(statsd).build()) {
            client.recordEvent(Event.builder().withTitle("t").withText("x").build());
            await().until(() -> metrics(statsd).contains("muster_statsd_malformed_total 1\n"));
            assertThat(rig.samples()).isEmpty();
        }
    }
}
