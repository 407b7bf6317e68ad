package dev.muster.agent.exposition;

import static dev.muster.agent.exposition.ExpositionFormat.PROMETHEUS_PROTOBUF;
import static dev.muster.agent.exposition.ExpositionFormat.PROMETHEUS_TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.muster.agent.exposition.Bodies.Whole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundTripTest {
    private static List<Whole> read(String name, ExpositionFormat format, int samples)
            throws IOException, ExpositionException {
        Path file = Bodies.shared("conformance/exposition").resolve(name);
        assumeTrue(Files.exists(file), () -> "no body to read: file=" + file + " is absent");
        List<Whole> read = parse(format, Files.readAllBytes(file));
        assertThat(read).hasSize(samples);
        return read;
    }

    private static List<Whole> parse(ExpositionFormat format, byte[] body)
            throws ExpositionException {
        return Bodies.wholes(new ExpositionParser(ExpositionOptions.SCRAPE), format, body);
    }

    @ParameterizedTest
    @CsvSource({
        "alltypes.237mfs.prom.txt, PROMETHEUS_TEXT, 1857",
        "alltypes.5mfs.om.txt, OPENMETRICS_TEXT, 53",
        "1histogram.om.txt, OPENMETRICS_TEXT, 42"
    })
    void realBodiesSurviveParserAndWriter(String name, ExpositionFormat format, int samples)
            throws IOException, ExpositionException {
        List<Whole> read = read(name, format, samples);
        byte[] written =
                format == ExpositionFormat.OPENMETRICS_TEXT
                        ? FamilyBody.openMetrics(read)
                        : FamilyBody.prometheusText(read);
        assertThat(parse(format, written)).isEqualTo(read);
        assertThat(values(parse(PROMETHEUS_TEXT, FamilyBody.prometheusText(read))))
                .isEqualTo(values(read));
    }

    /// Protobuf has its own order within a metric, and no samples for times of creation.
    @ParameterizedTest
    @CsvSource({
        "alltypes.237mfs.prom.txt, PROMETHEUS_TEXT, 1857",
        "alltypes.5mfs.om.txt, OPENMETRICS_TEXT, 53",
        "1histogram.om.txt, OPENMETRICS_TEXT, 42"
    })
    void realBodiesSurviveProtobuf(String name, ExpositionFormat format, int samples)
            throws IOException, ExpositionException {
        List<Whole> read = new ArrayList<>(read(name, format, samples));
        read.removeIf(FamilyBody::isCreated);
        List<Whole> back = parse(PROMETHEUS_PROTOBUF, FamilyBody.protobuf(read));
        assertThat(back).hasSameSizeAs(read);
        assertThat(sorted(back)).isEqualTo(sorted(read));
        assertThat(back.stream().mapToLong(Whole::startMs).sum())
                .isEqualTo(read.stream().mapToLong(Whole::startMs).sum());
    }

    private static String sorted(List<Whole> samples) {
        return values(samples).stream()
                .map(Object::toString)
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static List<List<Object>> values(List<Whole> samples) {
        return samples.stream()
                .map(sample -> List.<Object>of(sample.labels(), sample.value()))
                .toList();
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
}
