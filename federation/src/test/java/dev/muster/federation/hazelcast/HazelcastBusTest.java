package dev.muster.federation.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.federation.FreePorts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HazelcastBusTest {
    private final List<Integer> ports = FreePorts.of(2);
    private final Slow slow = new Slow();

    @Test
    void whoReadTheMembersFirstHasNotTheLastWord() {
        HazelcastBus first = bus("a", 0, slow);
        HazelcastBus second = bus("b", 1, new Deaf());
        try {
            first.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> slow.begun.get() == 1);
            second.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> second.nodes().size() == 2);
            slow.go.countDown();
            await().atMost(Duration.ofSeconds(10)).until(() -> slow.ended.get() == 2);
            assertThat(slow.last).hasSize(2);
            assertThat(first.nodes()).containsExactlyInAnyOrder("a", "b");
        } finally {
            first.close(false);
            second.close(false);
        }
    }

    private HazelcastBus bus(String node, int index, HazelcastBus.Receiver receiver) {
        var place =
                new MemberPlace(
                        "muster-bus",
                        node,
                        "127.0.0.1",
                        ports.get(index),
                        TestAgent.seeds(ports),
                        Optional.empty());
        return new HazelcastBus("test", place, receiver);
    }

    /// Takes its time over the first members it is told, until another thread tells of more; or a
    /// second, where none is let in meanwhile.
    private static final class Slow extends Deaf {
        final AtomicInteger begun = new AtomicInteger();
        final AtomicInteger ended = new AtomicInteger();
        final CountDownLatch go = new CountDownLatch(1);
        private final CountDownLatch overtaken = new CountDownLatch(1);
        volatile List<String> last = List.of();

        @Override
        public void addresses(List<String> addresses) {
            try {
                if (begun.incrementAndGet() == 1) {
                    assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
                    boolean _ = overtaken.await(1, TimeUnit.SECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            last = addresses;
            ended.incrementAndGet();
            if (addresses.size() == 2) {
                overtaken.countDown();
            }
        }
    }

    private static class Deaf implements HazelcastBus.Receiver {
        @Override
        public void received(byte[] frame) {}

        @Override
        public void lost(String node) {}

        @Override
        public void works(boolean works) {}
    }
}
