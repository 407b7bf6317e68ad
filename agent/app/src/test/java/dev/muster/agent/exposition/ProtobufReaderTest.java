package dev.muster.agent.exposition;

import static dev.muster.agent.exposition.ExpositionFormat.PROMETHEUS_PROTOBUF;
import static dev.muster.agent.exposition.WireMessage.bucket;
import static dev.muster.agent.exposition.WireMessage.empty;
import static dev.muster.agent.exposition.WireMessage.family;
import static dev.muster.agent.exposition.WireMessage.label;
import static dev.muster.agent.exposition.WireMessage.metric;
import static dev.muster.agent.exposition.WireMessage.span;
import static dev.muster.agent.exposition.WireMessage.time;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.exposition.Bodies.Parsed;
import dev.muster.agent.exposition.Bodies.Whole;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.HistogramMarker;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.Staleness;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProtobufReaderTest {
    private static final int COUNTER = 0;
    private static final int GAUGE = 1;
    private static final int SUMMARY = 2;
    private static final int UNTYPED = 3;
    private static final int HISTOGRAM = 4;
    private static final int GAUGE_HISTOGRAM = 5;

    private static final ExpositionOptions BOTH =
            new ExpositionOptions(ExpositionLimits.DEFAULT, OpenMetricsChecks.ALL, true, true);

    private static List<Parsed> parse(byte[] body) throws ExpositionException {
        return Bodies.parse(PROMETHEUS_PROTOBUF, body);
    }

    private static List<Whole> wholes(ExpositionOptions options, WireMessage... families)
            throws ExpositionException {
        return Bodies.wholes(
                new ExpositionParser(options), PROMETHEUS_PROTOBUF, delimited(families));
    }

    private static byte[] delimited(WireMessage... families) {
        WireMessage body = empty();
        for (WireMessage family : families) {
            body.raw(family.delimited());
        }
        return body.bytes();
    }

    private static Labels labels(String... pairs) {
        return Labels.of(pairs);
    }

    @Test
    void anEmptyBodyHasNoSamples() throws ExpositionException {
        assertThat(parse(new byte[0])).isEmpty();
        assertThat(parse(delimited(empty(), family("empty", COUNTER)))).isEmpty();
    }

    @Test
    void readsSimpleMetrics() throws ExpositionException {
        byte[] body =
                delimited(
                        family(
                                "a_total",
                                COUNTER,
                                metric("b", "c").message(3, empty().real(1, 5)),
                                metric("b", "d").message(3, empty()).number(6, 1_234)),
                        family("g", GAUGE, metric().message(2, empty().real(1, -1.5))),
                        family("u.v", UNTYPED, metric().message(5, empty().real(1, 7))));
        assertThat(parse(body))
                .containsExactly(
                        new Parsed(labels("__name__", "a_total", "b", "c"), 5, -1),
                        new Parsed(labels("__name__", "a_total", "b", "d"), 0, 1_234),
                        new Parsed("g", -1.5),
                        new Parsed("u.v", 7));
    }

    @Test
    void readsWhatStandsBehindTheMetrics() throws ExpositionException {
        WireMessage family =
                empty().message(4, metric().message(2, empty().real(1, 1)))
                        .text(5, "bytes")
                        .number(3, GAUGE)
                        .text(2, "how much")
                        .number(99, 7)
                        .text(1, "a_bytes");
        assertThat(wholes(ExpositionOptions.STRICT, family))
                .singleElement()
                .satisfies(sample -> {
                    assertThat(sample.labels()).isEqualTo(labels("__name__", "a_bytes"));
                    assertThat(sample.metadata())
                            .isEqualTo(new MetricMetadata(MetricType.GAUGE, "bytes", "how much"));
                });
    }

    @Test
    void readsStartAndExemplarOfACounter() throws ExpositionException {
        WireMessage exemplar =
                empty().message(1, label("trace_id", "x"))
                        .real(2, 3)
                        .message(3, time(2, 5_000_000));
        WireMessage untimed = empty().message(1, label("trace_id", "y")).real(2, 4);
        WireMessage counter = empty().real(1, 9).message(2, exemplar).message(3, time(1, 999_999));
        List<Whole> samples =
                wholes(
                        ExpositionOptions.STRICT,
                        family(
                                "a",
                                COUNTER,
                                metric().message(3, counter),
                                metric("b", "c").message(3, empty().message(2, untimed))));
        assertThat(samples.get(0).startMs()).isEqualTo(1_000);
        assertThat(samples.get(0).exemplars())
                .containsExactly(new Exemplar(labels("trace_id", "x"), 3, 2_005));
        assertThat(samples.get(1).startMs()).isZero();
        assertThat(samples.get(1).exemplars())
                .containsExactly(new Exemplar(labels("trace_id", "y"), 4, -1));
    }

    @Test
    void readsASummary() throws ExpositionException {
        WireMessage summary =
                empty().number(1, 10)
                        .real(2, 5.5)
                        .message(3, empty().real(1, 0.5).real(2, 1))
                        .message(3, empty().real(1, 1).real(2, 2))
                        .message(4, time(7, 0));
        List<Whole> samples =
                wholes(
                        ExpositionOptions.STRICT,
                        family("s", SUMMARY, metric("a", "b").message(4, summary)));
        assertThat(samples.stream().map(Whole::labels))
                .containsExactly(
                        labels("__name__", "s_count", "a", "b"),
                        labels("__name__", "s_sum", "a", "b"),
                        labels("__name__", "s", "a", "b", "quantile", "0.5"),
                        labels("__name__", "s", "a", "b", "quantile", "1.0"));
        assertThat(samples.stream().map(Whole::value)).containsExactly(10.0, 5.5, 1.0, 2.0);
        assertThat(samples.stream().map(Whole::startMs)).containsOnly(7_000L);
    }

    @Test
    void readsAClassicHistogram() throws ExpositionException {
        WireMessage exemplar = empty().message(1, label("id", "1")).real(2, 0.5);
        WireMessage histogram =
                empty().number(1, 10)
                        .real(2, 5)
                        .message(3, bucket(1, 4).message(3, exemplar))
                        .message(3, bucket(1e6, 0).real(4, 9.5));
        List<Whole> samples =
                wholes(
                        ExpositionOptions.STRICT,
                        family("h", HISTOGRAM, metric().message(7, histogram)));
        assertThat(samples.stream().map(Whole::labels))
                .containsExactly(
                        labels("__name__", "h_count"),
                        labels("__name__", "h_sum"),
                        labels("__name__", "h_bucket", "le", "1.0"),
                        labels("__name__", "h_bucket", "le", "1e+06"),
                        labels("__name__", "h_bucket", "le", "+Inf"));
        assertThat(samples.stream().map(Whole::value)).containsExactly(10.0, 5.0, 4.0, 9.5, 10.0);
        assertThat(samples.get(2).exemplars())
                .containsExactly(new Exemplar(labels("id", "1"), 0.5, -1));
        assertThat(samples.get(3).exemplars()).isEmpty();
    }

    @Test
    void theBucketThatIsAddedHasNoExemplar() throws ExpositionException {
        WireMessage exemplar = empty().message(1, label("id", "1")).real(2, 0.5);
        WireMessage histogram = empty().number(1, 1).message(3, bucket(1, 1).message(3, exemplar));
        List<Whole> samples =
                wholes(
                        ExpositionOptions.STRICT,
                        family("h", HISTOGRAM, metric().message(7, histogram)));
        assertThat(samples.getLast().labels())
                .isEqualTo(labels("__name__", "h_bucket", "le", "+Inf"));
        assertThat(samples.getLast().exemplars()).isEmpty();
    }

    private static WireMessage nativeHistogram() {
        return empty().number(1, 14)
                .real(2, 20.5)
                .signed(5, 3)
                .real(6, 1e-128)
                .number(7, 1)
                .message(9, span(-2, 1))
                .packedSigned(10, 4)
                .message(12, span(0, 2))
                .message(12, span(3, 2))
                .packedSigned(13, 1, 1, -2, 6)
                .message(15, time(3, 0));
    }

    private static final NativeHistogram NATIVE =
            NativeHistogram.exponential(
                    3,
                    CounterReset.UNKNOWN,
                    1e-128,
                    1,
                    14,
                    20.5,
                    Buckets.of(new int[] {0, 1, 6}, new double[] {1, 2, 6}),
                    Buckets.of(new int[] {-2}, new double[] {4}));

    @Test
    void readsANativeHistogram() throws ExpositionException {
        List<Whole> samples =
                wholes(
                        ExpositionOptions.STRICT,
                        family("h", HISTOGRAM, metric("a", "b").message(7, nativeHistogram())));
        assertThat(samples).hasSize(1);
        assertThat(samples.getFirst().labels()).isEqualTo(labels("__name__", "h", "a", "b"));
        assertThat(samples.getFirst().histogram()).isEqualTo(NATIVE);
        assertThat(HistogramMarker.isHistogram(samples.getFirst().value())).isTrue();
        assertThat(samples.getFirst().startMs()).isEqualTo(3_000);
    }

    @Test
    void readsAFloatHistogramOfAGauge() throws ExpositionException {
        WireMessage histogram =
                empty().real(4, 3.5)
                        .real(2, 1)
                        .signed(5, -1)
                        .real(8, 0.5)
                        .message(12, span(5, 3))
                        .packedReal(14, 1, 0, 2);
        List<Whole> samples =
                wholes(
                        ExpositionOptions.STRICT,
                        family("h", GAUGE_HISTOGRAM, metric().message(7, histogram)));
        assertThat(samples.getFirst().histogram())
                .isEqualTo(
                        NativeHistogram.exponential(
                                -1,
                                CounterReset.GAUGE,
                                0,
                                0.5,
                                3.5,
                                1,
                                Buckets.of(new int[] {5, 7}, new double[] {1, 2}),
                                Buckets.NONE));
    }

    @Test
    void makesSchemasCoarserThatAreTooFine() throws ExpositionException {
        WireMessage histogram =
                empty().number(1, 10)
                        .signed(5, 10)
                        .message(12, span(-3, 6))
                        .packedSigned(13, 1, 0, 0, 0, 0, 4);
        // four buckets of schema 10 are one of schema 8: -3 to 0, 1 to 4
        assertThat(
                        wholes(
                                        ExpositionOptions.STRICT,
                                        family("h", HISTOGRAM, metric().message(7, histogram)))
                                .getFirst()
                                .histogram())
                .isEqualTo(
                        NativeHistogram.exponential(
                                8,
                                CounterReset.UNKNOWN,
                                0,
                                0,
                                10,
                                0,
                                Buckets.of(new int[] {0, 1}, new double[] {4, 6}),
                                Buckets.NONE));
    }

    @Test
    void aSpanOfNothingMakesAHistogramNative() throws ExpositionException {
        WireMessage histogram = empty().number(1, 0).message(12, span(0, 0));
        NativeHistogram read =
                wholes(
                                ExpositionOptions.STRICT,
                                family("h", HISTOGRAM, metric().message(7, histogram)))
                        .getFirst()
                        .histogram();
        assertThat(requireNonNull(read).count()).isZero();
    }

    @Test
    void readsBothSidesWhereAsked() throws ExpositionException {
        WireMessage both = nativeHistogram().message(3, bucket(1, 4)).message(3, bucket(2, 10));
        WireMessage family = family("h", HISTOGRAM, metric().message(7, both));
        assertThat(wholes(BOTH, family).stream().map(s -> s.labels().toString()))
                .containsExactly(
                        "h",
                        "h_count",
                        "h_sum",
                        "h_bucket{le=\"1.0\"}",
                        "h_bucket{le=\"2.0\"}",
                        "h_bucket{le=\"+Inf\"}");
        assertThat(wholes(ExpositionOptions.STRICT, family)).hasSize(1);
        assertThat(wholes(ExpositionOptions.SCRAPE, family)).hasSize(5);
        // nothing classic to see
        assertThat(wholes(BOTH, family("h", HISTOGRAM, metric().message(7, nativeHistogram()))))
                .hasSize(1);
    }

    @Test
    void exemplarsOfANativeHistogramHaveATime() throws ExpositionException {
        WireMessage timed =
                empty().message(1, label("id", "1")).real(2, 0.5).message(3, time(1, 0));
        WireMessage untimed = empty().message(1, label("id", "2")).real(2, 0.7);
        WireMessage own = nativeHistogram().message(16, untimed).message(16, timed);
        WireMessage classic =
                nativeHistogram()
                        .message(3, bucket(1, 1).message(3, timed))
                        .message(3, bucket(2, 1).message(3, untimed));
        for (WireMessage histogram : List.of(own, classic)) {
            assertThat(
                            wholes(
                                            ExpositionOptions.STRICT,
                                            family("h", HISTOGRAM, metric().message(7, histogram)))
                                    .getFirst()
                                    .exemplars())
                    .containsExactly(new Exemplar(labels("id", "1"), 0.5, 1_000));
        }
    }

    @Test
    void noNanIsAMarker() throws ExpositionException {
        for (long bits : new long[] {Staleness.STALE_BITS, HistogramMarker.BITS, -1}) {
            double marker = Double.longBitsToDouble(bits);
            WireMessage gauge = family("g", GAUGE, metric().message(2, empty().real(1, marker)));
            assertThat(
                            Double.doubleToRawLongBits(
                                    wholes(ExpositionOptions.STRICT, gauge).getFirst().value()))
                    .isEqualTo(Staleness.NORMAL_NAN_BITS);
            WireMessage histogram =
                    empty().number(1, 3)
                            .real(2, marker)
                            .message(12, span(0, 1))
                            .packedSigned(13, 1);
            NativeHistogram read =
                    wholes(
                                    ExpositionOptions.STRICT,
                                    family("h", HISTOGRAM, metric().message(7, histogram)))
                            .getFirst()
                            .histogram();
            assertThat(Double.doubleToRawLongBits(requireNonNull(read).sum()))
                    .isEqualTo(Staleness.NORMAL_NAN_BITS);
        }
    }

    @Test
    void countsBeyondALongAreNotNegative() throws ExpositionException {
        WireMessage summary = family("s", SUMMARY, metric().message(4, empty().number(1, -1)));
        assertThat(parse(delimited(summary)).getFirst().value()).isEqualTo(0x1p64);
    }

    @Test
    void keysAreTheSameForTheSameLabelsOnly() throws ExpositionException {
        byte[] body =
                delimited(
                        family("a", GAUGE, metric("b", "c").message(2, empty())),
                        family("a", GAUGE, metric("b", "c").message(2, empty().real(1, 4))),
                        family("a", GAUGE, metric("b", "d").message(2, empty())),
                        family("ab", GAUGE, metric().message(2, empty())),
                        family("s", SUMMARY, metric().message(4, empty())));
        ExpositionParser parser = new ExpositionParser(ExpositionOptions.STRICT);
        parser.reset(PROMETHEUS_PROTOBUF, body, body.length);
        List<byte[]> keys = new ArrayList<>();
        while (parser.next()) {
            keys.add(Arrays.copyOfRange(parser.keyBytes(), parser.keyStart(), parser.keyEnd()));
            assertThat(parser.valueEnd() + 8).isLessThan(parser.keyBytes().length);
        }
        assertThat(keys.get(0)).isEqualTo(keys.get(1));
        assertThat(keys.subList(1, keys.size())).doesNotHaveDuplicates();
    }

    static Stream<Arguments> refused() {
        Supplier<WireMessage> gauge = () -> empty().real(1, 1);
        byte[] latin1 = "é".getBytes(StandardCharsets.ISO_8859_1);
        return Stream.of(
                Arguments.of(
                        new byte[] {10, 1, 2},
                        "offsetBytes=0: family must end within the body: lengthBytes=10, left=2"),
                Arguments.of(new byte[] {-1}, "offsetBytes=0: number must end within its message"),
                Arguments.of(
                        delimited(empty().number(1, 7)),
                        "offsetBytes=1: field must have its wire type: field=1, expected=2,"
                                + " found=0"),
                Arguments.of(
                        delimited(empty().raw(0)),
                        "offsetBytes=1: tag must have a field number: found=0"),
                Arguments.of(
                        delimited(empty().raw((1 << 3) | 3)),
                        "offsetBytes=1: field must have its wire type: field=1, expected=2,"
                                + " found=3"),
                Arguments.of(
                        delimited(empty().raw((9 << 3) | 3)),
                        "offsetBytes=1: field must have a wire type of 0, 1, 2 or 5: field=9,"
                                + " found=3"),
                Arguments.of(
                        delimited(empty().raw((1 << 3) | 2).raw(100)),
                        "offsetBytes=1: field must end within its message: field=1,"
                                + " lengthBytes=100, left=0"),
                Arguments.of(
                        delimited(empty().message(4, metric())),
                        "offsetBytes=1: family must have a name"),
                Arguments.of(
                        delimited(empty().content(1, latin1).message(4, metric())),
                        "offsetBytes=3: name of a family must be UTF-8"),
                Arguments.of(
                        delimited(family("a", 6, metric())),
                        "offsetBytes=1: type of a family must be from 0 to 5: name=a, found=6"),
                Arguments.of(
                        delimited(family("a", GAUGE, metric())),
                        "offsetBytes=8: metric must have the message of its type: name=a,"
                                + " type=gauge"),
                Arguments.of(
                        delimited(
                                family(
                                        "a",
                                        GAUGE,
                                        metric().message(2, gauge.get()).message(2, gauge.get()))),
                        "offsetBytes=19: metric must have one value: name=a"),
                Arguments.of(
                        delimited(
                                family("a", GAUGE, metric().message(2, gauge.get()))
                                        .text(5, "seconds")),
                        "offsetBytes=21: unit must be the end of the family's name after an"
                                + " underscore: name=a, unit=seconds"),
                Arguments.of(
                        delimited(
                                family(
                                        "a",
                                        GAUGE,
                                        metric("b", "c", "b", "d").message(2, gauge.get()))),
                        "offsetBytes=18: label name must be unique within a sample: found=b"),
                Arguments.of(
                        delimited(family("a", GAUGE, metric("", "c").message(2, gauge.get()))),
                        "offsetBytes=10: label name must not be empty"),
                Arguments.of(
                        delimited(
                                family(
                                        "a",
                                        GAUGE,
                                        metric("__name__", "c").message(2, gauge.get()))),
                        "offsetBytes=10: label name must be unique within a sample:"
                                + " found=__name__"),
                Arguments.of(
                        delimited(
                                family(
                                        "a",
                                        GAUGE,
                                        empty().message(1, empty().text(1, "b").content(2, latin1))
                                                .message(2, gauge.get()))),
                        "offsetBytes=15: label value must be UTF-8"),
                Arguments.of(
                        delimited(
                                family(
                                        "h",
                                        HISTOGRAM,
                                        metric("le", "1").message(7, empty().number(1, 1)))),
                        "offsetBytes=17: label name must be unique within a sample: found=le"));
    }

    @ParameterizedTest
    @MethodSource
    void refused(byte[] body, String message) {
        assertThatThrownBy(() -> parse(body))
                .isInstanceOf(ExpositionException.class)
                .hasMessage(message);
    }

    static Stream<Arguments> refusedHistograms() {
        return Stream.of(
                Arguments.of(
                        empty().message(12, span(0, 1)),
                        "spans must have as many buckets as there are counts: spans=1, counts=0"),
                Arguments.of(
                        empty().message(12, span(0, 1)).packedSigned(13, 1, 2),
                        "spans must have as many buckets as there are counts: spans=1, counts=2"),
                Arguments.of(
                        empty().message(12, span(0, 0xffffffffL)).packedSigned(13, 1),
                        "spans must have as many buckets as there are counts: spans=4294967295,"
                                + " counts=1"),
                Arguments.of(
                        empty().message(12, span(0, 1))
                                .message(12, span(-1, 1))
                                .packedSigned(13, 1, 2),
                        "spans of buckets must ascend: offset=-1"),
                Arguments.of(
                        empty().message(12, span(0, 1)).packedSigned(13, -1),
                        "count of a bucket must not be negative: found=-1"),
                Arguments.of(
                        empty().number(1, 5).message(12, span(0, 1)).packedSigned(13, 4),
                        "buckets of a native histogram must add up to its count: buckets=4.0,"
                                + " count=5.0"),
                Arguments.of(
                        empty().real(4, 5).message(12, span(0, 1)).packedReal(14, Double.NaN),
                        "count of a bucket must be finite and not negative: found=NaN"),
                Arguments.of(
                        empty().signed(5, -53).message(12, span(0, 0)),
                        "schema of a native histogram must be from -4 to 8: found=-53"),
                Arguments.of(
                        empty().real(6, Double.NaN).message(12, span(0, 0)),
                        "zero threshold must not be negative or NaN: found=NaN"),
                Arguments.of(
                        empty().message(12, span(Integer.MAX_VALUE, 1))
                                .message(12, span(0, 2))
                                .packedSigned(13, 0, 0, 0),
                        "index of a bucket must fit 32 bits: found=2147483648"));
    }

    @ParameterizedTest
    @MethodSource
    void refusedHistograms(WireMessage histogram, String rule) {
        WireMessage family = family("h", HISTOGRAM, metric().message(7, histogram));
        assertThatThrownBy(() -> wholes(ExpositionOptions.STRICT, family))
                .isInstanceOf(ExpositionException.class)
                .hasMessageEndingWith(": " + rule);
    }

    @Test
    void limitsHold() {
        ExpositionLimits limits = new ExpositionLimits(40, 2, 5, 6, 9, 3);
        ExpositionOptions options =
                new ExpositionOptions(limits, OpenMetricsChecks.ALL, true, false);
        WireMessage one = empty().real(1, 1);
        assertThatThrownBy(() -> wholes(options, family("abcdef", GAUGE, metric().message(2, one))))
                .hasMessage(
                        "offsetBytes=3: name of a family must be within its limit: limit=5,"
                                + " found=6");
        WireMessage labels = metric("a", "1", "b", "2", "c", "3").message(2, one);
        assertThatThrownBy(() -> wholes(options, family("a", GAUGE, labels)))
                .hasMessage(
                        "offsetBytes=24: label count must be within its limit: limit=2, found=3");
        WireMessage value = metric("a", "1234567").message(2, one);
        assertThatThrownBy(() -> wholes(options, family("a", GAUGE, value)))
                .hasMessage(
                        "offsetBytes=15: label value length must be within its limit: limit=6,"
                                + " found=7");
        WireMessage name = metric("abcdef", "1").message(2, one);
        assertThatThrownBy(() -> wholes(options, family("a", GAUGE, name)))
                .hasMessage(
                        "offsetBytes=12: label name length must be within its limit: limit=5,"
                                + " found=6");
        WireMessage buckets = empty().message(12, span(0, 4)).packedSigned(13, 1, 1, 1, 1);
        assertThatThrownBy(
                        () -> wholes(options, family("h", HISTOGRAM, metric().message(7, buckets))))
                .hasMessageEndingWith(
                        "bucket count of a native histogram must be within its limit: limit=3");
        WireMessage wide = metric("a", "x".repeat(50)).message(2, one);
        assertThatThrownBy(() -> wholes(options, family("a", GAUGE, wide)))
                .hasMessage(
                        "offsetBytes=8: labels of a metric must be within their limit: limit=40,"
                                + " found=57");
    }
}
