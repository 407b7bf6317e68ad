package dev.muster.query;

import dev.muster.federation.cluster.ClusterView;
import dev.muster.federation.cluster.NodeState;
import dev.muster.query.alertmanager.AlertHub;
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
import dev.muster.query.alertmanager.peers.HttpCourier;
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
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// The alert manager as a part of a query node.
final class AlertmanagerWiring implements AutoCloseable {
    private final WallTimeline timeline;
    private final ConfigHolder file;
    private final Optional<Journal> journal;
    private final Optional<ClusterNode> cluster;
    private final Optional<Peers> peers;
    private final Optional<ClusterSeal> seal;
    private final AlertHub hub;
    private final AlertmanagerRoutes routes;
    private final SortedMap<String, String> externalLabels;

    /// @param parser reads receivers
    /// @param cluster the other query nodes, if there are to be any
    /// @param nodes asks them
    /// @param deliveries is told how deliveries go
    AlertmanagerWiring(
            QueryConfig config,
            Settings settings,
            NodeInfo info,
            ReceiverParser parser,
            Optional<ClusterNode> cluster,
            HttpClient nodes,
            Deliveries deliveries,
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
                                new PeerMetrics(registry),
                                clock));
        hub =
                new AlertHub(
                        new HubParts(
                                timeline,
                                peers.<Claims>map(Peers::claims).orElse(Claims.ALL),
                                this::learned,
                                new DispatchMetrics(registry),
                                deliveries,
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
                        cluster.map(ClusterNode::self).orElse(settings.node()),
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
        return new NoticeIntake(hub, externalLabels);
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
        peers.ifPresent(others -> others.start(hub::records, hub::replicas));
        hub.start();
    }

    @Override
    public void close() {
        hub.close();
        peers.ifPresent(Peers::close);
        timeline.close();
        journal.ifPresent(Journal::close);
    }
}
