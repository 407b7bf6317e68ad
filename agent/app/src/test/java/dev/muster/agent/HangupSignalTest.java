package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class HangupSignalTest {
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void runsAtEachSignal() throws IOException, InterruptedException {
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
}
