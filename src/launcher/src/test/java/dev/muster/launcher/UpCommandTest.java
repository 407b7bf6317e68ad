package dev.muster.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.launcher.process.Ending;
import dev.muster.launcher.process.PidFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./muster up` with real processes, but with fakes in place of the programs.
class UpCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path directory;
    private Path data = Path.of("unset");
    private int portBase;
    private int outputs;

    @BeforeEach
    void layOut() throws IOException {
        new FakeCheckout(directory);
        data = directory.resolve("data");
        portBase = FreePorts.row(24);
    }

    @AfterEach
    void endWhatIsLeft() {
        Ending.endAll(
                PidFile.in(data.resolve("run")).stream()
                        .flatMap(file -> file.process().stream())
                        .toList(),
                Duration.ofSeconds(5));
    }

    @Test
    void showsTheFleetAndEndsCleanlyOnASignal() throws Exception {
        try (var up = up(Map.of())) {
            up.awaitText("agents 3/3  targets 8/8  series 3,000  samples 3,000/s", PATIENCE);
            assertThat(up.text()).contains("http://127.0.0.1:" + (portBase + 10) + "/");
            assertThat(children()).hasSize(5);

            up.process().destroy();

            assertThat(up.awaitExit(PATIENCE)).isZero();
            assertThat(up.text()).contains("stopping\nstopped\n").doesNotContain("died");
            assertThat(children()).isEmpty();
        }
    }

    @Test
    void endsByItselfAfterTheTimeItWasGiven() throws Exception {
        try (var up = up(Map.of(), "--for", "300ms")) {
            assertThat(up.awaitExit(PATIENCE)).as(up.text()).isZero();
        }
    }

    @Test
    void reportsAKilledAgentByNameAndStartsItAgain() throws Exception {
        try (var up = up(Map.of(), "--restart-after", "1s")) {
            up.awaitText("agents 3/3", PATIENCE);
            child("a2").destroyForcibly();

            up.awaitText("a2 died, exit code 137, starts again in", PATIENCE);
            up.awaitText("  | fake listens on", PATIENCE);
            up.awaitText("a2 was started again", PATIENCE);
            assertThat(child("a2").isAlive()).isTrue();
        }
    }

    @Test
    void aSecondStartSaysThatOneRuns() throws Exception {
        try (var first = up(Map.of())) {
            first.awaitText("agents 3/3", PATIENCE);
            try (var second = up(Map.of())) {
                assertThat(second.awaitExit(PATIENCE)).isEqualTo(2);
                assertThat(second.text())
                        .isEqualTo(
                                "muster: muster already runs here: pid=%d, page http://127.0.0.1:%d%n"
                                        .formatted(first.process().pid(), portBase + 10));
            }
        }
    }

    @Test
    void endsTheChildrenOfALauncherThatWasKilled() throws Exception {
        try (var first = up(Map.of())) {
            first.awaitText("agents 3/3", PATIENCE);
            first.process().destroyForcibly().waitFor();
        }
        assertThat(children()).hasSize(5);

        try (var second = up(Map.of(), "--for", "300ms")) {
            assertThat(second.awaitExit(PATIENCE)).as(second.text()).isZero();
            assertThat(second.text()).contains("left over from a launcher that was killed");
        }
        assertThat(children()).isEmpty();
    }

    @Test
    void aTakenPortIsRefusedBeforeAnythingStarts() throws Exception {
        try (var _ = new ServerSocket(portBase + 4, 1, InetAddress.getLoopbackAddress());
                var up = up(Map.of())) {
            assertThat(up.awaitExit(PATIENCE)).isEqualTo(2);
            assertThat(up.text())
                    .startsWith(
                            "muster: ports must be free on 127.0.0.1: in use: %d (agent a3)"
                                    .formatted(portBase + 4))
                    .doesNotContain("at dev.muster");
            assertThat(children()).isEmpty();
        }
    }

    @Test
    void aProgramThatRefusesItsSettingsIsShownAndStopsTheStart() throws Exception {
        try (var up = up(Map.of("FAKE_BAD_AGENT", "a2"))) {
            assertThat(up.awaitExit(PATIENCE)).isEqualTo(2);
            assertThat(up.text())
                    .contains("a2 ended while starting, exit code 2:")
                    .contains("  | config key must be known: found=muster.bogus")
                    .endsWith("stopping\nstopped\n");
            assertThat(children()).isEmpty();
        }
    }

    @Test
    void aDataDirectoryThatCannotBeIsRefused() throws Exception {
        var file = Files.writeString(directory.resolve("file"), "");
        data = file.resolve("below");
        try (var up = up(Map.of())) {
            assertThat(up.awaitExit(PATIENCE)).isEqualTo(2);
            assertThat(up.text())
                    .startsWith("muster: data directory must be writable: path=" + data)
                    .hasLineCount(1);
        }
    }

    @Test
    void statusListsTheProcesses() throws Exception {
        try (var up = up(Map.of())) {
            up.awaitText("agents 3/3", PATIENCE);
            child("a3").destroyForcibly();
            await().until(() -> children().size() == 4);

            try (var status = spawn(Map.of(), "status", "--data", data.toString())) {
                assertThat(status.awaitExit(PATIENCE)).isEqualTo(1);
                assertThat(status.text())
                        .containsPattern("a1 +\\d+ +ready +http://127.0.0.1:" + portBase)
                        .containsPattern("a3 +- +not running")
                        .contains("agents 3/3  targets 8/8");
            }
            try (var json = spawn(Map.of(), "status", "--json", "--data", data.toString())) {
                json.awaitExit(PATIENCE);
                assertThat(json.text()).contains("\"name\" : \"a1\"", "\"state\" : \"ready\"");
            }
        }
    }

    @Test
    void statusSaysThatNothingRuns() throws Exception {
        try (var status = spawn(Map.of(), "status", "--data", data.toString())) {
            assertThat(status.awaitExit(PATIENCE)).isEqualTo(1);
            assertThat(status.text())
                    .isEqualTo("muster does not run here; ./muster up starts it\n");
        }
    }

    @Test
    void anUnknownOptionIsOneLineAndAHint() throws Exception {
        try (var up = spawn(Map.of(), "up", "--frob")) {
            assertThat(up.awaitExit(PATIENCE)).isEqualTo(2);
            assertThat(up.text())
                    .isEqualTo("muster: Unknown option: '--frob'\ntry ./muster up --help\n");
        }
    }

    private Spawned up(Map<String, String> environment, String... more) throws IOException {
        var arguments =
                Stream.concat(
                        Stream.of(
                                "up",
                                "--data",
                                data.toString(),
                                "--port-base",
                                Integer.toString(portBase)),
                        Stream.of(more));
        return spawn(environment, arguments.toArray(String[]::new));
    }

    private Spawned spawn(Map<String, String> environment, String... arguments) throws IOException {
        var output = directory.resolve("output-" + outputs++ + ".txt");
        return Spawned.launcher(directory, output, environment, arguments);
    }

    private ProcessHandle child(String name) {
        return PidFile.in(data.resolve("run")).stream()
                .filter(file -> file.name().equals(name))
                .flatMap(file -> file.process().stream())
                .findFirst()
                .orElseThrow();
    }

    private java.util.List<ProcessHandle> children() {
        return PidFile.in(data.resolve("run")).stream()
                .flatMap(file -> file.process().stream())
                .toList();
    }
}
