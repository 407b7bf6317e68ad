package dev.muster.agent.why;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class VerdictTest {
    @Test
    void everyOneIsInTheDocumentation() throws IOException {
        String root = System.getProperty("muster.root");
        Assumptions.assumeTrue(root != null, "muster.root must name the repository");
        String page = Files.readString(Path.of(root, "docs", "why.md"));
        for (Verdict verdict : Verdict.values()) {
            assertThat(page).contains("| `" + verdict + "` |");
        }
    }
}
