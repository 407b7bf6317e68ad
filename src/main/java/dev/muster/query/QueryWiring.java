package dev.muster.query;

import dev.muster.blocks.bucket.Bucket;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.bucket.BucketException;
import dev.muster.blocks.bucket.Buckets;
import dev.muster.blocks.disk.DiskCache;
import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.read.BlockReadStats;
import dev.muster.blocks.read.BlockSource;
import dev.muster.blocks.read.UpnessStore;
import dev.muster.blocks.tombstone.TombstoneStore;
import dev.muster.federation.follow.Follower;
import dev.muster.federation.follow.FollowerConfig;
import dev.muster.federation.follow.FollowerStats;
import dev.muster.federation.view.FleetLog;
import dev.muster.federation.view.FleetView;
import dev.muster.model.merge.MergedSource;
import dev.muster.model.merge.QuerySource;
import dev.muster.promql.PromQlEngine;
import dev.muster.query.api.ApiParts;
import dev.muster.query.api.NodeInfo;
import dev.muster.query.api.Switches;
import dev.muster.query.cache.ResultCache;
import dev.muster.query.cluster.ClusterNode;
import dev.muster.query.fleet.FleetDirectory;
import dev.muster.query.fleet.FleetFollower;
import dev.muster.query.fleet.FollowedHints;
import dev.muster.query.fleet.FollowerMetrics;
import dev.muster.query.fleet.HttpStreamTransport;
import dev.muster.query.load.CostRates;
import dev.muster.query.load.HeapGuard;
import dev.muster.query.load.HeapPace;
import dev.muster.query.load.LoadMetrics;
import dev.muster.query.load.QueryLoad;
import dev.muster.query.receivers.Receivers;
import dev.muster.query.source.AgentHints;
import dev.muster.query.source.AgentsExemplars;
import dev.muster.query.source.AgentsSource;
import dev.muster.query.source.AgentsSourceMetrics;
import dev.muster.query.source.BlocksShipped;
import dev.muster.query.source.CatalogRefresh;
import dev.muster.query.source.FleetSource;
import dev.muster.query.source.TombstonedSource;
import dev.muster.query.upness.OutsideLog;
import dev.muster.query.upness.UpnessMetrics;
import dev.muster.query.upness.UpnessSource;
import dev.muster.query.upness.WithUpness;
import dev.muster.query.wire.AgentConnections;
import dev.muster.query.wire.AgentHttp;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Builds the parts of the query node from its settings, starts and stops them.
@Singleton
final class QueryWiring {
    /// A view speaks for this long after it came; agents send one at least every second.
    private static final Duration FRESH_FOR = Duration.ofSeconds(5);

    /// Files of the table `upness` that are kept in memory.
    private static final long UPNESS_CACHE_BYTES = 32L << 20;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private final InstantSource clock = Clock.systemUTC();
    private final NodeTls tls;
    private final Vertx vertx;
    private final AgentHttp http;
    private final HttpClient nodes;

    /// For what is not of Muster, which is trusted as the JDK does.
    private final HttpClient outside;

    private final Bucket bucket;
    private final CatalogRefresh refresh;
    private final HttpStreamTransport transport;
    private final FleetFollower follower;
    private final OutsideLog outsideLog;
    private final HeapGuard heap;
    private final HeapPace pace;
    private final ExpectedWiring expected;
    private final RetentionWiring retention;
    private final CompactionWiring compaction;
    private final FleetWiring beside;
    private final @Nullable DiskCache disk;
    private final ClusterWiring clusterWiring;
    private final Optional<ClusterNode> cluster;
    private final AlertmanagerWiring alertmanager;
    private final UpnessAlertsWiring upnessAlerts;
    private final RulesWiring rules;
    private final ApiParts parts;

    QueryWiring(QueryConfig config, MeterRegistry registry, Vertx vertx) {
        Settings settings = Settings.of(config);
        List<URI> seeds = settings.agents();
        this.vertx = vertx;
        tls = NodeTls.open(config.tls());
        tls.register(registry);
        var connections = new AgentConnections(vertx, CONNECT_TIMEOUT, tls.files());
        http = new AgentHttp(vertx, connections);
        nodes = tls.client(CONNECT_TIMEOUT);
        outside =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .build();
        bucket = openBucket(settings.bucket());
        BlockCaches caches = BlockCaches.of(config.cache());
        disk = caches.openDisk();
        BlockCatalog catalog =
                new BlockCatalog(bucket, settings.catalog(), clock, caches.catalogFile(bucket));
        FleetView fleet = new FleetView(FRESH_FOR, clock);
        FleetLog log = new FleetLog();
        var _ = fleet.subscribe(log);
        transport = new HttpStreamTransport(connections);
        Follower core =
                new Follower(
                        FollowerConfig.of(
                                seeds.stream().map(URI::toString).toList(), settings.node()),
                        fleet,
                        this::addresses,
                        transport,
                        System::nanoTime,
                        RandomGenerator.getDefault(),
                        new FollowerStats());
        FollowerMetrics.register(registry, core, log);
        follower = new FleetFollower(core);
        FleetDirectory directory = new FleetDirectory(fleet::state, seeds);
        BlockSource blocks = new BlockSource(bucket, catalog, caches.memory(), disk);
        new BlockMetrics(registry, catalog, blocks);
        ProcessMetrics.register(registry);
        TombstoneStore tombstones =
                new TombstoneStore(
                        bucket,
                        config.query().maxTombstones(),
                        clock,
                        RandomGenerator.getDefault());
        TombstoneMetrics.register(registry, tombstones);
        LoadMetrics loadMetrics = new LoadMetrics(registry);
        AgentsSourceMetrics agentMetrics = new AgentsSourceMetrics(registry);
        QueryLoad load =
                QueryLoad.of(
                        settings.load(),
                        loadMetrics,
                        clock,
                        costRates(settings, caches, blocks, agentMetrics));
        heap = new HeapGuard(load.memory(), loadMetrics);
        pace = new HeapPace(loadMetrics);
        PromQlEngine engine = new PromQlEngine(settings.engine(), load.parsed());
        AgentsSource agents =
                agents(
                        directory,
                        new BlocksShipped(catalog),
                        new FollowedHints(core.hints()),
                        engine,
                        settings,
                        registry,
                        agentMetrics);
        MergedSource all =
                new MergedSource(
                        List.of(
                                new MergedSource.Part("blocks", blocks),
                                new MergedSource.Part("agents", agents)));
        ResultCache results =
                new ResultCache(
                        engine, config.query().lookback(), Settings.results(config.query()), clock);
        CacheMetrics.register(registry, results);
        refresh =
                new CatalogRefresh(
                        catalog,
                        tombstones,
                        results::clear,
                        () -> blocks.prefetch(caches.prefetchBlocks()),
                        config.catalog().refreshInterval());
        expected = new ExpectedWiring(config, seeds, fleet::state, http, outside, registry, clock);
        retention = new RetentionWiring(config.retention(), bucket, registry, clock);
        beside =
                new FleetWiring(
                        config, settings.node(), fleet, log, expected.directory(), registry, clock);
        clusterWiring = new ClusterWiring(blocks, catalog, refresh, agents, directory, tombstones);
        cluster = clusterWiring.node(config, settings, nodes, registry, clock);
        compaction =
                new CompactionWiring(
                        config,
                        !settings.bucket().url().equals("memory:"),
                        bucket,
                        catalog,
                        tombstones,
                        load.active(),
                        cluster,
                        registry,
                        clock);
        QuerySource local =
                new TombstonedSource(
                        config.query().pushDown() ? new FleetSource(all, agents) : all, tombstones);
        outsideLog = new OutsideLog(settings.node(), new UpnessFiles(bucket), fleet::state, clock);
        UpnessMetrics.register(registry, outsideLog);
        QuerySource source =
                new WithUpness(
                        cluster.<QuerySource>map(node -> node.source(local)).orElse(local),
                        new UpnessSource(
                                new UpnessStore(bucket, UPNESS_CACHE_BYTES, clock),
                                directory,
                                fleet::state,
                                outsideLog,
                                http,
                                config.query().agentTimeout(),
                                clock));
        NodeInfo info = settings.info(clock.millis());
        alertmanager =
                new AlertmanagerWiring(
                        config,
                        settings,
                        info,
                        new Receivers(vertx, registry, clock),
                        cluster,
                        nodes,
                        bucket,
                        registry,
                        clock);
        rules =
                new RulesWiring(
                        config,
                        settings,
                        engine,
                        source,
                        load,
                        directory,
                        cluster,
                        alertmanager,
                        http.once(),
                        nodes,
                        outside,
                        registry,
                        clock);
        upnessAlerts =
                new UpnessAlertsWiring(
                        config,
                        settings.node(),
                        fleet,
                        expected.keeper().book()::absences,
                        rules.sink(),
                        rules.live(),
                        registry,
                        clock);
        parts =
                new ApiParts(
                        engine,
                        results,
                        source,
                        tombstones,
                        new AgentsExemplars(directory, http, config.query().agentTimeout(), clock),
                        fleet,
                        expected.keeper(),
                        expected.directory(),
                        log,
                        follower,
                        directory,
                        http,
                        cluster,
                        rules.parts(),
                        catalog,
                        refresh::tried,
                        settings.limits(),
                        load,
                        info,
                        new Switches(config.http().adminApi(), config.http().lifecycleApi()),
                        config.query().lookback(),
                        clock);
    }

    @Produces
    @Singleton
    ApiParts parts() {
        return parts;
    }

    /// The certificates of the node.
    NodeTls tls() {
        return tls;
    }

    void start(@Observes StartupEvent event) {
        tls.start(vertx);
        heap.start();
        pace.start();
        refresh.start();
        follower.start();
        outsideLog.start();
        expected.start();
        retention.start();
        compaction.start();
        beside.start();
        cluster.ifPresent(clusterWiring::begin);
        alertmanager.start();
        rules.start();
        upnessAlerts.start();
    }

    void routes(@Observes Router router) {
        tls.guard(router);
        alertmanager.register(router);
    }

    void stop(@Observes ShutdownEvent event) {
        upnessAlerts.close();
        rules.close();
        alertmanager.close();
        cluster.ifPresent(ClusterNode::close);
        heap.close();
        pace.close();
        beside.close();
        outsideLog.close();
        expected.close();
        compaction.close();
        retention.close();
        follower.close();
        transport.close();
        refresh.close();
        nodes.shutdownNow();
        outside.shutdownNow();
        bucket.close();
        if (disk != null) {
            disk.close();
        }
    }

    /// Agents of all cells of the directory; asked only once the follower has started.
    private Map<String, List<String>> addresses() {
        return expected.directory().addresses();
    }

    private static CostRates costRates(
            Settings settings, BlockCaches caches, BlockSource blocks, AgentsSourceMetrics agents) {
        return new CostRates(
                () -> {
                    BlockReadStats stats = blocks.stats();
                    return new CostRates.Readings(
                            stats.decodedSamples(),
                            stats.decodeNanos(),
                            stats.fetchedBytes(),
                            stats.fetchNanos(),
                            agents.answers(),
                            agents.answerNanos());
                },
                new CostRates.Beside(
                        Runtime.getRuntime().availableProcessors(),
                        caches.memory().fetches(),
                        settings.agentLimits().maxRequests()));
    }

    private AgentsSource agents(
            FleetDirectory directory,
            BlocksShipped shipped,
            AgentHints hints,
            PromQlEngine engine,
            Settings settings,
            MeterRegistry registry,
            AgentsSourceMetrics metrics) {
        AgentsSourceMetrics.register(registry, settings.answers());
        return new AgentsSource(
                directory,
                shipped,
                hints,
                http,
                settings.agentLimits(),
                engine,
                settings.answers(),
                clock,
                metrics);
    }

    private static Bucket openBucket(BucketConfig config) {
        try {
            return Buckets.open(config);
        } catch (IllegalArgumentException e) {
            throw new StartException(
                    StartException.Reason.CONFIG, "muster.store.url: " + e.getMessage());
        } catch (BucketException e) {
            throw new StartException(
                    StartException.Reason.ENVIRONMENT, "muster.store.url: " + e.getMessage());
        } catch (IOException e) {
            throw new StartException(
                    StartException.Reason.ENVIRONMENT,
                    "muster.store.url: cannot be opened: url=" + config.url() + " reason=" + e);
        }
    }
}
