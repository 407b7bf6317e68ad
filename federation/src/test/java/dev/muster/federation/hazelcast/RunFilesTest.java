package dev.muster.federation.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.federation.detect.FrameCodec;
import dev.muster.federation.detect.RosterEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFilesTest {
    @TempDir Path directory;

    private RunFiles open() throws IOException {
        return new RunFiles(directory.resolve("cell"), new FrameCodec("c1"));
    }

    @Test
    void everyRunHasAGreaterNumberEvenIfTheClockStepsBack() throws IOException {
        assertThat(open().nextIncarnation(5_000_000)).isEqualTo(5_000);
        assertThat(open().nextIncarnation(5_000_000)).isEqualTo(5_001);
        assertThat(open().nextIncarnation(1_000_000)).isEqualTo(5_002);
        assertThat(open().nextIncarnation(9_000_000)).isEqualTo(9_000);
    }

    @Test
    void takesTheNumberFromTheClockWhenTheFileIsBroken() throws IOException {
        open().nextIncarnation(5_000_000);
        Files.writeString(directory.resolve("cell/cell-incarnation"), "12x");
        assertThat(open().nextIncarnation(6_000_000)).isEqualTo(6_000);
    }

    @Test
    void keepsTheRosterAndDoesWithoutABrokenOne() throws IOException {
        assertThat(open().roster()).isEmpty();
        var roster = List.of(RosterEntry.active("a", "http://a", 3));
        open().writeRoster(roster);
        assertThat(open().roster()).isEqualTo(roster);
        Files.write(directory.resolve("cell/cell-roster"), new byte[] {1, 2, 3});
        assertThat(open().roster()).isEmpty();
    }
}
