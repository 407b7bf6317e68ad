package dev.muster.query.alertmanager.peers;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// Meters of what query nodes tell each other of alerts, with the names of Alertmanager where it
/// has them.
public final class PeerMetrics {
    private final MeterRegistry registry;
    private final Counter sent;
    private final Counter received;
    private final Counter failed;
    private final Counter wholes;
    private final Counter overflows;

    public PeerMetrics(MeterRegistry registry) {
        this.registry = registry;
        sent = counter("sent", "Records that another node has taken.");
        received = counter("received", "Records of other nodes.");
        failed = counter("failures", "Tries to tell another node that failed.");
        wholes = counter("wholes", "How often another node was told all that is known.");
        overflows = counter("overflows", "How often too much waited for another node.");
    }

    private Counter counter(String name, String description) {
        return Counter.builder("muster_alertmanager_peer_" + name)
                .description(description)
                .register(registry);
    }

    void register(Peers peers, PeerClaims claims) {
        Gauge.builder("alertmanager_cluster_members", peers, Peers::members)
                .description("Number indicating current number of members in cluster.")
                .register(registry);
        Gauge.builder("muster_alertmanager_peer_waiting", peers, Peers::waiting)
                .description("Records that wait for other nodes.")
                .register(registry);
        Gauge.builder("muster_alertmanager_settled", claims, c -> c.settled() ? 1 : 0)
                .description("Whether this node knows what the others know, so that it tells.")
                .register(registry);
        Gauge.builder("muster_alertmanager_peers_lost", claims, PeerClaims::lost)
                .description("Nodes that are not heard and have not said that they leave.")
                .register(registry);
    }

    void sent(int records) {
        sent.increment(records);
    }

    void received(int records) {
        received.increment(records);
    }

    void failed() {
        failed.increment();
    }

    void whole() {
        wholes.increment();
    }

    void overflow() {
        overflows.increment();
    }

    void refused(String reason) {
        Counter.builder("muster_alertmanager_peer_refused")
                .description("News of other nodes that were refused.")
                .tag("reason", reason)
                .register(registry)
                .increment();
    }
}
