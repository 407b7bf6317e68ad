package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class HangupSignalTest {
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void runsAtEachSignal() throws IOException, InterruptedException {
        assumeThat(isIgnored())
                .as("started with SIGHUP ignored, as nohup does: a JVM leaves it so")
                .isFalse();
        AtomicInteger signals = new AtomicInteger();
        HangupSignal.handle(signals::incrementAndGet);
        for (int sent = 1; sent <= 2; sent++) {
            int wanted = sent;
            Process kill =
                    new ProcessBuilder(
                                    "kill", "-HUP", String.valueOf(ProcessHandle.current().pid()))
                            .start();
            assertThat(kill.waitFor()).isZero();
            await().until(() -> signals.get() == wanted);
        }
    }

    /// SIGHUP is number 1, the lowest bit of the mask.
    private static boolean isIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .anyMatch(
                            line -> (Character.digit(line.charAt(line.length() - 1), 16) & 1) != 0);
        }
    }
}
