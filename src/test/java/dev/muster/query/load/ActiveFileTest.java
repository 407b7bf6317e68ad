package dev.muster.query.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActiveFileTest {
    @TempDir private Path directory;

    private static ActiveQuery.Origin origin(String query) {
        return new ActiveQuery.Origin("query", query, 0, "10.0.0.1:1", "curl");
    }

    @Test
    void keepsWhatRanWhenItsProcessDied() throws IOException {
        Path path = directory.resolve("a/active");
        ActiveFile file = ActiveFile.open(Optional.of(path), 3);
        int done = file.write(origin("done"), 0);
        file.write(origin("sum(\n  up)"), 1_000);
        file.clear(done);
        // Nothing is closed or flushed: the process is dead.
        assertThat(ActiveFile.leftBehind(path))
                .containsExactly(
                        "since=1970-01-01T00:00:01Z call=query client=10.0.0.1:1 query=sum( up)");
        ActiveFile.open(Optional.of(path), 3);
        assertThat(ActiveFile.leftBehind(path)).isEmpty();
    }

    @Test
    void leavesOutWhatHasNoPlace() throws IOException {
        Path path = directory.resolve("active");
        ActiveFile file = ActiveFile.open(Optional.of(path), 1);
        int first = file.write(origin("a".repeat(5_000)), 0);
        assertThat(file.write(origin("b"), 0)).isNegative();
        assertThat(Files.size(path)).isEqualTo(ActiveFile.SLOT_BYTES);
        assertThat(ActiveFile.leftBehind(path)).hasSize(1);
        file.clear(first);
        assertThat(file.write(origin("b"), 0)).isNotNegative();
    }

    @Test
    void aFileThatCannotBeWrittenIsLeftOut() throws IOException {
        Path blocked = Files.createFile(directory.resolve("file"));
        ActiveFile file = ActiveFile.open(Optional.of(blocked.resolve("active")), 1);
        assertThat(file.write(origin("a"), 0)).isNegative();
        file.clear(-1);
    }
}
