package dev.muster.agent.exposition;

import static dev.muster.agent.exposition.ExpositionFormat.OPENMETRICS_TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.exposition.Bodies.Parsed;
import dev.muster.agent.exposition.Bodies.Whole;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenMetricsReaderTest {
    @Test
    void readsSecondsAsMilliseconds() throws ExpositionException {
        assertThat(
                        Bodies.parse(
                                OPENMETRICS_TEXT,
                                "a{b=\"c\"} 1.5 1520879607.789\nd 1 -1.001\n# EOF"))
                .containsExactly(
                        new Parsed(Labels.of("__name__", "a", "b", "c"), 1.5, 1520879607789L),
                        new Parsed(Labels.of("__name__", "d"), 1, -1001));
    }

    private static List<Whole> wholes(String body) throws ExpositionException {
        return Bodies.wholes(
                new ExpositionParser(ExpositionOptions.SCRAPE),
                OPENMETRICS_TEXT,
                body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void handsOutExemplars() throws ExpositionException {
        List<Whole> samples =
                wholes(
                        """
                        # TYPE a counter
                        a_total 1 # {trace_id="x\\y","s.p"="ä"} 0.5 1520879607.789
                        b_total 2 3 # {} NaN
                        # EOF
                        """);
        assertThat(samples.get(0).exemplars())
                .containsExactly(
                        new Exemplar(
                                Labels.of("trace_id", "x\\y", "s.p", "ä"), 0.5, 1520879607789L));
        assertThat(samples.get(1).exemplars())
                .containsExactly(new Exemplar(Labels.EMPTY, Double.NaN, -1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "counter | a_total 1;a_created 2.5 | 2500 0",
                "counter | a_total{b=\"c\"} 1;a_created{b=\"c\"} 2.5;a_total{b=\"d\"} 1"
                        + " | 2500 0 0",
                "counter | a_total{b=\"c\"} 1;a_total{b=\"d\"} 1;a_created{b=\"d\"} 7"
                        + " | 0 7000 0",
                "counter | a_total{b=\"_created\"} 1;a_created{b=\"_created\"} 7 | 7000 0",
                "counter | a_total{b=\"_created\"} 1;a_total{b=\"x\"} 1;a_created{b=\"x\"} 7"
                        + " | 0 7000 0",
                "counter | a_total 1;a_created NaN | 0 0",
                "counter | a_total 1;a_created -1 | 0 0",
                "counter | a_total 1;a_created 1e30 | 0 0",
                "counter | a_total 1;# HELP b x;a_created 5 | 0 0",
                "counter | a_total 1;# HELP a x;a_created 5 | 5000 0",
                "counter | a_total 1;b 1;a_created 5 | 0 0 0",
                "gauge | a 1;a_created 5 | 0 0",
                "counter | a_total 1;b_created 5 | 0 0",
                "histogram | a_bucket{le=\"1\"} 1;a_bucket{le=\"+Inf\"} 1;a_count 1;a_sum 1;"
                        + "a_created 4 | 4000 4000 4000 4000 0",
                "histogram | a_bucket{b=\"_created\",le=\"1\"} 1;a_count{b=\"_created\"} 1;"
                        + "a_created{b=\"_created\"} 4 | 4000 4000 0",
                "summary | a{quantile=\"0.5\"} 1;a_count 1;a_created 4;a_sum 4 | 4000 4000 0 4000"
            })
    void countsFromTheTimeOfCreation(String type, String lines, String startsMs)
            throws ExpositionException {
        String body = "# TYPE a " + type + "\n" + lines.replace(';', '\n') + "\n# EOF\n";
        assertThat(
                        wholes(body).stream()
                                .map(sample -> Long.toString(sample.startMs()))
                                .collect(Collectors.joining(" ")))
                .isEqualTo(startsMs);
    }

    @Test
    void countsFromTheTimeOfCreationUnderQuotedNames() throws ExpositionException {
        List<Whole> samples =
                wholes(
                        """
                        # TYPE "a.b" counter
                        {"a.b_total",c="d"} 1
                        {"a.b_created",c="d"} 5
                        {"a.b_total"} 1
                        {"a.b_created"} 6
                        # EOF
                        """);
        assertThat(samples.stream().map(Whole::startMs)).containsExactly(5_000L, 0L, 6_000L, 0L);
    }

    @Test
    void writesBoundsAlike() throws ExpositionException {
        String body =
                """
                # TYPE a histogram
                a_bucket{le="1"} 1
                a_bucket{le="1e6"} 1
                a_bucket{le="+Inf"} 1
                # TYPE b summary
                b{quantile="0.50"} 1
                b{quantile="1",le="1"} 1
                # TYPE c gauge
                c{le="1",quantile="1"} 1
                # TYPE d gaugehistogram
                d_bucket{le="1"} 1
                # EOF
                """;
        assertThat(wholes(body).stream().map(sample -> sample.labels().toString()))
                .containsExactly(
                        "a_bucket{le=\"1.0\"}",
                        "a_bucket{le=\"1e+06\"}",
                        "a_bucket{le=\"+Inf\"}",
                        "b{quantile=\"0.5\"}",
                        "b{le=\"1\", quantile=\"1.0\"}",
                        "c{le=\"1\", quantile=\"1\"}",
                        "d_bucket{le=\"1\"}");
    }

    @Test
    void refusesNumbersOfAbsurdLength() {
        String digits = "1".repeat(1025);
        assertThatThrownBy(() -> wholes("a " + digits + "\n# EOF\n"))
                .hasMessage(
                        "line=1 column=3: value length must be within its limit: limit=1024,"
                                + " found=1025");
        assertThatThrownBy(() -> wholes("a 1 " + digits + "\n# EOF\n"))
                .hasMessage(
                        "line=1 column=5: timestamp length must be within its limit: limit=1024,"
                                + " found=1025");
    }

    @Test
    void readsEveryBodyOfTheCorpus() {
        for (byte[] body : Bodies.corpus(OPENMETRICS_TEXT)) {
            assertThatCode(() -> Bodies.parse(OPENMETRICS_TEXT, body)).doesNotThrowAnyException();
        }
    }

    @Test
    void remembersTypeUnitAndHelp() throws ExpositionException {
        ExpositionParser parser = new ExpositionParser(ExpositionLimits.DEFAULT);
        byte[] body =
                """
                # TYPE a_bytes counter
                # UNIT a_bytes bytes
                # HELP a_bytes one\\ntwo \\"three\\" \\\\
                a_bytes_total 1
                b 2
                # EOF
                """
                        .getBytes(StandardCharsets.UTF_8);
        parser.reset(OPENMETRICS_TEXT, body, body.length);
        assertThat(parser.next()).isTrue();
        assertThat(parser.metadata())
                .isEqualTo(
                        new MetricMetadata(MetricType.COUNTER, "bytes", "one\ntwo \"three\" \\"));
        assertThat(parser.next()).isTrue();
        assertThat(parser.metadata()).isEqualTo(MetricMetadata.NONE);
        assertThat(parser.next()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# TYPE a info\na_info{x=\"1\"} 1 1\na_info{x=\"2\"} 1 0\n",
                "# TYPE a info\na_info{x=\"1\"} 1\na_info{x=\"2\"} 1\na_info 1\n",
                "# TYPE a stateset\na{a=\"x\"} 1\na{a=\"y\"} 0\na{a=\"x\",b=\"z\"} 1\n",
                "# TYPE a histogram\na_bucket{le=\"+Inf\"} 3 # {} +Inf\n",
                "# TYPE a histogram\na_count 3\na_sum 1\na_bucket{le=\"+Inf\"} 3\n",
                "# TYPE a summary\na{quantile=\"1\"} NaN\na{quantile=\"0.0\"} 1\n",
                "# TYPE a_total unknown\na_total -1\n# UNIT b_x \n# HELP b_x \nb_x 1\n",
                "a{b=\"1\",c=\"2\"} 1\na{c=\"1\",b=\"2\"} 1\n",
                "a Infinity\nb +INF\nc nan\nd -.5e-3 +1.5\n",
                "a 1 12345678901234567890.1234567890\nb 1 000\nc 1 1.5e3\n",
                "# TYPE a counter\na_total +Inf\n# TYPE a_totals gauge\n",
            })
    void takes(String body) {
        assertThatCode(() -> Bodies.parse(OPENMETRICS_TEXT, body + "# EOF\n"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "a 1 | line=1 column=4: line must end here with a line feed: found=end of body",
                "a 1~ | line=2 column=1: exposition must end with # EOF: found=end of body",
                "a 1~# EOF~~ | line=3 column=1: nothing must follow # EOF: found=end of line",
                "a  1~ | line=1 column=3: value must be a number: found=nothing",
                "a{b=\"c\",} 1~ | line=1 column=9: label name must start with a letter or"
                        + " underscore: found='}'",
                "a{b=\"c~\"} 1~ | line=1 column=7: label value must be closed by a quote:"
                        + " found=end of line",
                "a 1\t~ | line=1 column=3: value must be a number: found=1",
                "{a=\"b\"} 1~ | line=1 column=2: metric name must stand before its labels:"
                        + " found='a'",
                "{\"a\",} 1~ | line=1 column=5: comma must be followed by a label: found=','",
                "# a comment~ | line=1 column=1: line must be # TYPE, # HELP, # UNIT or # EOF:"
                        + " found=# a comment",
                "# TYPE a untyped~ | line=1 column=10: type must be counter, gauge, histogram,"
                        + " gaugehistogram, stateset, info, summary or unknown: found=untyped",
                "a 1~# TYPE a gauge~ | line=2 column=8: metadata must stand before the samples of"
                        + " its family: found=a",
                "# HELP a x~# HELP a y~ | line=2 column=10: metadata of a family must be declared"
                        + " once: found=y",
                "# UNIT a_seconds bytes~ | line=1 column=18: unit must be the end of the family's"
                        + " name after an underscore: found=bytes",
                "# UNIT seconds seconds~ | line=1 column=16: unit must be the end of the family's"
                        + " name after an underscore: found=seconds",
                "# TYPE a_s info~# UNIT a_s s~ | line=2 column=12: family of type info must have no"
                        + " unit: found=s",
                "# TYPE a counter~a 1~ | line=2 column=1: name of a sample must have a suffix of"
                        + " its family's type: found=a",
                "# TYPE a counter~a_created 1~ | line=2 column=1: counter must have a _total:"
                        + " found=a_created",
                "# TYPE a counter~a_total -1~ | line=2 column=9: counter must not be negative or"
                        + " NaN: found=-1",
                "# TYPE a counter~a_total 1~# TYPE a_total gauge~ | line=3 column=8: family must"
                        + " not share a sample name with another, nor be interrupted by one:"
                        + " found=a_total",
                "a 1~b 1~a{c=\"d\"} 1~ | line=3 column=1: family must not share a sample name with"
                        + " another, nor be interrupted by one: found=a",
                "# TYPE a gauge~a{b=\"1\"} 1~a{b=\"2\"} 1~a{b=\"1\"} 2 5~ | line=4 column=1:"
                        + " samples of a metric must stand together: found=a{b=\"1\"}",
                "a{b=\"1\",c=\"2\"} 1~a{c=\"2\",b=\"1\"} 1~ | line=2 column=1: sample must be"
                        + " exposed once for each time: found=a{c=\"2\",b=\"1\"}",
                "a 1 5~a 1 4~ | line=2 column=5: timestamps of a metric must not go back:"
                        + " found='4'",
                "a 1 5~a 1~ | line=2 column=1: samples of a metric must all have a timestamp or"
                        + " none: found=a",
                "a 1 NaN~ | line=1 column=5: timestamp must be a time: found=NaN",
                "# TYPE a histogram~a_bucket{le=\"1\"} 1~ | line=2 column=1: histogram must have a"
                        + " bucket with le=\"+Inf\": found=a_bucket{le=\"1\"}",
                "# TYPE a histogram~a_bucket{le=\"1\"} 2~a_bucket{le=\"+Inf\"} 1~ | line=3"
                        + " column=21: counts of buckets must not descend: found=1",
                "# TYPE a histogram~a_bucket{le=\"2\"} 1~a_bucket{le=\"1\"} 1~ | line=3 column=14:"
                        + " bounds of buckets must ascend: found=1",
                "# TYPE a histogram~a_bucket{le=\"+Inf\"} 1~a_count 2~a_sum 1~ | line=4 column=1:"
                        + " count must equal the +Inf bucket: count=2.0, bucket=1.0: found=a_sum",
                "# TYPE a histogram~a_bucket{le=\"+Inf\"} 1.5~ | line=2 column=21: count must be a"
                        + " whole number and not negative: found=1.5",
                "# TYPE a histogram~a_bucket{le=\"1\"} 1 # {} 1.5~ | line=2 column=20: exemplar"
                        + " must lie within its bucket: exemplar=1.5, le=1.0: found='#'",
                "# TYPE a gauge~a 1 # {} 1~ | line=2 column=5: exemplar must stand on a bucket or a"
                        + " counter's _total: found='#'",
                "# TYPE a histogram~a_sum{le=\"1\"} 1~ | line=2 column=1: sample must not have the"
                        + " label le: found=a_sum{le=\"1\"}",
                "# TYPE a summary~a{quantile=\"1.5\"} 1~ | line=2 column=13: quantile must be from"
                        + " 0 to 1: found=1.5",
                "# TYPE a stateset~a{b=\"x\"} 1~ | line=2 column=1: sample must have a label of the"
                        + " family's name: found=a{b=\"x\"}",
            })
    void refusesWithPlaceAndReason(String body, String message) {
        assertThatThrownBy(() -> Bodies.parse(OPENMETRICS_TEXT, end(body)))
                .isInstanceOf(ExpositionException.class)
                .hasMessage(message);
    }

    /// Bodies that are refused before their end keep it off.
    private static String end(String body) {
        String text = body.replace('~', '\n');
        boolean whole = text.endsWith("\n") && !text.contains("# EOF") && !text.equals("a 1\n");
        return whole ? text + "# EOF\n" : text;
    }

    @Test
    void limitsExemplarsByCodePoints() throws ExpositionException {
        String fits = "ü".repeat(125) + "\\\\\\n";
        String body = "# TYPE a counter\na_total 1 # {a=\"%s\"} 1\n# EOF\n";
        assertThat(Bodies.parse(OPENMETRICS_TEXT, body.formatted(fits))).hasSize(1);
        assertThatThrownBy(() -> Bodies.parse(OPENMETRICS_TEXT, body.formatted(fits + "x")))
                .hasMessageContaining("line=2 column=11: labels of an exemplar")
                .hasMessageContaining("length=129");
    }

    @Test
    void refusesWhatIsNotUtf8() {
        byte[] body = "# HELP a ?\n# EOF\n".getBytes(StandardCharsets.UTF_8);
        body[9] = (byte) 0xc0;
        assertThatThrownBy(() -> Bodies.parse(OPENMETRICS_TEXT, body))
                .hasMessage("line=1 column=10: text must be UTF-8: found=byte 0xc0");
    }
}
