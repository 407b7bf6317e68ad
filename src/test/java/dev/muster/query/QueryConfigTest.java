package dev.muster.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.blocks.compact.CompactionConfig;
import dev.muster.blocks.read.BlockReadConfig;
import dev.muster.blocks.retention.RetentionConfig;
import dev.muster.federation.cluster.ClusterConfig;
import dev.muster.federation.tls.ClientAuth;
import dev.muster.federation.tls.TlsConfig;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.promql.EngineConfig;
import dev.muster.query.alertmanager.HubLimits;
import dev.muster.query.alertmanager.history.HistoryConfig;
import dev.muster.query.alerts.AlertmanagersConfig;
import dev.muster.query.cluster.ClusterSettings;
import dev.muster.query.expected.ExpectedSettings;
import dev.muster.query.forward.ForwardConfig;
import dev.muster.query.load.GateConfig;
import dev.muster.query.load.LoadConfig;
import dev.muster.query.load.Priority;
import dev.muster.query.load.TextLimits;
import dev.muster.query.rules.RestorePolicy;
import dev.muster.query.rules.RuleSettings;
import dev.muster.query.rules.live.LiveConfig;
import dev.muster.query.upnessalerts.SeverityRule;
import dev.muster.query.upnessalerts.UpnessAlertKind;
import dev.muster.query.upnessalerts.UpnessAlertSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class QueryConfigTest {
    private static final long KIBI = 1_024;

    /// Every key with a value that is not its default.
    private static final Map<String, String> ALL =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("muster.http.host", "0.0.0.0"),
                            Map.entry("muster.http.port", "1"),
                            Map.entry("muster.http.body-size-limit", "1K"),
                            Map.entry("muster.http.cors-origin", "x"),
                            Map.entry("muster.http.admin-api", "true"),
                            Map.entry("muster.retention.samples", "480h"),
                            Map.entry("muster.retention.upness", "72h"),
                            Map.entry("muster.retention.alerts", "96h"),
                            Map.entry("muster.retention.grace", "2h"),
                            Map.entry("muster.compaction.enabled", "false"),
                            Map.entry("muster.compaction.interval", "17s"),
                            Map.entry("muster.compaction.min-age", "18m"),
                            Map.entry("muster.compaction.grace", "19h"),
                            Map.entry("muster.compaction.max-size", "20M"),
                            Map.entry("muster.compaction.memory", "21M"),
                            Map.entry("muster.compaction.max-blocks", "22"),
                            Map.entry("muster.compaction.max-wait", "23s"),
                            Map.entry("muster.compaction.directory", "/merges"),
                            Map.entry("muster.tls.cert-file", "/c"),
                            Map.entry("muster.tls.key-file", "/k"),
                            Map.entry("muster.tls.ca-file", "/a"),
                            Map.entry("muster.tls.client-auth", "request"),
                            Map.entry("muster.tls.server-name", "n"),
                            Map.entry("muster.query.max-tombstones", "5"),
                            Map.entry("muster.http.lifecycle-api", "true"),
                            Map.entry("muster.query.agents", "http://a:1,http://b:2/"),
                            Map.entry("muster.query.directory-secret", "a secret of the fleet"),
                            Map.entry("muster.events.log", "/x/events.jsonl"),
                            Map.entry("muster.expected.hosts", "h1,h2"),
                            Map.entry("muster.expected.file", "/x/expected"),
                            Map.entry("muster.expected.url", "http://list/nodes"),
                            Map.entry("muster.expected.store", "/x/store"),
                            Map.entry("muster.expected.kubernetes-selector", "a=b"),
                            Map.entry("muster.expected.kubernetes-namespace", "ns"),
                            Map.entry("muster.expected.forget-after", "9h"),
                            Map.entry("muster.rules.files", "/r/*.yml,/s/a.yml"),
                            Map.entry("muster.rules.dir", "/r/api"),
                            Map.entry("muster.rules.evaluation-interval", "51s"),
                            Map.entry("muster.rules.query-offset", "52s"),
                            Map.entry("muster.rules.max-concurrent", "53"),
                            Map.entry("muster.rules.max-wait", "54s"),
                            Map.entry("muster.rules.resend-delay", "55s"),
                            Map.entry("muster.rules.outage-tolerance", "56s"),
                            Map.entry("muster.rules.for-grace-period", "57s"),
                            Map.entry("muster.rules.external-url", "https://muster.example/"),
                            Map.entry("muster.rules.external-labels.fleet", "f1"),
                            Map.entry("muster.alerts.alertmanagers", "http://am1:9093"),
                            Map.entry("muster.alerts.queue-capacity", "58"),
                            Map.entry("muster.alerts.timeout", "59s"),
                            Map.entry("muster.upness-alerts.host-down.enabled", "false"),
                            Map.entry("muster.upness-alerts.host-down.severity", "s1"),
                            Map.entry("muster.upness-alerts.agent-down.enabled", "false"),
                            Map.entry("muster.upness-alerts.agent-down.severity", "s2"),
                            Map.entry("muster.upness-alerts.service-down.enabled", "false"),
                            Map.entry("muster.upness-alerts.service-down.severity", "s3"),
                            Map.entry("muster.upness-alerts.missing.enabled", "false"),
                            Map.entry("muster.upness-alerts.missing.severity", "s4"),
                            Map.entry("muster.upness-alerts.partition.enabled", "false"),
                            Map.entry("muster.upness-alerts.partition.severity", "s5"),
                            Map.entry("muster.upness-alerts.rack-down.enabled", "false"),
                            Map.entry("muster.upness-alerts.rack-down.severity", "s6"),
                            Map.entry("muster.upness-alerts.cell-degraded.enabled", "false"),
                            Map.entry("muster.upness-alerts.cell-degraded.severity", "s7"),
                            Map.entry("muster.upness-alerts.severities.info", "{zone=\"lab\"}"),
                            Map.entry("muster.upness-alerts.settle", "71ms"),
                            Map.entry("muster.upness-alerts.flap-window", "72s"),
                            Map.entry("muster.upness-alerts.calm", "73s"),
                            Map.entry("muster.dead-mans-switch.url", "https://alive/{node}"),
                            Map.entry("muster.dead-mans-switch.interval", "74s"),
                            Map.entry("muster.alertmanager.config-file", "/am.yml"),
                            Map.entry("muster.alertmanager.dir", "/am"),
                            Map.entry("muster.alertmanager.max-alerts", "61"),
                            Map.entry("muster.alertmanager.max-silences", "62"),
                            Map.entry("muster.alertmanager.max-groups", "63"),
                            Map.entry("muster.alertmanager.history-window", "30m"),
                            Map.entry("muster.alertmanager.history-limit", "5M"),
                            Map.entry("muster.alertmanager.retention", "64h"),
                            Map.entry("muster.alertmanager.external-url", "http://am/x"),
                            Map.entry("muster.forward.copies", "3"),
                            Map.entry("muster.forward.queue-size", "60K"),
                            Map.entry("muster.forward.timeout", "61s"),
                            Map.entry("muster.forward.settle", "62s"),
                            Map.entry("muster.forward.token-file", "/x/token"),
                            Map.entry("muster.query.timeout", "1s"),
                            Map.entry("muster.query.max-samples", "2"),
                            Map.entry("muster.query.max-series", "3"),
                            Map.entry("muster.query.max-points", "4"),
                            Map.entry("muster.query.lookback", "5s"),
                            Map.entry("muster.query.max-fetched-bytes", "6K"),
                            Map.entry("muster.query.max-memory", "7K"),
                            Map.entry("muster.query.max-concurrent", "8"),
                            Map.entry("muster.query.max-waiting", "9"),
                            Map.entry("muster.query.rules.max-concurrent", "8"),
                            Map.entry("muster.query.rules.max-waiting", "31"),
                            Map.entry("muster.query.rules.weight", "32"),
                            Map.entry("muster.query.dashboards.max-concurrent", "7"),
                            Map.entry("muster.query.dashboards.max-waiting", "34"),
                            Map.entry("muster.query.dashboards.weight", "35"),
                            Map.entry("muster.query.ad-hoc.max-concurrent", "6"),
                            Map.entry("muster.query.ad-hoc.max-waiting", "37"),
                            Map.entry("muster.query.ad-hoc.weight", "38"),
                            Map.entry("muster.query.max-node-memory", "39K"),
                            Map.entry("muster.query.max-query-length", "40"),
                            Map.entry("muster.query.max-matchers", "41"),
                            Map.entry("muster.query.max-regex-size", "42"),
                            Map.entry("muster.query.max-result-points", "43"),
                            Map.entry("muster.query.parsed-queries", "44"),
                            Map.entry("muster.query.slow-threshold", "45s"),
                            Map.entry("muster.query.active-file", "/x/active"),
                            Map.entry("muster.query.top-queries", "46"),
                            Map.entry("muster.query.top-window", "47s"),
                            Map.entry("muster.query.agent-timeout", "10s"),
                            Map.entry("muster.query.agent-answer-limit", "11K"),
                            Map.entry("muster.query.max-agent-requests", "14"),
                            Map.entry("muster.query.agent-answers-memory", "15K"),
                            Map.entry("muster.query.agent-answers-disk", "16K"),
                            Map.entry("muster.query.push-down", "false"),
                            Map.entry("muster.query.max-part-fallbacks", "17"),
                            Map.entry("muster.query.spill-directory", "/spill"),
                            Map.entry("muster.catalog.refresh-interval", "12s"),
                            Map.entry("muster.catalog.history-days", "13"),
                            Map.entry("muster.cache.directory", "/cache"),
                            Map.entry("muster.cache.disk-size", "17K"),
                            Map.entry("muster.cache.prefetch-blocks", "22"),
                            Map.entry("muster.cache.series-size", "18K"),
                            Map.entry("muster.cache.footers-size", "19K"),
                            Map.entry("muster.cache.pages-size", "20K"),
                            Map.entry("muster.cache.decoded-size", "21K"),
                            Map.entry("muster.cluster.name", "n"),
                            Map.entry("muster.cluster.node", "q1"),
                            Map.entry("muster.cluster.address", "127.0.0.9"),
                            Map.entry("muster.cluster.port", "14"),
                            Map.entry("muster.cluster.seeds", "a:1,b:2"),
                            Map.entry("muster.cluster.secret", "a secret of nodes"),
                            Map.entry("muster.cluster.url", "http://q1"),
                            Map.entry("muster.cluster.min-blocks", "15"),
                            Map.entry("muster.cluster.max-shares", "16"),
                            Map.entry("muster.cluster.answer-limit", "17K"),
                            Map.entry("muster.store.url", "s3://b/p"),
                            Map.entry("muster.store.endpoint", "http://s3"),
                            Map.entry("muster.store.region", "r"),
                            Map.entry("muster.store.access-key", "k"),
                            Map.entry("muster.store.secret-key", "secret")));

    @Test
    void hasTheseDefaults() {
        CompactionKeys compaction = config(Map.of()).compaction();
        assertThat(compaction.enabled()).isTrue();
        assertThat(compaction.interval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(compaction.maxWait()).isEqualTo(Duration.ofSeconds(2));
        assertThat(compaction.memory()).isEmpty();
        assertThat(compaction.directory()).isEmpty();
        assertThat(CompactionWiring.config(compaction).minAge()).isEqualTo(Duration.ofHours(1));
        assertThat(CompactionWiring.config(compaction).grace()).isEqualTo(Duration.ofHours(24));
        assertThat(CompactionWiring.config(compaction).maxBytes()).isEqualTo(512 * KIBI * KIBI);
        assertThat(CompactionWiring.config(compaction).inputs()).isEqualTo(256);
        QueryConfig config = config(Map.of());
        assertThat(config.http().host()).isEqualTo("127.0.0.1");
        assertThat(config.http().port()).isEqualTo(9650);
        assertThat(config.http().bodySizeLimit().asLongValue()).isEqualTo(10 * KIBI * KIBI);
        assertThat(config.http().corsOrigin()).isEqualTo(".*");
        assertThat(config.http().adminApi()).isFalse();
        assertThat(config.query().maxTombstones()).isEqualTo(1_000);
        assertThat(config.http().lifecycleApi()).isFalse();
        assertThat(config.query().agents()).isEmpty();
        assertThat(config.query().directorySecret()).isEmpty();
        assertThat(ExpectedWiring.settings(config.expected()))
                .isEqualTo(
                        new ExpectedSettings(
                                List.of(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Duration.ofDays(7)));
        assertThat(config.query().timeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.query().maxSamples()).isEqualTo(500_000_000);
        assertThat(config.query().maxSeries()).isEqualTo(1_000_000);
        assertThat(config.query().maxPoints()).isEqualTo(11_000);
        assertThat(config.query().lookback()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.query().maxFetchedBytes().asLongValue())
                .isEqualTo(4 * KIBI * KIBI * KIBI);
        assertThat(config.query().maxMemory().asLongValue()).isEqualTo(512 * KIBI * KIBI);
        assertThat(config.query().maxConcurrent()).isEqualTo(20);
        assertThat(config.query().maxWaiting()).isEqualTo(1_000);
        assertThat(config.query().maxNodeMemory()).isEmpty();
        assertThat(config.query().maxQueryLength()).isEqualTo(262_144);
        assertThat(config.query().maxMatchers()).isEqualTo(1_000);
        assertThat(config.query().maxRegexSize()).isEqualTo(20_000);
        assertThat(config.query().maxResultPoints()).isEqualTo(20_000_000);
        assertThat(config.query().parsedQueries()).isEqualTo(1_000);
        assertThat(config.query().slowThreshold()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.query().activeFile()).isEmpty();
        assertThat(config.query().topQueries()).isEqualTo(5_000);
        assertThat(config.query().topWindow()).isEqualTo(Duration.ofHours(1));
        assertThat(Settings.of(config).load().gate()).isEqualTo(GateConfig.of(20, 1_000));
        assertThat(Settings.of(config).load().nodeMemoryBytes())
                .isEqualTo(Runtime.getRuntime().maxMemory() / 2);
        assertThat(config.query().agentTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.query().agentAnswerLimit().asLongValue()).isEqualTo(256 * KIBI * KIBI);
        assertThat(config.query().maxAgentRequests()).isEqualTo(256);
        assertThat(config.query().agentAnswersMemory()).isEmpty();
        assertThat(config.query().agentAnswersDisk().asLongValue())
                .isEqualTo(8 * KIBI * KIBI * KIBI);
        assertThat(config.query().pushDown()).isTrue();
        assertThat(config.query().maxPartFallbacks()).isEqualTo(4);
        assertThat(config.query().spillDirectory()).isEmpty();
        assertThat(config.catalog().refreshInterval()).isEqualTo(Duration.ofSeconds(15));
        assertThat(config.catalog().historyDays()).isEqualTo(31);
        BlockCaches caches = BlockCaches.of(config.cache());
        assertThat(caches.memory())
                .isEqualTo(BlockReadConfig.ofHeap(Runtime.getRuntime().maxMemory()));
        assertThat(caches.directory()).isEmpty();
        assertThat(caches.diskBytes()).isEqualTo(10 * KIBI * KIBI * KIBI);
        assertThat(caches.prefetchBlocks()).isEqualTo(2_000);
        assertThat(config.store().url()).isEqualTo("memory:");
        assertThat(config.store().endpoint()).isEmpty();
        assertThat(config.store().region()).isEmpty();
        assertThat(config.store().accessKey()).isEmpty();
        assertThat(config.store().secretKey()).isEmpty();
    }

    @Test
    void readsEveryKey() {
        QueryConfig config = config(ALL);
        Settings settings = Settings.of(config);
        assertThat(config.http().host()).isEqualTo("0.0.0.0");
        assertThat(config.http().port()).isOne();
        assertThat(settings.limits().bodyLimitBytes()).isEqualTo(KIBI);
        assertThat(settings.limits().corsOrigin()).isEqualTo("x");
        assertThat(settings.agents())
                .extracting(Object::toString)
                .containsExactly("http://a:1", "http://b:2");
        assertThat(config.query().directorySecret()).contains("a secret of the fleet");
        assertThatThrownBy(() -> ExpectedWiring.settings(config.expected()))
                .hasMessageStartingWith(
                        "muster.expected: kubernetes-selector must be set in a pod");
        Path account = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
        assertThat(
                        ExpectedWiring.pods(
                                "a=b",
                                config.expected().kubernetesNamespace(),
                                Map.of("KUBERNETES_SERVICE_HOST", "fd00::1")))
                .isEqualTo(
                        new ExpectedSettings.Pods(
                                URI.create("https://[fd00::1]:443"),
                                account.resolve("token"),
                                Optional.of(account.resolve("ca.crt")),
                                "ns",
                                "a=b"));
        Map<String, String> elsewhere = new TreeMap<>(ALL);
        elsewhere.remove("muster.expected.kubernetes-selector");
        assertThat(ExpectedWiring.settings(config(elsewhere).expected()))
                .isEqualTo(
                        new ExpectedSettings(
                                List.of("h1", "h2"),
                                Optional.of(Path.of("/x/expected")),
                                Optional.of(URI.create("http://list/nodes")),
                                Optional.empty(),
                                Optional.of(Path.of("/x/store")),
                                Duration.ofHours(9)));
        assertThat(settings.engine().timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.limits().timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.engine().maxSamples()).isEqualTo(2);
        assertThat(settings.engine().maxSeries()).isEqualTo(3);
        assertThat(settings.limits().maxPoints()).isEqualTo(4);
        assertThat(settings.engine().lookback()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.limits().maxFetchedBytes()).isEqualTo(6 * KIBI);
        assertThat(settings.engine().maxMemoryBytes()).isEqualTo(7 * KIBI);
        assertThat(settings.limits().maxConcurrent()).isEqualTo(8);
        assertThat(settings.limits().maxWaiting()).isEqualTo(9);
        assertThat(settings.load())
                .isEqualTo(
                        new LoadConfig(
                                new GateConfig(
                                        8,
                                        Map.of(
                                                Priority.RULES,
                                                new GateConfig.Share(8, 31, 32),
                                                Priority.DASHBOARD,
                                                new GateConfig.Share(7, 34, 35),
                                                Priority.AD_HOC,
                                                new GateConfig.Share(6, 37, 38))),
                                39 * KIBI,
                                Duration.ofSeconds(45),
                                Optional.of(Path.of("/x/active")),
                                46,
                                Duration.ofSeconds(47),
                                new TextLimits(40, 41, 42, 43),
                                44));
        assertThat(config.query().agentTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.query().agentAnswerLimit().asLongValue()).isEqualTo(11 * KIBI);
        assertThat(config.query().maxAgentRequests()).isEqualTo(14);
        assertThat(config.query().agentAnswersMemory().orElseThrow().asLongValue())
                .isEqualTo(15 * KIBI);
        assertThat(config.query().agentAnswersDisk().asLongValue()).isEqualTo(16 * KIBI);
        assertThat(config.query().pushDown()).isFalse();
        assertThat(config.query().maxPartFallbacks()).isEqualTo(17);
        assertThat(config.query().spillDirectory()).contains("/spill");
        assertThat(config.catalog().refreshInterval()).isEqualTo(Duration.ofSeconds(12));
        assertThat(settings.catalog().history()).isEqualTo(Duration.ofDays(13));
        assertThat(RetentionWiring.config(config.retention()))
                .isEqualTo(
                        new RetentionConfig(
                                Optional.of(Duration.ofHours(480)),
                                Optional.of(Duration.ofHours(72)),
                                Optional.of(Duration.ofHours(96)),
                                Duration.ofHours(2)));
        assertThat(CompactionWiring.config(config.compaction()))
                .isEqualTo(
                        CompactionConfig.DEFAULT
                                .after(Duration.ofMinutes(18), Duration.ofHours(19))
                                .within(20 * KIBI * KIBI, 21 * KIBI * KIBI, 22));
        assertThat(config.compaction().enabled()).isFalse();
        assertThat(config.compaction().interval()).isEqualTo(Duration.ofSeconds(17));
        assertThat(config.compaction().maxWait()).isEqualTo(Duration.ofSeconds(23));
        assertThat(config.compaction().directory()).contains("/merges");
        assertThat(NodeTls.config(config.tls()))
                .isEqualTo(
                        new TlsConfig(
                                Optional.of(Path.of("/c")),
                                Optional.of(Path.of("/k")),
                                Optional.of(Path.of("/a")),
                                ClientAuth.REQUEST,
                                Optional.of("n")));
        BlockCaches caches = BlockCaches.of(config.cache());
        assertThat(caches.prefetchBlocks()).isEqualTo(22);
        assertThat(caches.directory()).contains(Path.of("/cache"));
        assertThat(caches.diskBytes()).isEqualTo(17 * KIBI);
        assertThat(caches.memory().indexCacheBytes()).isEqualTo(18 * KIBI);
        assertThat(caches.memory().footerCacheBytes()).isEqualTo(19 * KIBI);
        assertThat(caches.memory().pageCacheBytes()).isEqualTo(20 * KIBI);
        assertThat(caches.memory().decodedCacheBytes()).isEqualTo(21 * KIBI);
        assertThat(settings.bucket().url()).isEqualTo("s3://b/p");
        assertThat(settings.bucket().endpoint()).isEqualTo("http://s3");
        assertThat(settings.bucket().region()).isEqualTo("r");
        assertThat(settings.bucket().accessKey()).isEqualTo("k");
        assertThat(settings.bucket().secretKey()).isEqualTo("secret");
    }

    @Test
    void rulesHaveTheseSettings() {
        assertThat(RulesWiring.live(config(Map.of())))
                .isEqualTo(
                        new LiveConfig(
                                List.of(),
                                Optional.empty(),
                                Duration.ofMinutes(1),
                                Duration.ZERO,
                                8,
                                Duration.ofSeconds(2),
                                Duration.ofMinutes(1),
                                new RestorePolicy(
                                        Duration.ofHours(1),
                                        Duration.ofMinutes(10),
                                        Duration.ofMinutes(5)),
                                new RuleSettings(
                                        new TreeMap<>(), URI.create("http://127.0.0.1:9650"))));
        assertThat(RulesWiring.live(config(ALL)))
                .isEqualTo(
                        new LiveConfig(
                                List.of("/r/*.yml", "/s/a.yml"),
                                Optional.of(Path.of("/r/api")),
                                Duration.ofSeconds(51),
                                Duration.ofSeconds(52),
                                53,
                                Duration.ofSeconds(54),
                                Duration.ofSeconds(55),
                                new RestorePolicy(
                                        Duration.ofSeconds(56),
                                        Duration.ofSeconds(57),
                                        Duration.ofMinutes(5)),
                                new RuleSettings(
                                        new TreeMap<>(Map.of("fleet", "f1")),
                                        URI.create("https://muster.example"))));
    }

    @Test
    void alertsOfTheFleetHaveTheseSettings() {
        URI url = URI.create("http://muster");
        assertThat(UpnessAlertsWiring.settings(config(Map.of()), url))
                .isEqualTo(UpnessAlertSettings.usual(url));
        UpnessAlertSettings all = UpnessAlertsWiring.settings(config(ALL), url);
        assertThat(all.kinds()).isEmpty();
        assertThat(all.severities())
                .isEqualTo(
                        Map.of(
                                UpnessAlertKind.HOST_DOWN, "s1",
                                UpnessAlertKind.AGENT_DOWN, "s2",
                                UpnessAlertKind.SERVICE_DOWN, "s3",
                                UpnessAlertKind.MISSING, "s4",
                                UpnessAlertKind.PARTITION, "s5",
                                UpnessAlertKind.RACK_DOWN, "s6",
                                UpnessAlertKind.CELL_DEGRADED, "s7"));
        assertThat(all.rules())
                .containsExactly(
                        new SeverityRule(List.of(LabelMatcher.equal("zone", "lab")), "info"));
        assertThat(List.of(all.settle(), all.flapWindow(), all.calm(), all.resend()))
                .containsExactly(
                        Duration.ofMillis(71),
                        Duration.ofSeconds(72),
                        Duration.ofSeconds(73),
                        Duration.ofSeconds(55));
        assertThatThrownBy(() ->
                        UpnessAlertsWiring.settings(
                                config(Map.of("muster.upness-alerts.severities.info", "1")), url))
                .hasMessageContaining("severities must be selectors");
        assertThat(config(ALL).deadMansSwitch().url()).contains("https://alive/{node}");
        assertThat(config(ALL).deadMansSwitch().interval()).isEqualTo(Duration.ofSeconds(74));
        assertThat(config(Map.of()).deadMansSwitch().url()).isEmpty();
        assertThat(config(Map.of()).deadMansSwitch().interval()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void theAlertManagerHasTheseSettings() {
        assertThat(AlertmanagerWiring.limits(config(Map.of()).alertmanager()))
                .isEqualTo(HubLimits.DEFAULT);
        assertThat(AlertmanagerWiring.limits(config(ALL).alertmanager()))
                .isEqualTo(new HubLimits(61, 62, 63, Duration.ofHours(64)));
        assertThat(config(ALL).alertmanager().configFile()).contains(Path.of("/am.yml"));
        assertThat(config(ALL).alertmanager().dir()).contains(Path.of("/am"));
        assertThat(config(ALL).alertmanager().externalUrl()).contains("http://am/x");
        assertThat(AlertmanagerWiring.history(config(Map.of()).alertmanager()))
                .isEqualTo(new HistoryConfig(Duration.ofHours(2), 256 << 20));
        assertThat(AlertmanagerWiring.history(config(ALL).alertmanager()))
                .isEqualTo(new HistoryConfig(Duration.ofMinutes(30), 5 << 20));
        assertThat(config(Map.of()).alertmanager().configFile()).isEmpty();
        assertThat(config(Map.of()).alertmanager().dir()).isEmpty();
    }

    @Test
    void alertsAndForwardingHaveTheseSettings() {
        assertThat(RulesWiring.alertmanagers(config(Map.of()).alerts()))
                .isEqualTo(new AlertmanagersConfig(List.of(), 10_000, Duration.ofSeconds(10)));
        assertThat(RulesWiring.alertmanagers(config(ALL).alerts()))
                .isEqualTo(
                        new AlertmanagersConfig(
                                List.of(URI.create("http://am1:9093")),
                                58,
                                Duration.ofSeconds(59)));
        assertThat(RulesWiring.forward(config(Map.of()).forward()))
                .isEqualTo(
                        new ForwardConfig(
                                2,
                                64 * KIBI * KIBI,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(1),
                                Optional.empty()));
        assertThat(RulesWiring.forward(config(ALL).forward()))
                .isEqualTo(
                        new ForwardConfig(
                                3,
                                60 * KIBI,
                                Duration.ofSeconds(61),
                                Duration.ofSeconds(62),
                                Optional.of(Path.of("/x/token"))));
    }

    @Test
    void looksForNoBlocksThatAreDeleted() {
        Settings settings = Settings.of(config(Map.of("muster.retention.samples", "48h")));
        assertThat(settings.catalog().history()).isEqualTo(Duration.ofDays(2));
        assertThatThrownBy(() ->
                        RetentionWiring.config(
                                config(Map.of("muster.retention.upness", "1h")).retention()))
                .hasMessage("muster.retention: upness must be 1d to 36500d: found=1h");
    }

    @Test
    void namesAWrongCertificate() {
        assertThatThrownBy(() ->
                        NodeTls.open(config(Map.of("muster.tls.ca-file", "/absent.crt")).tls()))
                .isInstanceOf(StartException.class)
                .hasMessage("muster.tls.ca-file file=/absent.crt: must be there: no such file");
        assertThatThrownBy(() -> NodeTls.open(config(Map.of("muster.tls.client-auth", "x")).tls()))
                .hasMessage("muster.tls.client-auth must be none, request or required: found=x");
    }

    @Test
    void aNodeIsAloneUnlessSeedsAreNamed() {
        assertThat(ClusterWiring.config(config(Map.of()), "q")).isEmpty();
        ClusterConfig cluster = ClusterWiring.config(config(ALL), "q").orElseThrow();
        assertThat(cluster)
                .isEqualTo(
                        new ClusterConfig(
                                "n",
                                "q1",
                                "http://q1",
                                "127.0.0.9",
                                14,
                                List.of("a:1", "b:2"),
                                "a secret of nodes"));
        QueryConfig config = config(ALL);
        assertThat(ClusterWiring.settings(config.cluster(), EngineConfig.DEFAULT))
                .isEqualTo(new ClusterSettings(EngineConfig.DEFAULT, 15, 16, 17 * KIBI));
        Map<String, String> few =
                Map.of(
                        "muster.cluster.seeds", "127.0.0.1:9651",
                        "muster.cluster.secret", "a secret of nodes");
        assertThat(ClusterWiring.config(config(few), "q:9650"))
                .hasValue(
                        new ClusterConfig(
                                "default",
                                "q:9650",
                                "http://127.0.0.1:9650",
                                "127.0.0.1",
                                9651,
                                List.of("127.0.0.1:9651"),
                                "a secret of nodes"));
        assertThat(ClusterWiring.settings(config(few).cluster(), EngineConfig.DEFAULT))
                .isEqualTo(new ClusterSettings(EngineConfig.DEFAULT, 50, 20, 64 * KIBI * KIBI));
    }

    @Test
    void aClusterNeedsASecret() {
        QueryConfig config = config(Map.of("muster.cluster.seeds", "a:1"));
        assertThatThrownBy(() -> ClusterWiring.config(config, "q"))
                .isInstanceOf(StartException.class)
                .hasMessage(
                        "muster.cluster: cluster secret must be at least 8 characters: length=0");
    }

    @Test
    void neverShowsASecret() {
        assertThat(Settings.of(config(ALL)).shown().toString()).doesNotContain("secret");
    }

    @Test
    void everyKeyIsInTheDocumentation() throws IOException {
        String page =
                Files.readString(
                        Path.of(System.getProperty("muster.root"), "docs", "configuration.md"));
        assertThat(ALL.keySet()).allSatisfy(key -> assertThat(page).contains("`" + key + "`"));
    }

    @Test
    void namesAnUnknownKey() {
        StartFailure failure = failure(Map.of("muster.query.time-out", "1s"));
        assertThat(failure.exitCode()).isEqualTo(2);
        assertThat(failure.line())
                .isEqualTo("muster.query.time-out: is not a setting of the query node");
    }

    @Test
    void namesAValueThatCannotBeRead() {
        StartFailure failure = failure(Map.of("muster.query.timeout", "soon"));
        assertThat(failure.exitCode()).isEqualTo(2);
        assertThat(failure.line()).isEqualTo("muster.query.timeout: cannot be read: found=soon");
    }

    @Test
    void namesAValueThatIsOutOfRange() {
        assertThatThrownBy(() -> Settings.of(config(Map.of("muster.query.max-series", "0"))))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("muster.query: ")
                .hasMessageContaining("=0");
        assertThatThrownBy(() -> Settings.of(config(Map.of("muster.query.agents", "a1:9640"))))
                .hasMessage(
                        "muster.query.agents: must be URLs such as http://127.0.0.1:9640, separated"
                                + " by commas: found=a1:9640");
    }

    @Test
    void namesAPortInUse() {
        StartFailure failure =
                StartFailure.of(new RuntimeException(new BindException("Address already in use")));
        assertThat(failure)
                .isEqualTo(
                        new StartFailure(
                                3, "muster.http.port: cannot listen: Address already in use"));
    }

    private static QueryConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withMapping(QueryConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .addDiscoveredConverters()
                .build()
                .getConfigMapping(QueryConfig.class);
    }

    private static StartFailure failure(Map<String, String> values) {
        try {
            throw new AssertionError("starts with " + List.of(config(values)));
        } catch (RuntimeException e) {
            return StartFailure.of(e);
        }
    }
}
