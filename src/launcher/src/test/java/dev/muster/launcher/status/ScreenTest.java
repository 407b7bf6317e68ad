package dev.muster.launcher.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void rewritesTheLiveLineInATerminalAndCutsItToTheWidth() {
        var screen = new Screen(out, true, 10);
        screen.live("agents 3/3 and more");
        screen.live("agents 2/3");
        screen.say("a1 died");

        assertThat(text()).isEqualTo("\ragents 3/\u001b[K\ragents 2/\u001b[K\r\u001b[Ka1 died\n");
    }

    @Test
    void printsPlainLinesElsewhere() {
        var screen = new Screen(out, false, 10);
        screen.live("agents 3/3 and more");
        screen.say("a1 died");

        assertThat(text()).isEqualTo("agents 3/3 and more\na1 died\n");
    }

    @Test
    void saysTheFleetInOneLine() throws IOException {
        var answer =
                new ObjectMapper()
                        .readTree(
                                """
                                {"agentsUp":2,"agents":3,"targetsUp":7,"targets":9,"blocks":1200,
                                 "series":3412,"samplesPerSecond":3398.6,"followed":[]}
                                """);

        assertThat(FleetStatus.from(answer).line(Duration.ofSeconds(130)))
                .isEqualTo(
                        "agents 2/3  targets 7/9  series 3,412  samples 3,399/s  blocks 1,200"
                                + "  up 2m 10s");
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
