package dev.muster.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
    @TempDir Path directory;

    @Test
    void showsTheLastLinesOfThisRunOnly() throws IOException {
        var log = Files.writeString(directory.resolve("a1.log"), "before\none\ntwo\nthree\n");

        assertThat(LogTail.of(log, 7, 2)).containsExactly("two", "three");
        assertThat(LogTail.of(log, 7, 10)).containsExactly("one", "two", "three");
    }

    @Test
    void aLongLogIsReadFromItsEnd() throws IOException {
        var log = Files.writeString(directory.resolve("a1.log"), "x".repeat(100_000) + "\nlast\n");

        assertThat(LogTail.of(log, 0, 1)).containsExactly("last");
    }

    @Test
    void noLogHasNoLines() {
        assertThat(LogTail.of(directory.resolve("none.log"), 0, 5)).isEmpty();
    }
}
