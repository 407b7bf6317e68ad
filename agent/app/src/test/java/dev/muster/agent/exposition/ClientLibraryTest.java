package dev.muster.agent.exposition;

import static dev.muster.agent.exposition.ExpositionFormat.OPENMETRICS_TEXT;
import static dev.muster.agent.exposition.ExpositionFormat.PROMETHEUS_PROTOBUF;
import static dev.muster.agent.exposition.ExpositionFormat.PROMETHEUS_TEXT;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.exposition.Bodies.Whole;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricType;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusProtobufWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Reads what Prometheus' own client library for Java writes in its three formats.
class ClientLibraryTest {
    private static final MetricSnapshots SNAPSHOTS =
            new MetricSnapshots(counter(), gauge(), summary(), classic(), both(), info());

    private static io.prometheus.metrics.model.snapshots.Labels labels(String... pairs) {
        return io.prometheus.metrics.model.snapshots.Labels.of(pairs);
    }

    private static io.prometheus.metrics.model.snapshots.Exemplar exemplar(double value) {
        return io.prometheus.metrics.model.snapshots.Exemplar.builder()
                .value(value)
                .traceId("abc")
                .spanId("def")
                .timestampMillis(1_700_000_000_123L)
                .build();
    }

    private static MetricSnapshot counter() {
        return CounterSnapshot.builder()
                .name("requests_seconds")
                .unit(Unit.SECONDS)
                .help("a \"help\" of\ntwo lines")
                .dataPoint(
                        CounterSnapshot.CounterDataPointSnapshot.builder()
                                .labels(labels("path", "/ä\"\\\n", "code", "200"))
                                .value(17.25)
                                .exemplar(exemplar(0.5))
                                .createdTimestampMillis(1_600_000_000_001L)
                                .build())
                .dataPoint(
                        CounterSnapshot.CounterDataPointSnapshot.builder()
                                .labels(labels("code", "500"))
                                .value(1e300)
                                .createdTimestampMillis(1_600_000_000_002L)
                                .build())
                .build();
    }

    private static MetricSnapshot gauge() {
        return GaugeSnapshot.builder()
                .name("temperature.now")
                .dataPoint(
                        GaugeSnapshot.GaugeDataPointSnapshot.builder()
                                .labels(labels("room.no", "1"))
                                .value(Double.NaN)
                                .scrapeTimestampMillis(1_650_000_000_500L)
                                .build())
                .build();
    }

    private static MetricSnapshot summary() {
        return SummarySnapshot.builder()
                .name("rpc")
                .dataPoint(
                        SummarySnapshot.SummaryDataPointSnapshot.builder()
                                .count(5)
                                .sum(2.5)
                                .quantiles(
                                        Quantiles.of(new Quantile(0.5, 1), new Quantile(0.99, 2)))
                                .createdTimestampMillis(1_600_000_000_003L)
                                .build())
                .build();
    }

    private static MetricSnapshot classic() {
        return HistogramSnapshot.builder()
                .name("classic")
                .dataPoint(
                        HistogramSnapshot.HistogramDataPointSnapshot.builder()
                                .classicHistogramBuckets(
                                        ClassicHistogramBuckets.of(
                                                new double[] {1, 2.5, Double.POSITIVE_INFINITY},
                                                new long[] {3, 0, 4}))
                                .sum(100)
                                .exemplars(Exemplars.of(exemplar(2)))
                                .createdTimestampMillis(1_600_000_000_004L)
                                .build())
                .build();
    }

    private static MetricSnapshot both() {
        return HistogramSnapshot.builder()
                .name("both")
                .dataPoint(
                        HistogramSnapshot.HistogramDataPointSnapshot.builder()
                                .labels(labels("a", "b"))
                                .classicHistogramBuckets(
                                        ClassicHistogramBuckets.of(
                                                new double[] {1, Double.POSITIVE_INFINITY},
                                                new long[] {3, 7}))
                                .nativeSchema(5)
                                .nativeZeroCount(1)
                                .nativeZeroThreshold(0.001)
                                .nativeBucketsForPositiveValues(
                                        NativeHistogramBuckets.of(
                                                new int[] {-3, -2, 4}, new long[] {1, 5, 2}))
                                .nativeBucketsForNegativeValues(
                                        NativeHistogramBuckets.of(new int[] {7}, new long[] {1}))
                                .sum(12)
                                .exemplars(Exemplars.of(exemplar(0.7)))
                                .createdTimestampMillis(1_600_000_000_005L)
                                .build())
                .build();
    }

    private static MetricSnapshot info() {
        return InfoSnapshot.builder()
                .name("build")
                .dataPoint(
                        InfoSnapshot.InfoDataPointSnapshot.builder()
                                .labels(labels("version", "1"))
                                .build())
                .build();
    }

    private static Map<Labels, Whole> read(
            ExpositionFormatWriter writer, ExpositionFormat format, boolean nativeHistograms)
            throws IOException, ExpositionException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        writer.write(body, SNAPSHOTS);
        Map<Labels, Whole> samples = new TreeMap<>();
        ExpositionOptions options =
                new ExpositionOptions(
                        ExpositionLimits.DEFAULT, OpenMetricsChecks.ALL, nativeHistograms, true);
        for (Whole sample :
                Bodies.wholes(new ExpositionParser(options), format, body.toByteArray())) {
            assertThat(samples.put(sample.labels(), sample)).isNull();
        }
        return samples;
    }

    @Test
    void protobufHasWhatOpenMetricsHas() throws IOException, ExpositionException {
        Map<Labels, Whole> text =
                read(
                        OpenMetricsTextFormatWriter.builder()
                                .setCreatedTimestampsEnabled(true)
                                .build(),
                        OPENMETRICS_TEXT,
                        false);
        Map<Labels, Whole> binary =
                read(new PrometheusProtobufWriter(), PROMETHEUS_PROTOBUF, false);
        text.values().removeIf(FamilyBody::isCreated);
        assertThat(binary.keySet()).isEqualTo(text.keySet());
        text.forEach((labels, sample) -> {
            Whole other = requireNonNull(binary.get(labels));
            assertThat(other.value())
                    .as(labels.toString())
                    .isEqualTo(Double.valueOf(sample.value()));
            // the library writes times of creation in protobuf for counters only
            if (sample.metadata().type() == MetricType.COUNTER) {
                assertThat(other.startMs()).isEqualTo(sample.startMs());
            }
            assertThat(other.timestampMs()).isEqualTo(sample.timestampMs());
            assertThat(other.exemplars()).isEqualTo(sample.exemplars());
            assertThat(other.metadata().help()).isEqualTo(sample.metadata().help());
        });
        assertThat(text.values().stream().filter(sample -> sample.startMs() > 0)).hasSize(15);
        assertThat(text.values().stream().filter(sample -> !sample.exemplars().isEmpty()))
                .hasSize(3);
    }

    @Test
    void textHasWhatOpenMetricsHas() throws IOException, ExpositionException {
        Map<Labels, Whole> text = read(PrometheusTextFormatWriter.create(), PROMETHEUS_TEXT, false);
        Map<Labels, Whole> open =
                read(OpenMetricsTextFormatWriter.create(), OPENMETRICS_TEXT, false);
        assertThat(text.keySet()).isEqualTo(open.keySet());
        text.forEach((labels, sample) ->
                assertThat(requireNonNull(open.get(labels)).value())
                        .as(labels.toString())
                        .isEqualTo(Double.valueOf(sample.value())));
    }

    @Test
    void nativeHistogramsComeAsTheyWereMade() throws IOException, ExpositionException {
        Map<Labels, Whole> samples =
                read(new PrometheusProtobufWriter(), PROMETHEUS_PROTOBUF, true);
        Whole histogram = requireNonNull(samples.get(Labels.of("__name__", "both", "a", "b")));
        assertThat(histogram.histogram())
                .isEqualTo(
                        NativeHistogram.exponential(
                                5,
                                CounterReset.UNKNOWN,
                                0.001,
                                1,
                                10,
                                12,
                                Buckets.of(new int[] {-3, -2, 4}, new double[] {1, 5, 2}),
                                Buckets.of(new int[] {7}, new double[] {1})));
        assertThat(histogram.exemplars())
                .isEqualTo(
                        List.of(
                                new Exemplar(
                                        Labels.of("trace_id", "abc", "span_id", "def"),
                                        0.7,
                                        1_700_000_000_123L)));
        assertThat(samples).containsKey(Labels.of("__name__", "both_count", "a", "b"));
    }
}
