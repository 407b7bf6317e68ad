package dev.muster.agent.scrape.append;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.exposition.ExpositionFormat;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FaultExcerptTest {
    private static String excerpt(String body, int line, int column) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return FaultExcerpt.of(
                new ScrapeBody(ExpositionFormat.PROMETHEUS_TEXT, bytes, bytes.length),
                line,
                column);
    }

    @Test
    void isTheLine() {
        assertThat(excerpt("a 1\nb{x=\"ü\" 2\nc 3", 2, 5)).isEqualTo("b{x=\"ü\" 2");
        assertThat(excerpt("a 1\nb 2", 1, 1)).isEqualTo("a 1");
        assertThat(excerpt("a 1\nb 2", 2, 9)).isEqualTo("b 2");
    }

    @Test
    void isEmptyWhereThereIsNoLine() {
        assertThat(excerpt("a 1\n", 0, 0)).isEmpty();
        assertThat(excerpt("a 1\n", 7, 1)).isEmpty();
        assertThat(excerpt("", 1, 1)).isEmpty();
    }

    @Test
    void showsWhatCannotBeSeen() {
        assertThat(excerpt("a\u0000b\u001b[1m 1\r\n", 1, 2)).isEqualTo("a\\x00b\\x1b[1m 1\\x0d");
    }

    @Test
    void isCutAroundTheColumn() {
        String line = "x".repeat(5_000) + "!" + "y".repeat(5_000);
        String excerpt = excerpt("a 1\n" + line + "\n", 2, 5_001);
        assertThat(excerpt).startsWith("…x").endsWith("y…").contains("x!y");
        assertThat(excerpt).hasSize(FaultExcerpt.LIMIT_BYTES + 2);
        assertThat(excerpt(line, 1, 1)).startsWith("xxx").endsWith("x…");
        assertThat(excerpt(line, 1, 10_001)).startsWith("…y").endsWith("y");
    }
}
