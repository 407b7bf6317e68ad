package dev.muster.launcher.process;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
    @TempDir Path directory;

    @Test
    void tellsTheSecondWhoRunsAlready() throws IOException {
        try (var _ = RunLock.acquire(directory, "page http://127.0.0.1:9650")) {
            assertThatThrownBy(() -> RunLock.acquire(directory, "page elsewhere"))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage(
                            "muster already runs here: pid="
                                    + ProcessHandle.current().pid()
                                    + ", page http://127.0.0.1:9650");
        }
    }

    @Test
    void isFreeAgainAfterTheFirstEnded() throws IOException {
        RunLock.acquire(directory, "first").close();
        RunLock.acquire(directory, "second").close();
    }
}
