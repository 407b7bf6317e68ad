package dev.muster.agent.scrape.sd.kubernetes;

import dev.muster.agent.scrape.job.HttpRequests;
import dev.muster.agent.scrape.sd.JsonView;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Addresses of the pods that a label selector finds, for agents that look for each other. Asks the
/// API server only when it is asked itself, and seldom: the selector is to find the pods of one
/// cell and not those of all. Where the server does not answer in time, what it said last still
/// holds. Thread-safe.
public final class PodAddresses implements Supplier<List<String>> {
    private static final Logger LOG = System.getLogger(PodAddresses.class.getName());

    private static final Duration FRESH = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /// Most pods of a cell: 64 agents, and those that take their places.
    private static final int LIMIT = 256;

    /// Where the API server is, and this pod in its cluster; asked each time, as tokens change.
    interface Cluster {
        KubernetesServer server() throws IOException;

        String namespace() throws IOException;
    }

    private final HttpRequests http;
    private final Cluster cluster;
    private final String selector;
    private final String namespace;
    private final LongSupplier nanos;
    private final AtomicLong failures = new AtomicLong();

    private volatile List<String> known = List.of();

    /// Guarded by the lock of this, as what follows.
    private @Nullable Thread asking;

    private long askedNanos;
    private boolean asked;

    private PodAddresses(
            HttpRequests http,
            Cluster cluster,
            String selector,
            String namespace,
            LongSupplier nanos) {
        this.http = http;
        this.cluster = cluster;
        this.selector = selector;
        this.namespace = namespace;
        this.nanos = nanos;
    }

    /// Of the cluster that this process runs in.
    ///
    /// @param selector of labels, as the API server takes it
    /// @param namespace of the pods; empty for that of this pod
    public static PodAddresses inCluster(HttpRequests http, String selector, String namespace) {
        var cluster = new InCluster(System.getenv(), InCluster.SERVICE_ACCOUNT);
        return of(http, cluster, selector, namespace, System::nanoTime);
    }

    static PodAddresses of(
            HttpRequests http,
            Cluster cluster,
            String selector,
            String namespace,
            LongSupplier nanos) {
        return new PodAddresses(http, cluster, selector, namespace, nanos);
    }

    /// Times the server did not say.
    public long failures() {
        return failures.get();
    }

    @Override
    public List<String> get() {
        try {
            refresh().join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return known;
    }

    private synchronized Thread refresh() {
        Thread before = asking;
        boolean isFresh = asked && nanos.getAsLong() - askedNanos < FRESH.toNanos();
        if (before != null && (before.isAlive() || isFresh)) {
            return before;
        }
        asked = true;
        askedNanos = nanos.getAsLong();
        Thread next = Thread.ofVirtual().name("muster-cell-pods").start(this::ask);
        asking = next;
        return next;
    }

    private void ask() {
        try {
            String space = namespace.isEmpty() ? cluster.namespace() : namespace;
            // version 0: from the memory of the server, so that many who start at once do no harm
            JsonView answer =
                    new KubernetesApi(http, cluster.server())
                            .list(
                                    "/api/v1/namespaces/" + space + "/pods",
                                    Map.of("labelSelector", selector, "resourceVersion", "0"));
            List<String> found = new ArrayList<>();
            for (JsonView pod : answer.objects("items")) {
                String ip = pod.object("status").text("podIP");
                if (!ip.isEmpty() && found.size() < LIMIT) {
                    found.add(ip);
                }
            }
            known = List.copyOf(found);
        } catch (IOException e) {
            failures.incrementAndGet();
            LOG.log(Level.DEBUG, "pods of the cell not listed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
