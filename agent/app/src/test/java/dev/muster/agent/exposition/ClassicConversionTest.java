package dev.muster.agent.exposition;

import static dev.muster.agent.exposition.ExpositionFormat.OPENMETRICS_TEXT;
import static dev.muster.agent.exposition.ExpositionFormat.PROMETHEUS_PROTOBUF;
import static dev.muster.agent.exposition.ExpositionFormat.PROMETHEUS_TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.exposition.Bodies.Whole;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassicConversionTest {
    private static final String BODY =
            """
            # TYPE g gauge
            g 1
            # TYPE h histogram
            # HELP h how long
            h_bucket{a="b",le="1"} 2 # {id="1"} 0.5
            h_bucket{a="b",le="2.5"} 2
            h_bucket{a="b",le="+Inf"} 5 # {id="2"} 9 7
            h_count{a="b"} 5
            h_sum{a="b"} 12.5
            h_created{a="b"} 3
            h_bucket{le="1",a="c"} 0
            h_bucket{le="+Inf",a="c"} 0
            h_sum{a="c"} NaN
            h_count{a="c"} 0
            # TYPE z gauge
            z 1
            # EOF
            """;

    private static NativeHistogram histogram(
            double count, double sum, double[] bounds, Buckets buckets) {
        return NativeHistogram.custom(CounterReset.UNKNOWN, count, sum, bounds, buckets);
    }

    private static List<Whole> read(ExpositionFormat format, String body, boolean keepClassic)
            throws ExpositionException {
        return read(format, body.getBytes(StandardCharsets.UTF_8), keepClassic);
    }

    private static List<Whole> read(ExpositionFormat format, byte[] body, boolean keepClassic)
            throws ExpositionException {
        ExpositionOptions options =
                new ExpositionOptions(
                        ExpositionLimits.DEFAULT,
                        OpenMetricsChecks.GRAMMAR,
                        true,
                        keepClassic,
                        true);
        return Bodies.wholes(new ExpositionParser(options), format, body);
    }

    @Test
    void aHistogramTakesThePlaceOfItsSamples() throws ExpositionException {
        List<Whole> samples = read(OPENMETRICS_TEXT, BODY, false);
        assertThat(samples.stream().map(sample -> sample.labels().toString()))
                .containsExactly("g", "h{a=\"b\"}", "h_created{a=\"b\"}", "h{a=\"c\"}", "z");
        Whole first = samples.get(1);
        assertThat(first.histogram())
                .isEqualTo(
                        histogram(
                                5,
                                12.5,
                                new double[] {1, 2.5},
                                Buckets.of(new int[] {0, 2}, new double[] {2, 3})));
        assertThat(first.startMs()).isEqualTo(3_000);
        assertThat(first.exemplars())
                .containsExactly(
                        new Exemplar(Labels.of("id", "1"), 0.5, -1),
                        new Exemplar(Labels.of("id", "2"), 9, 7_000));
        assertThat(first.metadata().type()).isEqualTo(MetricType.HISTOGRAM);
        assertThat(first.metadata().help()).isEqualTo("how long");
        assertThat(samples.get(3).histogram())
                .isEqualTo(histogram(0, Double.NaN, new double[] {1}, Buckets.NONE));
    }

    @Test
    void classicSamplesStayWhereAsked() throws ExpositionException {
        List<Whole> samples = read(OPENMETRICS_TEXT, BODY, true);
        assertThat(samples).hasSize(3 + 5 + 1 + 4 + 1);
        assertThat(samples.stream().filter(sample -> sample.histogram() != null)).hasSize(2);
    }

    @Test
    void textAndProtobufMakeTheSame() throws ExpositionException {
        String text = BODY.replaceAll(" # \\{.*", "").replaceAll("h_created.*\n", "");
        List<Whole> plain =
                Bodies.wholes(
                        new ExpositionParser(ExpositionOptions.SCRAPE),
                        PROMETHEUS_TEXT,
                        text.getBytes(StandardCharsets.UTF_8));
        List<Whole> converted = read(PROMETHEUS_TEXT, text, false);
        assertThat(converted).hasSize(4);
        assertThat(read(PROMETHEUS_PROTOBUF, FamilyBody.protobuf(plain), false))
                .isEqualTo(converted);
    }

    @Test
    void theKeyIsTheSameFromScrapeToScrape() throws ExpositionException {
        ExpositionParser parser =
                new ExpositionParser(
                        new ExpositionOptions(
                                ExpositionLimits.DEFAULT,
                                OpenMetricsChecks.GRAMMAR,
                                true,
                                false,
                                true));
        byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
        List<String> first = keys(parser, body);
        assertThat(first).doesNotHaveDuplicates();
        assertThat(keys(parser, BODY.replace(" 2\n", " 4\n").getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(first);
    }

    private static List<String> keys(ExpositionParser parser, byte[] body)
            throws ExpositionException {
        List<String> keys = new ArrayList<>();
        parser.reset(OPENMETRICS_TEXT, body, body.length);
        while (parser.next()) {
            keys.add(
                    new String(
                            parser.keyBytes(),
                            parser.keyStart(),
                            parser.keyEnd() - parser.keyStart(),
                            StandardCharsets.ISO_8859_1));
        }
        return keys;
    }

    @Test
    void aHistogramWithoutTheLastBucketIsWhole() throws ExpositionException {
        String body = "# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_count 5\nh_sum 1\n";
        assertThat(read(PROMETHEUS_TEXT, body, false).getFirst().histogram())
                .isEqualTo(
                        histogram(
                                5,
                                1,
                                new double[] {1},
                                Buckets.of(new int[] {0, 1}, new double[] {2, 3})));
        assertThat(
                        read(PROMETHEUS_TEXT, "# TYPE h histogram\nh_count 5\nh_sum 1\n", false)
                                .getFirst()
                                .histogram())
                .isEqualTo(
                        histogram(
                                5, 1, new double[0], Buckets.of(new int[] {0}, new double[] {5})));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "h_bucket{le=\"1\"} 3\nh_bucket{le=\"2\"} 2\nh_count 5\n",
                "h_bucket{le=\"1\"} -1\nh_count 5\n",
                "h_bucket{le=\"1\"} NaN\nh_count 5\n",
                "h_bucket{le=\"+Inf\"} 4\nh_count 5\n",
                "h_bucket{le=\"-Inf\"} 4\nh_count 5\n",
                "h_count NaN\n",
                "h_sum 1\n"
            })
    void whatMakesNoHistogramIsLeftOut(String lines) throws ExpositionException {
        String body = "# TYPE h histogram\n" + lines + "# TYPE g gauge\ng 1\n";
        assertThat(read(PROMETHEUS_TEXT, body, false))
                .singleElement()
                .satisfies(sample -> assertThat(sample.labels().metric()).isEqualTo("g"));
    }

    @Test
    void manyThatMakeNoHistogramAreNoTrouble() throws ExpositionException {
        WireMessage family = WireMessage.family("h", 4);
        for (int i = 0; i < 100_000; i++) {
            family.message(
                    4,
                    WireMessage.empty()
                            .message(7, WireMessage.empty().message(3, WireMessage.bucket(1, 2))));
        }
        assertThat(read(PROMETHEUS_PROTOBUF, family.delimited(), false)).isEmpty();
    }

    @Test
    void quotedNamesAndBucketsOutOfOrderAreTaken() throws ExpositionException {
        String body =
                """
                # TYPE "h.s" histogram
                {"h.s_bucket","x.y"="z",le="2"} 3
                {"h.s_bucket","x.y"="z",le="1"} 2
                {"h.s_bucket","x.y"="z",le="1"} 9
                {"h.s_count","x.y"="z"} 3
                """;
        Whole sample = read(PROMETHEUS_TEXT, body, false).getFirst();
        assertThat(sample.labels()).isEqualTo(Labels.of("__name__", "h.s", "x.y", "z"));
        assertThat(sample.histogram())
                .isEqualTo(
                        histogram(
                                3,
                                0,
                                new double[] {1, 2},
                                Buckets.of(new int[] {0, 1}, new double[] {2, 1})));
    }
}
