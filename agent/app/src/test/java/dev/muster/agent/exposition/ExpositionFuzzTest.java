package dev.muster.agent.exposition;

import static dev.muster.agent.exposition.ExpositionFormat.OPENMETRICS_TEXT;
import static dev.muster.agent.exposition.ExpositionFormat.PROMETHEUS_PROTOBUF;
import static dev.muster.agent.exposition.ExpositionFormat.PROMETHEUS_TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.muster.agent.exposition.Bodies.Whole;
import io.prometheus.metrics.expositionformats.generated.com_google_protobuf_4_35_0.Metrics.MetricFamily;
import io.prometheus.metrics.shaded.com_google_protobuf_4_35_0.InvalidProtocolBufferException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Mutates our corpus: whatever comes, a body is read to its end or refused with a place in it, in
/// steps and memory that its length bounds; and what was read reads the same once it is written.
///
/// More rounds with `-Dmuster.fuzz.rounds=N`, the same ones with `-Dseed=N`.
class ExpositionFuzzTest {
    private static final int ROUNDS = Integer.getInteger("muster.fuzz.rounds", 10_000);
    private static final ExpositionLimits LIMITS =
            new ExpositionLimits(2_000, 20, 100, 500, 100, 50);

    /// Beyond, the double that OpenMetrics has for a time no longer tells milliseconds.
    private static final long EXACT_MS = 1L << 50;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @EnumSource
    void readsOrRefuses(ExpositionFormat format) {
        run(format, new ExpositionOptions(LIMITS, OpenMetricsChecks.ALL, true, false));
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENMETRICS_TEXT", "PROMETHEUS_PROTOBUF"})
    void readsOrRefusesAsScrapesDo(ExpositionFormat format) {
        run(format, new ExpositionOptions(LIMITS, OpenMetricsChecks.GRAMMAR, true, true));
    }

    @ParameterizedTest
    @EnumSource
    void convertsOrRefuses(ExpositionFormat format) {
        run(format, new ExpositionOptions(LIMITS, OpenMetricsChecks.GRAMMAR, true, false, true));
    }

    private static void run(ExpositionFormat format, ExpositionOptions options) {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed=" + seed);
        Mutator mutator =
                new Mutator(new Random(seed), Bodies.corpus(format), format != PROMETHEUS_PROTOBUF);
        ExpositionParser parser = new ExpositionParser(options);
        // what loading classes costs is not the bodies' fault
        Bodies.corpus(format).forEach(body -> read(parser, format, body));
        int accepted = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = mutator.next();
            try {
                if (walk(parser, format, body)) {
                    accepted++;
                    checkStable(parser, options, format, body);
                }
            } catch (AssertionError | RuntimeException | IOException e) {
                throw new AssertionError(
                        "seed="
                                + seed
                                + " body: "
                                + Arrays.toString(body)
                                + new String(body, StandardCharsets.UTF_8)
                                        .replaceAll("[^ -~\n]", "?"),
                        e);
            }
        }
        assertThat(accepted).isBetween(ROUNDS / 100, ROUNDS - 1);
    }

    /// @return whether the body was accepted
    private static boolean walk(ExpositionParser parser, ExpositionFormat format, byte[] body) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        @Nullable ExpositionException refusal = read(parser, format, body);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).as("bytes allocated").isLessThan(500_000 + 100L * body.length);
        if (refusal == null) {
            return true;
        }
        assertThat(refusal.offsetBytes()).isBetween(0, body.length);
        if (format == PROMETHEUS_PROTOBUF) {
            assertThat(refusal.line()).isZero();
            assertThat(refusal.column()).isZero();
        } else {
            assertThat(refusal.line()).isBetween(1, 1 + newlines(body));
            assertThat(refusal.column()).isBetween(1, body.length + 1);
        }
        return false;
    }

    private static @Nullable ExpositionException read(
            ExpositionParser parser, ExpositionFormat format, byte[] body) {
        try {
            parser.reset(format, body, body.length);
            long steps = 0;
            while (parser.next()) {
                assertThat(++steps).isLessThanOrEqualTo(8L * body.length);
                byte[] bytes = parser.keyBytes();
                assertThat(parser.keyEnd()).isBetween(parser.keyStart() + 1, bytes.length);
                assertThat(parser.valueStart()).isBetween(parser.keyEnd(), parser.valueEnd());
                assertThat(parser.offsetBytes()).isBetween(0, body.length);
                if (parser.labels().metric().isEmpty()) {
                    throw new AssertionError("a sample without a name");
                }
                parser.metadata();
                parser.line();
                parser.value();
                parser.histogram();
                for (int i = parser.exemplarCount() - 1; i >= 0; i--) {
                    parser.exemplar(i, 0);
                }
            }
            return null;
        } catch (ExpositionException e) {
            return e;
        }
    }

    private static int newlines(byte[] body) {
        int count = 0;
        for (byte b : body) {
            count += b == '\n' ? 1 : 0;
        }
        return count;
    }

    private static void checkStable(
            ExpositionParser parser,
            ExpositionOptions options,
            ExpositionFormat format,
            byte[] body)
            throws IOException {
        List<Whole> read = wholes(parser, format, body);
        assertThat(wholes(parser, format, body)).isEqualTo(read);
        if (options.convertClassic()) {
            return;
        }
        switch (format) {
            case PROMETHEUS_TEXT -> {
                byte[] written = FamilyBody.prometheusText(read);
                assertThat(essence(wholes(roomy(), PROMETHEUS_TEXT, written)))
                        .as(new String(written, StandardCharsets.UTF_8))
                        .isEqualTo(essence(read));
            }
            case OPENMETRICS_TEXT -> {
                if (read.stream().allMatch(ExpositionFuzzTest::isExact)) {
                    byte[] written = FamilyBody.openMetrics(read);
                    assertThat(essence(wholes(roomy(), OPENMETRICS_TEXT, written)))
                            .as(new String(written, StandardCharsets.UTF_8))
                            .isEqualTo(essence(read));
                }
            }
            case PROMETHEUS_PROTOBUF -> {
                byte[] written = rewritten(body);
                if (written.length > 0) {
                    assertThat(wholes(parser, format, written)).isEqualTo(read);
                }
            }
        }
    }

    /// Escapes may make a line longer than what was read.
    private static ExpositionParser roomy() {
        return new ExpositionParser(ExpositionLimits.DEFAULT, OpenMetricsChecks.GRAMMAR);
    }

    private static List<Whole> wholes(
            ExpositionParser parser, ExpositionFormat format, byte[] body) {
        try {
            return Bodies.wholes(parser, format, body);
        } catch (ExpositionException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isExact(Whole sample) {
        return Math.abs(sample.timestampMs()) < EXACT_MS
                && sample.exemplars().stream()
                        .allMatch(exemplar -> Math.abs(exemplar.timestampMs()) < EXACT_MS);
    }

    /// All but what lines that belong to no sample say.
    private static List<List<Object>> essence(List<Whole> samples) {
        return samples.stream()
                .map(sample ->
                        List.<Object>of(
                                sample.labels(),
                                sample.value(),
                                sample.timestampMs(),
                                sample.startMs(),
                                sample.exemplars()))
                .toList();
    }

    /// The body through the generated classes of the client library; nothing where they refuse it,
    /// because what is not asked for is broken, such as the buckets beside a native histogram.
    private static byte[] rewritten(byte[] body) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(body);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (in.available() > 0) {
            try {
                MetricFamily.parseDelimitedFrom(in).writeDelimitedTo(out);
            } catch (InvalidProtocolBufferException e) {
                return new byte[0];
            }
        }
        return out.toByteArray();
    }
}
