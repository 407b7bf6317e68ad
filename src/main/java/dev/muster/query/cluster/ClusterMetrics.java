package dev.muster.query.cluster;

import dev.muster.federation.cluster.ClusterStats;
import dev.muster.federation.cluster.QueryCluster;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/// Meters of the cluster of query nodes. Thread-safe.
public final class ClusterMetrics {
    private final MeterRegistry registry;
    private final LongAdder asked = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder here = new LongAdder();

    public ClusterMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /// Shows what is known of membership.
    void register(QueryCluster cluster) {
        gauge(
                "muster_query_cluster_nodes",
                "Query nodes that are heard, this one among them.",
                () -> cluster.view().nodes().size());
        gauge(
                "muster_query_cluster_ready_nodes",
                "Query nodes that answer for a share.",
                () -> cluster.view().ready().size());
        gauge(
                "muster_query_cluster_joined",
                "Whether there is a Hazelcast member.",
                () -> cluster.stats().joined() ? 1 : 0);
        counter("muster_query_cluster_recreations", cluster, ClusterStats::recreations);
        counter("muster_query_cluster_refused", cluster, ClusterStats::refused);
        counter("muster_query_cluster_conflicts", cluster, ClusterStats::conflicts);
        counter("muster_query_cluster_changes", cluster, ClusterStats::changes);
        counter("muster_query_cluster_over_limit", cluster, ClusterStats::overLimit);
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    private void counter(String name, QueryCluster cluster, ToLongFunction<ClusterStats> value) {
        FunctionCounter.builder(name, cluster, of -> value.applyAsLong(of.stats()))
                .register(registry);
    }

    /// Another node has answered for a share, or not.
    ///
    /// @param outcome `answered`, or why not
    void asked(String outcome, long nanos) {
        asked.increment();
        timer("muster_query_share_asked_duration", "Time until another node's answer.", outcome)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /// This node has answered for a share, or not.
    void answered(String outcome, long nanos) {
        answered.increment();
        timer("muster_query_share_answered_duration", "Time to answer another node.", outcome)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /// A request of another node was not taken.
    void refused(String reason) {
        counter("muster_query_share_refused", "reason", reason).increment();
    }

    /// A node was lost while it was asked, and its share goes to others.
    void retried(String reason) {
        lost.increment();
        counter("muster_query_share_retries", "reason", reason).increment();
    }

    /// A share of a lost node was evaluated here, as nobody else could.
    void evaluatedHere() {
        here.increment();
        registry.counter("muster_query_share_evaluated_here").increment();
    }

    /// Where a query, or a part of it, was evaluated.
    ///
    /// @param where `cluster`, or why here
    void planned(String where) {
        counter("muster_query_share_plans", "where", where).increment();
    }

    /// A query was begun by shares and had to be answered from series.
    void abandoned(String reason) {
        counter("muster_query_share_abandoned", "reason", reason).increment();
    }

    private Counter counter(String name, String key, String value) {
        return registry.counter(name, key, value);
    }

    private Timer timer(String name, String description, String outcome) {
        return Timer.builder(name)
                .description(description)
                .tag("outcome", outcome)
                .register(registry);
    }

    /// Shares asked of others.
    public long askedShares() {
        return asked.sum();
    }

    /// Shares answered for others.
    public long answeredShares() {
        return answered.sum();
    }

    /// How often a node was lost while it was asked.
    public long retries() {
        return lost.sum();
    }

    /// Shares of lost nodes evaluated here.
    public long evaluatedShares() {
        return here.sum();
    }
}
