package dev.muster.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
    @TempDir Path directory;
    private Process process;

    @BeforeEach
    void start() throws IOException {
        process = Processes.sleeping("marker-of-pid-file-test");
    }

    @AfterEach
    void end() {
        Ending.endAll(List.of(process.toHandle()), Duration.ofSeconds(5));
    }

    @Test
    void findsTheProcessAgain() throws IOException {
        PidFile.of("a1", process.toHandle(), "marker-of-pid-file-test").write(directory);

        assertThat(PidFile.in(directory))
                .singleElement()
                .satisfies(file -> assertThat(file.process()).contains(process.toHandle()));
    }

    @Test
    void anotherProcessWithTheSamePidIsNotOurs() {
        var startedMs = process.info().startInstant().orElseThrow().toEpochMilli();

        assertThat(new PidFile("a1", process.pid(), startedMs, "another marker").process())
                .isEmpty();
        assertThat(
                        new PidFile(
                                        "a1",
                                        process.pid(),
                                        startedMs - 10_000,
                                        "marker-of-pid-file-test")
                                .process())
                .isEmpty();
    }

    @Test
    void anEndedProcessIsNotFound() throws IOException {
        PidFile.of("a1", process.toHandle(), "marker-of-pid-file-test").write(directory);
        end();

        assertThat(PidFile.in(directory).getFirst().process()).isEmpty();
    }

    @Test
    void aDamagedFileIsLeftAlone() throws IOException {
        Files.writeString(directory.resolve("a1.pid"), "pid=twelve\n");
        Files.writeString(directory.resolve("a2.pid"), "");

        assertThat(PidFile.in(directory)).isEmpty();
    }

    @Test
    void aDirectoryThatDoesNotExistHoldsNone() {
        assertThat(PidFile.in(directory.resolve("none"))).isEmpty();
    }
}
