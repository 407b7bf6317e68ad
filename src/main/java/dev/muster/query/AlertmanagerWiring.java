package dev.muster.query;

import dev.muster.blocks.alertstore.AlertTable;
import dev.muster.blocks.bucket.Bucket;
import dev.muster.federation.cluster.ClusterView;
import dev.muster.federation.cluster.NodeState;
import dev.muster.query.alertmanager.AlertHub;
import dev.muster.query.alertmanager.AlertWitness;
import dev.muster.query.alertmanager.ConfigHolder;
import dev.muster.query.alertmanager.HubLimits;
import dev.muster.query.alertmanager.HubParts;
import dev.muster.query.alertmanager.NoticeIntake;
import dev.muster.query.alertmanager.StateOutlet;
import dev.muster.query.alertmanager.api.AlertmanagerRoutes;
import dev.muster.query.alertmanager.api.ApiMetrics;
import dev.muster.query.alertmanager.config.AlertmanagerConfig;
import dev.muster.query.alertmanager.dispatch.Claims;
import dev.muster.query.alertmanager.dispatch.Deliveries;
import dev.muster.query.alertmanager.dispatch.DispatchMetrics;
import dev.muster.query.alertmanager.dispatch.WallTimeline;
import dev.muster.query.alertmanager.history.AlertHistory;
import dev.muster.query.alertmanager.history.HistoryConfig;
import dev.muster.query.alertmanager.history.HistoryLog;
import dev.muster.query.alertmanager.history.HistoryMetrics;
import dev.muster.query.alertmanager.peers.HttpCourier;
import dev.muster.query.alertmanager.peers.KnownPeers;
import dev.muster.query.alertmanager.peers.PeerMetrics;
import dev.muster.query.alertmanager.peers.PeerRoute;
import dev.muster.query.alertmanager.peers.PeerView;
import dev.muster.query.alertmanager.peers.Peers;
import dev.muster.query.alertmanager.state.StateRecord;
import dev.muster.query.alertmanager.store.Journal;
import dev.muster.query.alertmanager.store.JournalMetrics;
import dev.muster.query.alerts.NoticeSink;
import dev.muster.query.api.NodeInfo;
import dev.muster.query.cluster.ClusterNode;
import dev.muster.query.cluster.ClusterSeal;
import dev.muster.query.fleet.Urls;
import dev.muster.query.receivers.ReceiverParser;
import dev.muster.yaml.YamlException;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// The alert manager as a part of a query node.
final class AlertmanagerWiring implements AutoCloseable {
    private final WallTimeline timeline;
    private final ConfigHolder file;
    private final Optional<Journal> journal;
    private final Optional<ClusterNode> cluster;
    private final Optional<Peers> peers;
    private final Optional<ClusterSeal> seal;
    private final Optional<AlertHistory> history;
    private final AlertHub hub;
    private final AlertmanagerRoutes routes;
    private final SortedMap<String, String> externalLabels;
    private volatile Supplier<List<StateRecord>> shared = List::of;
    private volatile Consumer<StateRecord.OfRuleFile> sharedTaker = _ -> {};

    /// @param parser reads receivers
    /// @param cluster the other query nodes, if there are to be any
    /// @param nodes asks them
    /// @param bucket holds the table `alerts`
    AlertmanagerWiring(
            QueryConfig config,
            Settings settings,
            NodeInfo info,
            ReceiverParser parser,
            Optional<ClusterNode> cluster,
            HttpClient nodes,
            Bucket bucket,
            MeterRegistry registry,
            InstantSource clock) {
        AlertmanagerConfigKeys keys = config.alertmanager();
        this.cluster = cluster;
        externalLabels = new TreeMap<>(config.rules().externalLabels());
        timeline = new WallTimeline(clock);
        file = new ConfigHolder(keys.configFile(), parser, registry, clock);
        journal = keys.dir().map(dir -> open(dir, registry));
        seal =
                ClusterWiring.config(config, settings.node())
                        .map(place -> new ClusterSeal(place.secret(), clock, HttpCourier.DOMAIN));
        peers =
                cluster.map(node ->
                        new Peers(
                                () -> view(node.view()),
                                new HttpCourier(nodes, seal.orElseThrow()),
                                known(keys.dir()),
                                new PeerMetrics(registry),
                                clock));
        String node = cluster.map(ClusterNode::self).orElse(settings.node());
        Claims claims = peers.<Claims>map(Peers::claims).orElse(Claims.ALL);
        history = keys.dir().map(dir -> history(dir, keys, bucket, claims, node, registry, clock));
        hub =
                new AlertHub(
                        new HubParts(
                                timeline,
                                claims,
                                outlet(),
                                new DispatchMetrics(registry),
                                history.<Deliveries>map(all -> all).orElse(Deliveries.NONE),
                                history.<AlertWitness>map(all -> all).orElse(AlertWitness.NONE),
                                node,
                                peers.map(Peers::incarnation).orElseGet(clock::millis),
                                limits(keys),
                                url(config),
                                () -> UUID.randomUUID().toString(),
                                RandomGenerator.getDefault()),
                        read(file),
                        journal.map(Journal::takeFound).orElse(List.of()));
        routes =
                new AlertmanagerRoutes(
                        hub,
                        new ApiMetrics(registry, hub),
                        history.map(AlertHistory::reader).map(reader -> reader::last),
                        node,
                        this::members,
                        info.version(),
                        Instant.ofEpochMilli(info.startedMs()),
                        this::reload,
                        config.http().lifecycleApi());
    }

    private void learned(List<StateRecord> records, boolean replica) {
        journal.<StateOutlet>map(log -> log).orElse(StateOutlet.NONE).learned(records, replica);
        peers.<StateOutlet>map(others -> others).orElse(StateOutlet.NONE).learned(records, replica);
    }

    /// What else goes from node to node.
    ///
    /// @param all that this node has of it
    /// @param taker takes what others have
    void share(Supplier<List<StateRecord>> all, Consumer<StateRecord.OfRuleFile> taker) {
        shared = all;
        sharedTaker = taker;
    }

    /// Tells the other nodes, and waits for a moment until they have taken it.
    void tellOthers(StateRecord record) {
        peers.ifPresent(others -> {
            others.learned(List.of(record), false);
            others.settle();
        });
    }

    private List<StateRecord> records() {
        List<StateRecord> all = new ArrayList<>(shared.get());
        all.addAll(hub.records());
        return all;
    }

    private void replicas(List<StateRecord> records) {
        for (StateRecord record : records) {
            if (record instanceof StateRecord.OfRuleFile file) {
                sharedTaker.accept(file);
            }
        }
        hub.replicas(records);
    }

    private StateOutlet outlet() {
        return new StateOutlet() {
            @Override
            public void learned(List<StateRecord> records, boolean replica) {
                AlertmanagerWiring.this.learned(records, replica);
            }

            @Override
            public void settle() {
                AlertmanagerWiring.this.settle();
            }
        };
    }

    private void settle() {
        peers.ifPresent(Peers::settle);
    }

    static HubLimits limits(AlertmanagerConfigKeys keys) {
        return Settings.checked(
                "muster.alertmanager",
                () ->
                        new HubLimits(
                                keys.maxAlerts(),
                                keys.maxSilences(),
                                keys.maxGroups(),
                                keys.retention()));
    }

    private static URI url(QueryConfig config) {
        String text =
                config.alertmanager()
                        .externalUrl()
                        .orElseGet(() ->
                                RulesWiring.live(config)
                                                .settings()
                                                .externalUrl()
                                                .toString()
                                                .replaceAll("/+$", "")
                                        + AlertmanagerRoutes.PREFIX);
        return Settings.checked(
                "muster.alertmanager.external-url",
                () ->
                        Urls.parse(text)
                                .orElseThrow(() ->
                                        new IllegalArgumentException("must be a URL: " + text)));
    }

    private static AlertmanagerConfig read(ConfigHolder file) {
        try {
            return file.read();
        } catch (YamlException e) {
            throw new StartException(
                    StartException.Reason.CONFIG,
                    "muster.alertmanager.config-file: " + e.asCompiler());
        } catch (IOException e) {
            throw new StartException(
                    StartException.Reason.ENVIRONMENT, "muster.alertmanager.config-file: " + e);
        }
    }

    private static Journal open(Path directory, MeterRegistry registry) {
        try {
            return Journal.open(directory, new JournalMetrics(registry));
        } catch (IOException e) {
            throw new StartException(
                    StartException.Reason.ENVIRONMENT,
                    "muster.alertmanager.dir: must be readable and writable: " + e);
        }
    }

    static HistoryConfig history(AlertmanagerConfigKeys keys) {
        return Settings.checked(
                "muster.alertmanager",
                () -> new HistoryConfig(keys.historyWindow(), keys.historyLimit().asLongValue()));
    }

    private AlertHistory history(
            Path directory,
            AlertmanagerConfigKeys keys,
            Bucket bucket,
            Claims claims,
            String node,
            MeterRegistry registry,
            InstantSource clock) {
        HistoryMetrics metrics = new HistoryMetrics(registry);
        Path place = directory.resolve("history");
        try {
            return new AlertHistory(
                    HistoryLog.open(place, history(keys), metrics),
                    new AlertTable(bucket, place),
                    claims,
                    node,
                    row -> peers.ifPresent(others -> others.learned(List.of(row), false)),
                    metrics,
                    clock);
        } catch (IOException e) {
            throw new StartException(
                    StartException.Reason.ENVIRONMENT,
                    "muster.alertmanager.dir: must be readable and writable: " + e);
        }
    }

    private static KnownPeers known(Optional<Path> directory) {
        try {
            return KnownPeers.in(directory);
        } catch (IOException e) {
            throw new StartException(
                    StartException.Reason.ENVIRONMENT,
                    "muster.alertmanager.dir: must be readable and writable: " + e);
        }
    }

    private static PeerView view(ClusterView view) {
        return new PeerView(
                view.self(),
                view.nodes().stream()
                        .map(node ->
                                new PeerView.Peer(
                                        node.name(),
                                        URI.create(node.url()),
                                        node.incarnation(),
                                        node.state() == NodeState.READY,
                                        node.state() == NodeState.LEAVING))
                        .toList());
    }

    private SortedMap<String, String> members() {
        SortedMap<String, String> members = new TreeMap<>();
        cluster.ifPresent(node -> {
            for (PeerView.Peer peer : view(node.view()).nodes()) {
                members.put(peer.name(), peer.url().getAuthority());
            }
        });
        return members;
    }

    /// Takes in what the rules of this node tell.
    NoticeSink intake() {
        return new NoticeIntake(
                hub, externalLabels, row -> history.ifPresent(all -> all.pending(row)));
    }

    /// Reads the configuration file again.
    ///
    /// @return what is wrong in it
    List<String> reload() {
        return file.reload(hub);
    }

    void register(Router router) {
        peers.ifPresent(others -> new PeerRoute(others, seal.orElseThrow()).register(router));
        routes.register(router);
    }

    void start() {
        journal.ifPresent(log -> log.start(hub::records));
        peers.ifPresent(others -> others.start(this::records, this::replicas));
        history.ifPresent(all -> all.start(hub.alerts()::find, hub.alerts()::all));
        hub.start();
    }

    @Override
    public void close() {
        hub.close();
        settle();
        peers.ifPresent(Peers::close);
        timeline.close();
        history.ifPresent(AlertHistory::close);
        journal.ifPresent(Journal::close);
    }
}
