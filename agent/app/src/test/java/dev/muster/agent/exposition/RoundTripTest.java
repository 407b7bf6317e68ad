package dev.muster.agent.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.muster.agent.exposition.Bodies.Parsed;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundTripTest {
    @ParameterizedTest
    @CsvSource({
        "alltypes.237mfs.prom.txt, PROMETHEUS_TEXT, 1857",
        "alltypes.5mfs.om.txt, OPENMETRICS_TEXT, 53",
        "1histogram.om.txt, OPENMETRICS_TEXT, 42"
    })
    void realBodiesSurviveParserAndWriter(String name, ExpositionFormat format, int samples)
            throws IOException, ExpositionException {
        Path file = Bodies.shared("conformance/exposition").resolve(name);
        assumeTrue(Files.exists(file), () -> "no body to read: file=" + file + " is absent");
        ExpositionParser parser =
                new ExpositionParser(ExpositionLimits.DEFAULT, OpenMetricsChecks.GRAMMAR);
        List<Parsed> read = Bodies.parse(parser, format, Files.readAllBytes(file));
        assertThat(read).hasSize(samples);

        ExpositionWriter writer = new ExpositionWriter();
        for (Parsed sample : read) {
            writer.begin(sample.labels().metric());
            sample.labels()
                    .forEach((label, value) -> {
                        if (!label.equals(Labels.METRIC)) {
                            writer.label(label, value);
                        }
                    });
            writer.end(sample.value());
        }
        byte[] written = Arrays.copyOf(writer.bytes(), writer.size());
        assertThat(Bodies.parse(ExpositionFormat.PROMETHEUS_TEXT, written))
                .isEqualTo(read.stream().map(RoundTripTest::untimed).toList());
    }

    @Test
    void aHistogramThatMayGoDownIsRefusedByTheRules() throws IOException {
        Path file = Bodies.shared("conformance/exposition/alltypes.5mfs.om.txt");
        assumeTrue(Files.exists(file), () -> "no body to read: file=" + file + " is absent");
        byte[] body = Files.readAllBytes(file);
        assertThatThrownBy(() -> Bodies.parse(ExpositionFormat.OPENMETRICS_TEXT, body))
                .hasMessage(
                        "line=33 column=37: sum must not be negative or NaN:"
                                + " found=-8.452185437166741e-05");
    }

    private static Parsed untimed(Parsed sample) {
        return new Parsed(sample.labels(), sample.value(), -1);
    }
}
