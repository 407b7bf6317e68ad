package dev.muster.agent.exposition;

import static dev.muster.agent.exposition.ExpositionFormat.PROMETHEUS_TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.exposition.Bodies.Parsed;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.Staleness;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusTextReaderTest {
    @Test
    void readsNameLabelsValueAndTimestamp() throws ExpositionException {
        assertThat(Bodies.parse(PROMETHEUS_TEXT, "a{b=\"c\",d=\"e\"} 1.5 1234\n"))
                .containsExactly(
                        new Parsed(Labels.of("__name__", "a", "b", "c", "d", "e"), 1.5, 1234));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a{b=\"c\"} 1",
                "a{b=\"c\"} 1\n",
                "  a{b=\"c\"} 1\n",
                "\ta\t{\tb = \"c\" , }\t1\t\n",
                "a{b=\"c\",}1\n",
                "a { b=\"c\" }  1  \n\n\n",
                "# any comment\n#another\n#\n# HELP\n# TYPED a b\na{b=\"c\"} 1\n",
                "{\"a\",b=\"c\"} 1\n",
                "{b=\"c\",\"a\"} 1\n",
                "{ \"a\" , b=\"c\" , } 1\n",
                "a{\"b\"=\"c\"} 1\n",
                "# TYPE a counter\n\n# HELP a\na{b=\"c\"} +1.0e0\n",
                "# HELP a b\\nc \"d\"\na{b=\"c\",e=\"\"} 1\n",
            })
    void readsTheSameInManyForms(String body) throws ExpositionException {
        assertThat(Bodies.parse(PROMETHEUS_TEXT, body))
                .containsExactly(new Parsed(Labels.of("__name__", "a", "b", "c"), 1, -1));
    }

    @Test
    void needsNoCommaBetweenLabels() throws ExpositionException {
        assertThat(Bodies.parse(PROMETHEUS_TEXT, "a{b=\"1\" c=\"2\"d=\"3\"} 1\n"))
                .first()
                .extracting(Parsed::labels)
                .isEqualTo(Labels.of("__name__", "a", "b", "1", "c", "2", "d", "3"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "b\\\\c | b\\c",
                "b\\\"c | b\"c",
                "b\\nc | ^b\nc^",
                "b\\zc | b\\zc",
                "ü€\uD83D\uDE00 | ü€\uD83D\uDE00",
                "{},=# | {},=#",
            })
    void replacesEscapesInValues(String written, String meant) throws ExpositionException {
        assertThat(Bodies.parse(PROMETHEUS_TEXT, "a{b=\"" + written + "\"} 1\n"))
                .first()
                .extracting(sample -> sample.labels().get("b"))
                .isEqualTo(meant);
    }

    @Test
    void takesLineFeedsAndNulWithinValues() throws ExpositionException {
        assertThat(Bodies.parse(PROMETHEUS_TEXT, "a{b=\"c\nd\0\"} 1\ne 2\n"))
                .extracting(sample -> sample.labels().valueOf("b"))
                .containsExactly("c\nd\0", "");
    }

    @Test
    void readsNamesInUtf8() throws ExpositionException {
        assertThat(Bodies.parse(PROMETHEUS_TEXT, "{\"my.metric\",\"größe\\\"\"=\"b\"} 1\n"))
                .first()
                .extracting(Parsed::labels)
                .isEqualTo(Labels.of("__name__", "my.metric", "größe\"", "b"));
    }

    @Test
    void readsSpecialValues() throws ExpositionException {
        assertThat(Bodies.parse(PROMETHEUS_TEXT, "a Nan\na +Inf\na -inf\na 0\n"))
                .extracting(sample -> Double.doubleToRawLongBits(sample.value()))
                .containsExactly(
                        Staleness.NORMAL_NAN_BITS,
                        Double.doubleToRawLongBits(Double.POSITIVE_INFINITY),
                        Double.doubleToRawLongBits(Double.NEGATIVE_INFINITY),
                        0L);
    }

    @Test
    void remembersMetadataOfTheFamily() throws ExpositionException {
        ExpositionParser parser = new ExpositionParser(ExpositionLimits.DEFAULT);
        byte[] body =
                """
                # HELP h line\\none \\\\ two
                # TYPE h histogram
                h_bucket{le="+Inf"} 1
                h_sum 1
                other 2
                # TYPE g gauge
                g 1
                """
                        .getBytes(StandardCharsets.UTF_8);
        parser.reset(PROMETHEUS_TEXT, body, body.length);
        MetricMetadata histogram = new MetricMetadata(MetricType.HISTOGRAM, "", "line\none \\ two");
        parser.next();
        assertThat(parser.metadata()).isEqualTo(histogram);
        parser.next();
        assertThat(parser.metadata()).isSameAs(parser.metadata()).isEqualTo(histogram);
        parser.next();
        assertThat(parser.metadata()).isEqualTo(MetricMetadata.NONE);
        parser.next();
        assertThat(parser.metadata()).isEqualTo(new MetricMetadata(MetricType.GAUGE, "", ""));
        assertThat(parser.line()).isEqualTo(7);
        assertThat(parser.next()).isFalse();
        assertThat(parser.next()).isFalse();
    }

    @Test
    void pointsAtKeyAndValueAsWritten() throws ExpositionException {
        ExpositionParser parser = new ExpositionParser(ExpositionLimits.DEFAULT);
        String text = "\n a {b=\"c\"}  1.50 7\n";
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        parser.reset(PROMETHEUS_TEXT, body, body.length);
        assertThat(parser.next()).isTrue();
        assertThat(text.substring(parser.keyStart(), parser.keyEnd())).isEqualTo("a {b=\"c\"}");
        assertThat(text.substring(parser.valueStart(), parser.valueEnd())).isEqualTo("1.50");
        assertThat(parser.line()).isEqualTo(2);
    }

    @Test
    void readsOnlyTheLengthGiven() throws ExpositionException {
        ExpositionParser parser = new ExpositionParser(ExpositionLimits.DEFAULT);
        byte[] body = "a 12345678".getBytes(StandardCharsets.UTF_8);
        parser.reset(PROMETHEUS_TEXT, body, 4);
        assertThat(parser.next()).isTrue();
        assertThat(parser.value()).isEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "0a 1 | line=1 column=1: line must start with a metric name: found='0'",
                "<html> | line=1 column=1: line must start with a metric name: found='<'",
                "ok 1\\na-b 1 | line=2 column=2: value must be a number: found=-b",
                "a | line=1 column=2: sample must have a value: found=end of body",
                "a\\nb 1 | line=1 column=2: sample must have a value: found=end of line",
                "a{b=\"c} 1 | line=1 column=5: label value must be closed by a quote: found=\"c} 1",
                "a{b=\"c\" | line=1 column=8: labels must be closed by a brace: found=end of body",
                "a{b} 1 | line=1 column=4: label name must be followed by =: found='}'",
                "a{b=c} 1 | line=1 column=5: label value must stand in double quotes: found='c'",
                "a{1=\"c\"} 1 | line=1 column=3: label name must start with a letter or underscore:"
                        + " found='1'",
                "a{,b=\"c\"} 1 | line=1 column=3: label name must start with a letter or"
                        + " underscore: found=','",
                "a{b=\"c\",b=\"d\"} 1 | line=1 column=9: label name must be unique within a sample:"
                        + " found=b",
                "a{b=\"\",b=\"d\"} 1 | line=1 column=8: label name must be unique within a sample:"
                        + " found=b",
                "a{__name__=\"d\"} 1 | line=1 column=3: label name must be unique within a sample:"
                        + " found=__name__",
                "{b=\"c\"} 1 | line=1 column=1: sample must have a metric name: found={b=\"c\"}",
                "{\"\"} 1 | line=1 column=3: metric name must not be empty: found='\"'",
                "a{\"b\"} 1 | line=1 column=4: sample must have one metric name: found=b",
                "{\"a\",\"b\"} 1 | line=1 column=7: sample must have one metric name: found=b",
                "a 1 b | line=1 column=5: value must be followed by a timestamp in milliseconds or"
                        + " the end of the line: found='b'",
                "a 1 -5 | line=1 column=5: value must be followed by a timestamp in milliseconds or"
                        + " the end of the line: found='-'",
                "a 1 1.5 | line=1 column=6: value must be followed by a timestamp in milliseconds"
                        + " or the end of the line: found='.'",
                "a 1 99999999999999999999 | line=1 column=5: timestamp must fit 64 bits:"
                        + " found=9999999999999999999",
                "a 1_000 | line=1 column=3: value must be a number: found=1_000",
                "a 0x1p3 | line=1 column=3: value must be a number: found=0x1p3",
                "a 1\\r\\n | line=1 column=3: value must be a number: found=1\\r",
                "a 1e999 | line=1 column=3: value must fit a double: found=1e999",
                "# TYPE a meh | line=1 column=10: type must be counter, gauge, histogram, summary"
                        + " or untyped: found=meh",
                "# TYPE a  gauge | line=1 column=10: type must be counter, gauge, histogram,"
                        + " summary or untyped: found=gauge",
                "# TYPE a | line=1 column=9: type must be counter, gauge, histogram, summary or"
                        + " untyped: found=nothing",
                "# HELP 1 a | line=1 column=8: metadata must name a metric: found='1'",
                "# HELP \\na 1 | line=1 column=8: metadata must name a metric: found=end of line",
            })
    void refusesWithPlaceAndReason(String body, String message) {
        String text = body.replace("\\n", "\n").replace("\\r", "\r");
        assertThatThrownBy(() -> Bodies.parse(PROMETHEUS_TEXT, text))
                .isInstanceOf(ExpositionException.class)
                .hasMessage(message);
    }

    @Test
    void refusesWhatIsNotUtf8() {
        byte[] body = "# ok\n# HELP a x\na{b=\"c?\"} 1\n".getBytes(StandardCharsets.UTF_8);
        body[new String(body, StandardCharsets.UTF_8).indexOf('?')] = (byte) 0xff;
        assertThatThrownBy(() -> Bodies.parse(PROMETHEUS_TEXT, body))
                .isInstanceOf(ExpositionException.class)
                .hasMessage("line=3 column=7: text must be UTF-8: found=byte 0xff")
                .asInstanceOf(InstanceOfAssertFactories.type(ExpositionException.class))
                .satisfies(e -> assertThat(e.line()).isEqualTo(3))
                .satisfies(e -> assertThat(e.column()).isEqualTo(7))
                .satisfies(e -> assertThat(e.hint()).contains("Latin-1"));
    }

    @Test
    void takesAnythingInComments() throws ExpositionException {
        byte[] body = "# ?\n#?\na 1\n".getBytes(StandardCharsets.UTF_8);
        body[2] = (byte) 0xff;
        body[5] = (byte) 0xff;
        assertThat(Bodies.parse(PROMETHEUS_TEXT, body)).containsExactly(new Parsed("a", 1));
    }

    @Test
    void refusesWhatPassesALimit() {
        ExpositionLimits limits = new ExpositionLimits(30, 2, 5, 6, 9, 3);
        Map<String, String> messages =
                Map.of(
                        "abcdef 1",
                        "line=1 column=1: name length must be within its limit: limit=5, found=6",
                        "a{abcdef=\"\"} 1",
                        "line=1 column=3: name length must be within its limit: limit=5, found=6",
                        "a{b=\"1234567\"} 1",
                        "line=1 column=6: label value length must be within its limit: limit=6,"
                                + " found=7",
                        "a{b=\"\",c=\"\",d=\"\"} 1",
                        "line=1 column=13: label count must be within its limit: limit=2, found=3",
                        "\na 1                            1",
                        "line=2 column=1: line length must be within its limit: limit=30,"
                                + " found=32");
        messages.forEach((body, message) ->
                assertThatThrownBy(() ->
                                Bodies.parse(
                                        new ExpositionParser(limits),
                                        PROMETHEUS_TEXT,
                                        body.getBytes(StandardCharsets.UTF_8)))
                        .hasMessage(message));
    }
}
