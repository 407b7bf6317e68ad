package dev.muster.query;

import dev.muster.model.merge.QuerySource;
import dev.muster.promql.PromQlEngine;
import dev.muster.query.alerts.AlertmanagerMetrics;
import dev.muster.query.alerts.Alertmanagers;
import dev.muster.query.alerts.AlertmanagersConfig;
import dev.muster.query.alerts.Notice;
import dev.muster.query.alerts.NoticeSink;
import dev.muster.query.alerts.PendingNotice;
import dev.muster.query.api.RuleParts;
import dev.muster.query.cluster.ClusterNode;
import dev.muster.query.fleet.Urls;
import dev.muster.query.forward.ForwardConfig;
import dev.muster.query.forward.ForwardMetrics;
import dev.muster.query.forward.GroupSamples;
import dev.muster.query.forward.Outbox;
import dev.muster.query.forward.WriteForward;
import dev.muster.query.load.QueryLoad;
import dev.muster.query.rules.RestorePolicy;
import dev.muster.query.rules.RuleSettings;
import dev.muster.query.rules.live.AgentMarks;
import dev.muster.query.rules.live.Duties;
import dev.muster.query.rules.live.LiveConfig;
import dev.muster.query.rules.live.LiveMetrics;
import dev.muster.query.rules.live.LiveParts;
import dev.muster.query.rules.live.LiveRules;
import dev.muster.query.rules.live.NodeQuery;
import dev.muster.query.rules.live.RankedDuties;
import dev.muster.query.rules.live.RuleDirectory;
import dev.muster.query.rules.live.SourceStates;
import dev.muster.query.source.AgentDirectory;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Rules, what they record and who is told of their alerts, as parts of a query node.
final class RulesWiring implements AutoCloseable {
    /// What another node has said of an alert counts as said until now when it is no older.
    private static final Duration SEAMLESS = Duration.ofMinutes(5);

    private final Outbox outbox;
    private final Alertmanagers alertmanagers;
    private final LiveRules rules;
    private final AgentMarks marks;
    private final HttpClient nodes;
    private final Supplier<List<URI>> peers;
    private final AlertmanagerWiring own;
    private final NoticeSink sink;
    private final Optional<RuleDirectory> files;
    private final RuleExchange exchange;

    /// @param source all series
    /// @param cluster the other query nodes, if there are to be any
    /// @param own the alert manager of this node
    RulesWiring(
            QueryConfig config,
            Settings settings,
            PromQlEngine engine,
            QuerySource source,
            QueryLoad load,
            AgentDirectory directory,
            Optional<ClusterNode> cluster,
            AlertmanagerWiring own,
            HttpClient http,
            HttpClient nodes,
            HttpClient outside,
            MeterRegistry registry,
            InstantSource clock) {
        outbox =
                new Outbox(
                        forward(config.forward()), directory, http, new ForwardMetrics(registry));
        marks = new AgentMarks(directory, http, clock);
        this.nodes = nodes;
        this.own = own;
        NoticeSink intake = own.intake();
        peers = () -> cluster.map(ClusterNode::peers).orElse(List.of());
        LiveConfig live = live(config);
        alertmanagers =
                new Alertmanagers(
                        alertmanagers(config.alerts()),
                        live.settings().externalLabels(),
                        outside,
                        new AlertmanagerMetrics(registry));
        sink =
                new NoticeSink() {
                    @Override
                    public void tell(List<Notice> notices) {
                        alertmanagers.tell(notices);
                        intake.tell(notices);
                    }

                    @Override
                    public void pending(List<PendingNotice> notices) {
                        intake.pending(notices);
                    }
                };
        rules =
                new LiveRules(
                        new LiveParts(
                                live,
                                new NodeQuery(
                                        engine,
                                        settings.engine(),
                                        source,
                                        load,
                                        live.maxConcurrent()),
                                group -> new GroupSamples(outbox, group),
                                new SourceStates(source),
                                marks,
                                cluster.<Duties>map(RulesWiring::duties).orElse(Duties.ALL),
                                sink,
                                new LiveMetrics(registry),
                                clock));
        files = live.directory().map(RuleDirectory::new);
        exchange = new RuleExchange(files, rules, own::tellOthers);
        own.share(exchange::all, exchange::take);
    }

    private static Duties duties(ClusterNode node) {
        return new RankedDuties(node.self(), node::readyNodes);
    }

    static ForwardConfig forward(RulesConfig.Forward config) {
        return Settings.checked(
                "muster.forward",
                () ->
                        new ForwardConfig(
                                config.copies(),
                                config.queueSize().asLongValue(),
                                config.timeout(),
                                config.settle(),
                                config.tokenFile().map(Path::of)));
    }

    static LiveConfig live(QueryConfig config) {
        RulesConfig rules = config.rules();
        return Settings.checked(
                "muster.rules",
                () ->
                        new LiveConfig(
                                rules.files().orElse(List.of()),
                                rules.dir().map(Path::of),
                                rules.evaluationInterval(),
                                rules.queryOffset(),
                                rules.maxConcurrent(),
                                rules.maxWait(),
                                rules.resendDelay(),
                                new RestorePolicy(
                                        rules.outageTolerance(), rules.forGracePeriod(), SEAMLESS),
                                new RuleSettings(
                                        new TreeMap<>(rules.externalLabels()), url(config))));
    }

    private static URI url(QueryConfig config) {
        String own =
                NodeTls.config(config.tls()).scheme()
                        + "://"
                        + config.http().host()
                        + ":"
                        + config.http().port();
        String text = config.rules().externalUrl().orElse(own);
        return Urls.parse(text)
                .orElseThrow(() ->
                        new IllegalArgumentException("external-url must be a URL: found=" + text));
    }

    static AlertmanagersConfig alertmanagers(RulesConfig.Alerts config) {
        return Settings.checked(
                "muster.alerts",
                () ->
                        new AlertmanagersConfig(
                                config.alertmanagers().orElse(List.of()).stream()
                                        .map(RulesWiring::alertmanager)
                                        .toList(),
                                config.queueCapacity(),
                                config.timeout()));
    }

    private static URI alertmanager(String text) {
        return Urls.parse(text)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "alertmanagers must be URLs such as http://127.0.0.1:9093:"
                                        + " found="
                                        + text));
    }

    /// What the API shows of all this.
    RuleParts parts() {
        return new RuleParts(
                rules,
                files,
                exchange::changed,
                alertmanagers,
                own::reload,
                new WriteForward(outbox),
                peers,
                nodes);
    }

    /// Who is told of alerts: other alert managers and this node's own.
    NoticeSink sink() {
        return sink;
    }

    /// All groups.
    LiveRules live() {
        return rules;
    }

    void start() {
        alertmanagers.start();
        rules.start();
        HangupSignal.handle(() -> {
            var _ = rules.reload();
            var _ = own.reload();
        });
    }

    @Override
    public void close() {
        rules.close();
        marks.close();
        alertmanagers.close();
        outbox.close();
    }
}
