package dev.muster.federation.hazelcast;

import com.hazelcast.instance.impl.Node;
import com.hazelcast.internal.metrics.MetricsRegistry;
import com.hazelcast.spi.impl.executionservice.ExecutionService;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/// Ends what a member of Hazelcast does over and over though nothing here uses it: ten times a
/// second it wakes two threads to look for futures that only loaders of maps and its console hand
/// over, and each second the threads of all its connections for metrics that are switched off. That
/// was two fifths of what a member costs.
final class IdleWork {
    /*
     * There is no setting for either, so this uses internal API of Hazelcast, to be looked at with every new version of it.
     * IdleWorkTest says whether it still holds; where it does not, the member works as ever and costs more.
     */
    private static final Logger LOG = System.getLogger(IdleWork.class.getName());

    private static final String TASK = "CompletableFutureTask";

    private IdleWork() {}

    /// Ends it; call it before the member joins a cluster, each time. A member that does none of it
    /// is left as it is.
    static void end(Node node) {
        try {
            scheduled(node.getNodeEngine().getExecutionService()).stream()
                    .filter(task -> task.toString().contains(TASK))
                    .forEach(IdleWork::cancel);
            metrics(node.getNodeEngine().getMetricsRegistry()).forEach(IdleWork::cancel);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.INFO, "idle work of the member goes on", e);
        }
    }

    private static void cancel(Runnable task) {
        ((Future<?>) task).cancel(false);
    }

    /// What a member does some time later.
    static Queue<Runnable> scheduled(ExecutionService service) throws ReflectiveOperationException {
        return queue(service, "scheduledExecutorService");
    }

    /// What a member does some time later for its metrics.
    static Queue<Runnable> metrics(MetricsRegistry metrics) throws ReflectiveOperationException {
        return queue(metrics, "scheduler");
    }

    private static Queue<Runnable> queue(Object owner, String executor)
            throws ReflectiveOperationException {
        Field field = owner.getClass().getDeclaredField(executor);
        field.setAccessible(true);
        return ((ScheduledThreadPoolExecutor) field.get(owner)).getQueue();
    }
}
