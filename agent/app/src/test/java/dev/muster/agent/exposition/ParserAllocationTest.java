package dev.muster.agent.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.muster.agent.exposition.Bodies.Whole;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParserAllocationTest {
    private static final int METRICS = 200;
    private static final int ROUNDS = 200;

    private static byte[] body(ExpositionFormat format) throws ExpositionException {
        StringBuilder text = new StringBuilder("# TYPE a counter\n");
        for (int i = 0; i < METRICS; i++) {
            text.append("a_total{i=\"").append(i).append("\"} ").append(i).append(".25\n");
            text.append("a_created{i=\"").append(i).append("\"} 17\n");
        }
        text.append("# TYPE h histogram\n");
        for (int i = 0; i < METRICS; i++) {
            text.append("h_bucket{i=\"").append(i).append("\",le=\"0.5\"} 1\n");
            text.append("h_bucket{i=\"").append(i).append("\",le=\"+Inf\"} 2\n");
            text.append("h_count{i=\"").append(i).append("\"} 2\n");
            text.append("h_sum{i=\"").append(i).append("\"} 0.123456789\n");
        }
        byte[] openMetrics = text.append("# EOF\n").toString().getBytes(StandardCharsets.UTF_8);
        ExpositionParser parser = new ExpositionParser(ExpositionOptions.STRICT);
        List<Whole> samples = Bodies.wholes(parser, ExpositionFormat.OPENMETRICS_TEXT, openMetrics);
        return switch (format) {
            case OPENMETRICS_TEXT -> openMetrics;
            case PROMETHEUS_TEXT -> FamilyBody.prometheusText(samples);
            case PROMETHEUS_PROTOBUF -> FamilyBody.protobuf(samples);
        };
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsAllocatedForAKnownSample(ExpositionFormat format) throws ExpositionException {
        byte[] body = body(format);
        ScrapeParser parser = new ExpositionParser(ExpositionOptions.STRICT);
        double sum = 0;
        for (int i = 0; i < ROUNDS; i++) {
            sum += read(parser, format, body);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            sum += read(parser, format, body);
        }
        long perBody = (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;
        assertThat(perBody).as("bytes for %d metrics", 2 * METRICS).isLessThan(METRICS);
        assertThat(sum).isPositive();
    }

    private static double read(ScrapeParser parser, ExpositionFormat format, byte[] body)
            throws ExpositionException {
        parser.reset(format, body, body.length);
        double sum = 0;
        while (parser.next()) {
            sum += parser.keyEnd() + parser.value() + parser.startMs() + parser.exemplarCount();
        }
        return sum;
    }
}
