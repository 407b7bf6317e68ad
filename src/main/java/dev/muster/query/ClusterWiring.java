package dev.muster.query;

import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.read.BlockSource;
import dev.muster.blocks.tombstone.TombstoneStore;
import dev.muster.federation.cluster.ClusterConfig;
import dev.muster.federation.cluster.NodeState;
import dev.muster.federation.cluster.QueryCluster;
import dev.muster.federation.cluster.ShareFilter;
import dev.muster.model.merge.MergedSource;
import dev.muster.model.merge.QuerySource;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.EngineConfig;
import dev.muster.query.cluster.ClusterNode;
import dev.muster.query.cluster.ClusterSeal;
import dev.muster.query.cluster.ClusterSettings;
import dev.muster.query.cluster.EngineEvaluator;
import dev.muster.query.source.AgentDirectory;
import dev.muster.query.source.AgentsSource;
import dev.muster.query.source.CatalogRefresh;
import dev.muster.query.source.TombstonedSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Builds this node's part in a cluster of query nodes, if there is to be one.
///
/// @param blocks all blocks
/// @param catalog which there are
/// @param refresh tells when they are known
/// @param agents all agents
/// @param directory which there are
/// @param tombstones what is not to be seen
record ClusterWiring(
        BlockSource blocks,
        BlockCatalog catalog,
        CatalogRefresh refresh,
        AgentsSource agents,
        AgentDirectory directory,
        TombstoneStore tombstones) {
    /// Empty where no seeds are set: then no port is opened, and nothing of Hazelcast is loaded.
    Optional<ClusterNode> node(
            QueryConfig config,
            Settings settings,
            HttpClient http,
            MeterRegistry registry,
            InstantSource clock) {
        Optional<ClusterConfig> cluster = config(config, settings.node());
        return cluster.map(place ->
                ClusterNode.of(
                        join(place, clock),
                        settings(config.cluster(), settings.engine()),
                        this::share,
                        this::places,
                        this::owned,
                        new EngineEvaluator(settings.engine()),
                        new ClusterSeal(place.secret(), clock),
                        http,
                        registry));
    }

    /// Whether this node may answer for a share: once it knows which blocks there are. A bucket
    /// that cannot be listed at the start keeps it out, as others may be able to.
    boolean knowsItsShare() {
        return refresh.tried() && catalog.stats().refreshes() > 0;
    }

    /// The setting as it is checked; wrong ones end the start.
    static Optional<ClusterConfig> config(QueryConfig config, String node) {
        QueryConfig.Cluster cluster = config.cluster();
        List<String> seeds = cluster.seeds().orElse(List.of());
        if (seeds.isEmpty()) {
            return Optional.empty();
        }
        if (cluster.url().isEmpty() && config.http().port() == 0) {
            throw wrong("muster.cluster.url: must be set where muster.http.port is 0");
        }
        String url =
                cluster.url()
                        .orElse(
                                NodeTls.config(config.tls()).scheme()
                                        + "://"
                                        + cluster.address()
                                        + ":"
                                        + config.http().port());
        try {
            return Optional.of(
                    new ClusterConfig(
                            cluster.name(),
                            cluster.node().orElse(node),
                            url,
                            cluster.address(),
                            cluster.port(),
                            seeds,
                            cluster.secret().orElse("")));
        } catch (IllegalArgumentException e) {
            throw wrong("muster.cluster: " + e.getMessage());
        }
    }

    static ClusterSettings settings(QueryConfig.Cluster cluster, EngineConfig engine) {
        try {
            return new ClusterSettings(
                    engine,
                    cluster.minBlocks(),
                    cluster.maxShares(),
                    cluster.answerLimit().asLongValue());
        } catch (IllegalArgumentException e) {
            throw wrong("muster.cluster: " + e.getMessage());
        }
    }

    private static StartException wrong(String message) {
        return new StartException(StartException.Reason.CONFIG, message);
    }

    private static QueryCluster join(ClusterConfig place, InstantSource clock) {
        try {
            return QueryCluster.join(place, clock);
        } catch (UncheckedIOException e) {
            throw new StartException(
                    StartException.Reason.ENVIRONMENT, String.valueOf(e.getMessage()));
        }
    }

    private QuerySource share(ShareFilter filter) {
        MergedSource all =
                new MergedSource(
                        List.of(
                                new MergedSource.Part("blocks", blocks.where(filter::holds)),
                                new MergedSource.Part(
                                        "agents",
                                        agents.where(agent ->
                                                filter.holds(agent.cell(), agent.host())))));
        return new TombstonedSource(all, tombstones);
    }

    private long places(TimeRange range) {
        return (long) catalog.blocks(range).size() + directory.agents().size();
    }

    private long owned(ShareFilter filter) {
        return catalog.blocks(new TimeRange(0, Long.MAX_VALUE)).stream()
                .filter(block ->
                        block.agents().stream()
                                .anyMatch(agent -> filter.holds(block.id().cell(), agent.host())))
                .count();
    }

    /// Lets the node answer as soon as it can.
    void begin(ClusterNode node) {
        node.becomeWhen(NodeState.READY, this::knowsItsShare);
    }
}
