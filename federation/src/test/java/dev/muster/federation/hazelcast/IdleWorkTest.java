package dev.muster.federation.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.instance.impl.Node;
import dev.muster.federation.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Delayed;
import java.util.concurrent.Future;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The internal API of Hazelcast that [IdleWork] stands on: to be looked at with every new version
/// of it.
class IdleWorkTest {
    @TempDir Path directory;

    @Test
    void nothingOfAMemberComesAgainEachSecond() throws Exception {
        try (TestAgent agent =
                TestAgent.start(
                        "a", FreePorts.of(1).getFirst(), List.of(), directory, config -> config)) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> agent.cell().bus().member().isPresent());
            Node node = node(agent.cell().bus().member());
            var tasks = IdleWork.scheduled(node.getNodeEngine().getExecutionService());
            assertThat(tasks).filteredOn(IdleWorkTest::comesAgain).hasSizeGreaterThan(3);
            assertThat(tasks)
                    .filteredOn(IdleWorkTest::comesAgain)
                    .extracting(Object::toString)
                    .noneMatch(task -> task.contains("CompletableFutureTask"));
            assertThat(tasks)
                    .filteredOn(task -> task.toString().contains("CRDTReplicationTask"))
                    .allMatch(task -> ((Delayed) task).getDelay(TimeUnit.DAYS) > 1);
            assertThat(IdleWork.metrics(node.getNodeEngine().getMetricsRegistry()))
                    .noneMatch(IdleWorkTest::comesAgain);
        }
    }

    private static boolean comesAgain(Runnable task) {
        return task instanceof RunnableScheduledFuture<?> again
                && again.isPeriodic()
                && !((Future<?>) task).isCancelled();
    }

    private static Node node(Optional<HazelcastInstance> member) {
        return ((HazelcastInstanceProxy) member.orElseThrow()).getOriginal().node;
    }
}
