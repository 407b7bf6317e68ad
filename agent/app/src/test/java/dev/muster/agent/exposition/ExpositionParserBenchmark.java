package dev.muster.agent.exposition;

import io.prometheus.metrics.expositionformats.generated.com_google_protobuf_4_35_0.Metrics.MetricFamily;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.hawkular.agent.prometheus.text.TextPrometheusMetricDataParser;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Time to read one body of 190,191 bytes with 1,857 samples, or the same samples in other formats;
/// 475 µs are 400 MB/s. Beside it, what else on Maven Central reads such bodies: the text parser of
/// Hawkular's agent, and the generated classes of Prometheus' client library.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ExpositionParserBenchmark {
    private byte[] text = new byte[0];
    private byte[] openMetrics = new byte[0];
    private byte[] protobuf = new byte[0];

    private final ExpositionParser parser = new ExpositionParser(ExpositionOptions.SCRAPE);
    private final ExpositionParser strict = new ExpositionParser(ExpositionOptions.STRICT);

    @Setup
    public void read() throws IOException, ExpositionException {
        text = Files.readAllBytes(Bodies.shared("conformance/exposition/alltypes.237mfs.prom.txt"));
        openMetrics =
                openMetrics(new String(text, StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8);
        protobuf =
                FamilyBody.protobuf(Bodies.wholes(parser, ExpositionFormat.PROMETHEUS_TEXT, text));
        System.out.printf(
                "bytes: text=%d openMetrics=%d protobuf=%d%n",
                text.length, openMetrics.length, protobuf.length);
    }

    /// The same body as OpenMetrics has it: counters are declared without their suffix, and none
    /// has the name of a gauge.
    private static String openMetrics(String text) {
        return text.replace("alloc_bytes_total", "alloc_all_bytes_total")
                .replaceAll("(?m)^(# (?:TYPE|HELP) \\w+?)_total ", "$1 ")
                .replace(" untyped\n", " unknown\n");
    }

    /// Finds keys and values, as for series whose value has not changed.
    @Benchmark
    public long textKeys() throws ExpositionException {
        return keys(parser, ExpositionFormat.PROMETHEUS_TEXT, text);
    }

    /// Reads every value as well.
    @Benchmark
    public double text() throws ExpositionException {
        return values(parser, ExpositionFormat.PROMETHEUS_TEXT, text);
    }

    @Benchmark
    public double openMetrics() throws ExpositionException {
        return values(parser, ExpositionFormat.OPENMETRICS_TEXT, openMetrics);
    }

    /// With the rules that span lines.
    @Benchmark
    public double openMetricsStrict() throws ExpositionException {
        return values(strict, ExpositionFormat.OPENMETRICS_TEXT, openMetrics);
    }

    @Benchmark
    public double protobuf() throws ExpositionException {
        return values(parser, ExpositionFormat.PROMETHEUS_PROTOBUF, protobuf);
    }

    /// Labels, too, as for a target seen for the first time.
    @Benchmark
    public long textLabels() throws ExpositionException {
        parser.reset(ExpositionFormat.PROMETHEUS_TEXT, text, text.length);
        long sum = 0;
        while (parser.next()) {
            sum += parser.labels().size() + (long) parser.value();
        }
        return sum;
    }

    @Benchmark
    public int hawkularText() throws IOException {
        TextPrometheusMetricDataParser other =
                new TextPrometheusMetricDataParser(new ByteArrayInputStream(text));
        int families = 0;
        while (other.parse() != null) {
            families++;
        }
        return families;
    }

    @Benchmark
    public int clientLibraryProtobuf() throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(protobuf);
        int metrics = 0;
        while (in.available() > 0) {
            metrics += MetricFamily.parseDelimitedFrom(in).getMetricCount();
        }
        return metrics;
    }

    private static long keys(ScrapeParser parser, ExpositionFormat format, byte[] body)
            throws ExpositionException {
        parser.reset(format, body, body.length);
        long sum = 0;
        while (parser.next()) {
            sum += parser.keyEnd() + parser.valueEnd();
        }
        return sum;
    }

    private static double values(ScrapeParser parser, ExpositionFormat format, byte[] body)
            throws ExpositionException {
        parser.reset(format, body, body.length);
        double sum = 0;
        while (parser.next()) {
            sum += parser.keyEnd() + parser.value();
        }
        return sum;
    }
}
