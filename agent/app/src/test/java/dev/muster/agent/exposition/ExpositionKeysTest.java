package dev.muster.agent.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.labels.Labels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpositionKeysTest {
    private final ExpositionKeys keys = new ExpositionKeys();

    /// What a key says is what its sample said.
    @ParameterizedTest
    @EnumSource(
            value = ExpositionFormat.class,
            names = {"PROMETHEUS_TEXT", "OPENMETRICS_TEXT"})
    void readsTheLabelsOfTheSample(ExpositionFormat format) throws ExpositionException {
        byte[] body =
                "a 1\nb{x=\"1\",y=\"\\\"q\\\" \\\\ \\n\"} 2\n{\"c.d\",\"e f\"=\"ü\"} 3\n# EOF\n"
                        .getBytes(StandardCharsets.UTF_8);
        ExpositionParser parser =
                new ExpositionParser(ExpositionLimits.DEFAULT, OpenMetricsChecks.GRAMMAR);
        parser.reset(format, body, body.length);
        List<Labels> said = new ArrayList<>();
        while (parser.next()) {
            byte[] key = Arrays.copyOfRange(parser.keyBytes(), parser.keyStart(), parser.keyEnd());
            assertThat(keys.labels(key)).isEqualTo(parser.labels());
            said.add(parser.labels());
        }
        assertThat(said).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "a b c", "# EOF"})
    void refusesWhatIsNoKey(String text) {
        byte[] key = text.getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> keys.labels(key)).isInstanceOf(IllegalArgumentException.class);
    }
}
