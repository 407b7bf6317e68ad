package dev.muster.blocks.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ByteGateTest {
    @Test
    void keepsWhoWouldPassTheLimitWaiting() throws Exception {
        ByteGate gate = new ByteGate(10 << 10);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Long> second =
                    () -> {
                        try (ByteGate.Passage _ = gate.enter(4 << 10)) {
                            return gate.bytes();
                        }
                    };
            Future<Long> waiting;
            try (ByteGate.Passage _ = gate.enter(7 << 10)) {
                waiting = executor.submit(second);
                while (gate.waits() == 0) {
                    Thread.onSpinWait();
                }
                assertThat(waiting.isDone()).isFalse();
                assertThat(gate.bytes()).isEqualTo(7 << 10);
            }
            assertThat(waiting.get()).isEqualTo(4 << 10);
        }
        assertThat(gate.bytes()).isZero();
    }

    @Test
    void letsThroughWhatIsLargerThanTheLimitAlone() throws IOException {
        ByteGate gate = new ByteGate(10 << 10);

        try (ByteGate.Passage _ = gate.enter(1L << 40)) {
            assertThat(gate.bytes()).isEqualTo(10 << 10);
        }
        assertThat(gate.bytes()).isZero();
        assertThat(gate.waits()).isZero();
    }
}
