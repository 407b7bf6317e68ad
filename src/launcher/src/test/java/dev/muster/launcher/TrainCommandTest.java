package dev.muster.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./muster train` with real processes and a real cache, but with fakes in place of the programs.
class TrainCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir Path directory;

    @Test
    void makesACacheWithWhichTheNextQueryNodeStarts() throws Exception {
        new FakeCheckout(directory);
        Path cache = directory.resolve("src/target/quarkus-app/query.aot");
        int portBase = FreePorts.row(24);

        try (var train = launcher("train", portBase, "--for", "1s")) {
            assertThat(train.awaitExit(PATIENCE)).as(train.text()).isZero();
            assertThat(train.text()).contains("made " + cache);
        }
        assertThat(cache).isNotEmptyFile();
        assertThat(directory.resolve(".muster/train")).doesNotExist();

        try (var up = launcher("up", portBase, "--for", "300ms")) {
            assertThat(up.awaitExit(PATIENCE)).as(up.text()).isZero();
        }
        assertThat(Files.readString(directory.resolve(".muster/logs/query.log")))
                .startsWith("fake listens on");
    }

    @Test
    void aFailureLeavesTheCacheOfBefore() throws Exception {
        new FakeCheckout(directory);
        Path cache = directory.resolve("src/target/quarkus-app/query.aot");
        Files.writeString(cache, "before");

        try (var train =
                Spawned.launcher(
                        directory,
                        directory.resolve("output.txt"),
                        Map.of("FAKE_BAD_AGENT", "a1"),
                        "train",
                        "--port-base",
                        Integer.toString(FreePorts.row(24)))) {
            assertThat(train.awaitExit(PATIENCE)).isEqualTo(2);
            assertThat(train.text()).contains("a1 ended while training, exit code 2");
        }
        assertThat(cache).hasContent("before");
    }

    private Spawned launcher(String command, int portBase, String... more) throws Exception {
        String[] arguments = new String[more.length + 3];
        arguments[0] = command;
        arguments[1] = "--port-base";
        arguments[2] = Integer.toString(portBase);
        System.arraycopy(more, 0, arguments, 3, more.length);
        return Spawned.launcher(
                directory, directory.resolve("output-" + command + ".txt"), Map.of(), arguments);
    }
}
