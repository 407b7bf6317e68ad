package dev.muster.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.launcher.process.Supervisor.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
    private static final String SLEEP = "echo begun; while :; do sleep 1; done";

    @TempDir Path directory;
    private Instant now = Instant.parse("2026-11-22T12:00:00Z");
    private Supervisor supervisor = new Supervisor(Path.of("unused"), Optional.empty(), () -> now);

    @AfterEach
    void end() {
        supervisor.end(Duration.ofSeconds(5));
    }

    @Test
    void reportsADeadChildOnceWithItsLastLines() throws IOException {
        supervisor = supervisor(Optional.empty());
        supervisor.start(spec("a1", "echo first; echo last; exit 3"));

        var lost = awaitDeath();

        assertThat(lost.name()).isEqualTo("a1");
        assertThat(lost.exitCode()).isEqualTo(3);
        assertThat(lost.tail()).containsExactly("first", "last");
        assertThat(supervisor.tick()).isEmpty();
        assertThat(supervisor.lost()).containsExactly(lost);
    }

    @Test
    void startsADeadChildAgainWhenItsTimeHasCome() throws IOException {
        supervisor = supervisor(Optional.of(Duration.ofSeconds(30)));
        supervisor.start(spec("a1", SLEEP));
        var first = PidFile.in(directory).getFirst();
        first.process().orElseThrow().destroyForcibly();
        assertThat(awaitDeath().restartAt()).contains(now.plusSeconds(30));

        now = now.plusSeconds(29);
        assertThat(supervisor.tick()).isEmpty();
        now = now.plusSeconds(1);
        assertThat(supervisor.tick()).containsExactly(new Change.Restarted("a1"));

        assertThat(supervisor.lost()).isEmpty();
        var second = PidFile.in(directory).getFirst();
        assertThat(second.pid()).isNotEqualTo(first.pid());
        assertThat(second.process()).isPresent();
    }

    @Test
    void theOthersGoOn() throws IOException {
        supervisor = supervisor(Optional.empty());
        supervisor.start(spec("a1", "exit 1"));
        supervisor.start(spec("a2", SLEEP));

        awaitDeath();

        assertThat(PidFile.in(directory)).extracting(PidFile::name).containsExactly("a2");
        assertThat(PidFile.in(directory).getFirst().process()).isPresent();
    }

    @Test
    void endsAllAndLeavesNoPidFile() throws IOException {
        supervisor = supervisor(Optional.empty());
        supervisor.start(spec("a1", SLEEP));
        supervisor.start(spec("a2", SLEEP));
        var processes =
                PidFile.in(directory).stream().map(file -> file.process().orElseThrow()).toList();

        assertThat(supervisor.end(Duration.ofSeconds(5))).isEmpty();

        assertThat(processes).hasSize(2).noneMatch(ProcessHandle::isAlive);
        assertThat(PidFile.in(directory)).isEmpty();
        assertThat(supervisor.tick()).isEmpty();
    }

    @Test
    void killsAChildThatDoesNotWantToEnd() throws IOException {
        supervisor = supervisor(Optional.empty());
        supervisor.start(spec("a1", "trap '' TERM; echo deaf; while :; do sleep 1; done"));
        await().until(() -> Files.readString(directory.resolve("a1.log")).contains("deaf"));

        assertThat(supervisor.end(Duration.ofMillis(300))).containsExactly("a1");
    }

    @Test
    void nothingStartsAfterTheEnd() throws IOException {
        supervisor = supervisor(Optional.empty());
        supervisor.end(Duration.ofSeconds(1));
        supervisor.start(spec("a1", SLEEP));

        assertThat(PidFile.in(directory)).isEmpty();
    }

    private Supervisor supervisor(Optional<Duration> restartAfter) {
        return new Supervisor(directory, restartAfter, () -> now);
    }

    private ChildSpec spec(String name, String script) {
        return Processes.spec(name, script, directory);
    }

    private Supervisor.Lost awaitDeath() {
        List<Change> seen = new ArrayList<>();
        await().until(() -> seen.addAll(supervisor.tick()));
        assertThat(seen).singleElement().isInstanceOf(Change.Died.class);
        return ((Change.Died) seen.getFirst()).lost();
    }
}
