package dev.muster.federation.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.federation.FreePorts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Waits most of the time, so that its tests run at once.
@Execution(ExecutionMode.CONCURRENT)
class HazelcastBusTest {
    private final List<Integer> ports = FreePorts.of(4);
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

    /// Each side has a master and another, so that one master has to move both.
    @Test
    void twoSidesThatCameUpApartBecomeOne() {
        var meet = new AtomicBoolean();
        List<HazelcastBus> sides = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                List<String> side =
                        TestAgent.seeds(i < 2 ? ports.subList(0, 2) : ports.subList(2, 4));
                sides.add(
                        bus(
                                "n" + i,
                                i,
                                () -> meet.get() ? TestAgent.seeds(ports) : side,
                                new Deaf()));
            }
            sides.forEach(HazelcastBus::start);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> sides.stream().allMatch(bus -> bus.nodes().size() == 2));
            meet.set(true);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> sides.stream().allMatch(bus -> bus.nodes().size() == 4));
            assertThat(sides).allMatch(bus -> bus.recreations() == 0);
            assertThat(sides).allMatch(bus -> bus.bytesSent() > 1000);
        } finally {
            sides.forEach(bus -> bus.close(false));
        }
    }

    /// Hazelcast then brings them without an event.
    @Test
    void tellsManifestsThatComeWithTheEndOfASplit() {
        var told = new ConcurrentSkipListSet<String>();
        var meet = new AtomicBoolean();
        HazelcastBus first = telling("a", 0, meet, told);
        HazelcastBus second = telling("b", 1, meet, told);
        try {
            first.start();
            second.start();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> first.members() == 1 && second.members() == 1);
            meet.set(true);
            await().atMost(Duration.ofSeconds(120))
                    .until(() -> manifests(first) == 2 && manifests(second) == 2);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(told).containsExactly("a<b", "b<a"));
        } finally {
            first.close(false);
            second.close(false);
        }
    }

    private HazelcastBus telling(String node, int index, AtomicBoolean meet, Set<String> told) {
        var receiver =
                new Deaf() {
                    @Override
                    public void manifest(String from, byte[] frame) {
                        told.add(node + "<" + from);
                    }
                };
        HazelcastBus bus =
                bus(node, index, () -> meet.get() ? TestAgent.seeds(ports) : List.of(), receiver);
        bus.manifest(new byte[] {1});
        return bus;
    }

    private static int manifests(HazelcastBus bus) {
        return bus.member()
                .map(member -> member.getReplicatedMap(MemberConfig.MANIFESTS).size())
                .orElse(0);
    }

    private HazelcastBus bus(String node, int index, HazelcastBus.Receiver receiver) {
        return new HazelcastBus("test", place(node, index), receiver);
    }

    private HazelcastBus bus(
            String node, int index, Supplier<List<String>> seeds, HazelcastBus.Receiver receiver) {
        var book = new AddressBook(ports.get(index), List.of(seeds));
        return new HazelcastBus("test", place(node, index), book, receiver);
    }

    private MemberPlace place(String node, int index) {
        return new MemberPlace(
                "muster-bus",
                node,
                "127.0.0.1",
                ports.get(index),
                TestAgent.seeds(ports),
                Optional.empty());
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
