package dev.muster.agent.exposition;

import static dev.muster.agent.exposition.ExpositionFormat.PROMETHEUS_TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.exposition.Bodies.Parsed;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ExpositionWriterTest {
    private final ExpositionWriter writer = new ExpositionWriter(1);

    private String text() {
        return new String(writer.bytes(), 0, writer.size(), StandardCharsets.UTF_8);
    }

    @Test
    void writesFamiliesAndSamples() {
        byte[] bytes = "xeth0x".getBytes(StandardCharsets.UTF_8);
        writer.family("a_total", MetricType.COUNTER, "Line\none \\ \"two\".")
                .sample("a_total", 1)
                .sample("a_total", "b", "c", 1e6)
                .sample("a_total", "b", "c", "d", "e", Double.NaN)
                .begin("a_total")
                .label("device", bytes, 1, 5)
                .label("cpu", 12)
                .label("delta", -3)
                .end(0.5)
                .family("x", MetricType.INFO, "")
                .sample("x", -1);
        assertThat(text())
                .isEqualTo(
                        """
                        # HELP a_total Line\\none \\\\ "two".
                        # TYPE a_total counter
                        a_total 1
                        a_total{b="c"} 1e+06
                        a_total{b="c",d="e"} NaN
                        a_total{device="eth0",cpu="12",delta="-3"} 0.5
                        # TYPE x gauge
                        x -1
                        """);
    }

    @Test
    void escapesSoThatTheParserReadsTheSame() throws ExpositionException {
        String value = "ü\"\\\n\0\t数🚀\\n";
        writer.family("my.metric", MetricType.GAUGE, "help")
                .sample("my.metric", "label \"name\"", value, "plain", "x", 2)
                .sample("my.metric", 3)
                .sample("plain", "a:b", "c", 4);
        assertThat(Bodies.parse(PROMETHEUS_TEXT, Arrays.copyOf(writer.bytes(), writer.size())))
                .containsExactly(
                        new Parsed(
                                Labels.of(
                                        "__name__",
                                        "my.metric",
                                        "label \"name\"",
                                        value,
                                        "plain",
                                        "x"),
                                2,
                                -1),
                        new Parsed("my.metric", 3),
                        new Parsed(Labels.of("__name__", "plain", "a:b", "c"), 4, -1));
    }

    @Test
    void forgetsWhatIsTruncated() {
        writer.sample("a", 1);
        int size = writer.size();
        writer.sample("b", 2);
        writer.truncate(size);
        assertThat(text()).isEqualTo("a 1\n");
        assertThatThrownBy(() -> writer.truncate(size + 1))
                .hasMessage("size must be within what was written: size=5, written=4");
        ExpositionWriter other = new ExpositionWriter();
        other.sample("c", 3);
        writer.append(other);
        assertThat(text()).isEqualTo("a 1\nc 3\n");
        writer.clear();
        assertThat(text()).isEmpty();
    }
}
