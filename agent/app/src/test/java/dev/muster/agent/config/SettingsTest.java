package dev.muster.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.door.DoorPlan;
import dev.muster.agent.exporter.CollectorNames;
import dev.muster.agent.intake.mqtt.MqttPlan;
import dev.muster.agent.intake.mqtt.TopicTemplate;
import dev.muster.agent.intake.otlp.NameStrategy;
import dev.muster.agent.intake.otlp.OtlpPlan;
import dev.muster.agent.intake.statsd.StatsdPlan;
import dev.muster.agent.part.PartLimits;
import dev.muster.agent.push.PushLimits;
import dev.muster.agent.scrape.job.KubernetesScope;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.services.registry.AddressRule;
import dev.muster.agent.services.registry.CallerRule;
import dev.muster.agent.services.registry.ServicePlan;
import dev.muster.agent.takeover.TakeoverPlan;
import dev.muster.agent.upness.UpnessPlan;
import dev.muster.federation.member.Place;
import dev.muster.federation.tls.ClientAuth;
import dev.muster.federation.tls.TlsConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final List<Class<?>> MAPPINGS =
            List.of(
                    AgentSettings.class,
                    HttpSettings.class,
                    ScrapeSettings.class,
                    HeadSettings.class,
                    UploadSettings.class,
                    StoreSettings.class,
                    CellSettings.class,
                    ExporterSettings.class,
                    ServiceSettings.class,
                    PartSettings.class,
                    TakeoverSettings.class,
                    UpnessSettings.class,
                    EventSettings.class,
                    PushSettings.class,
                    TlsSettings.class);

    private static AgentPlan.Settings settings(Map<String, String> values) {
        SmallRyeConfigBuilder builder =
                new SmallRyeConfigBuilder()
                        .addDefaultInterceptors()
                        .addDiscoveredConverters()
                        .withSources(new PropertiesConfigSource(values, "test", 100));
        MAPPINGS.forEach(builder::withMapping);
        SmallRyeConfig config = builder.build();
        return new AgentPlan.Settings(
                config.getConfigMapping(AgentSettings.class),
                config.getConfigMapping(HttpSettings.class),
                config.getConfigMapping(ScrapeSettings.class),
                config.getConfigMapping(HeadSettings.class),
                config.getConfigMapping(UploadSettings.class),
                config.getConfigMapping(StoreSettings.class),
                config.getConfigMapping(CellSettings.class),
                config.getConfigMapping(ExporterSettings.class),
                config.getConfigMapping(ServiceSettings.class),
                config.getConfigMapping(PartSettings.class),
                config.getConfigMapping(TakeoverSettings.class),
                config.getConfigMapping(UpnessSettings.class),
                config.getConfigMapping(EventSettings.class),
                config.getConfigMapping(PushSettings.class),
                config.getConfigMapping(TlsSettings.class));
    }

    @Test
    void pinsEveryDefault() {
        AgentPlan.Settings defaults = settings(Map.of());
        assertThat(defaults.agent().host()).isEmpty();
        assertThat(defaults.agent().cell()).isEqualTo("default");
        assertThat(defaults.agent().dataDir()).isEqualTo(Path.of("data"));
        assertThat(defaults.agent().advertisedUrl()).isEmpty();
        assertThat(defaults.agent().queryUrl()).isEmpty();
        assertThat(defaults.http().host()).isEqualTo("127.0.0.1");
        assertThat(defaults.http().port()).isEqualTo(9640);
        assertThat(defaults.scrape().configFile()).isEmpty();
        assertThat(defaults.scrape().interval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(defaults.scrape().timeout()).isEmpty();
        assertThat(defaults.scrape().bodySizeLimit()).isEqualTo("16MB");
        assertThat(defaults.scrape().memoryBudget()).isEmpty();
        assertThat(defaults.scrape().bodyMemoryLimit()).isEmpty();
        assertThat(defaults.scrape().sampleLimit()).isZero();
        assertThat(defaults.scrape().labelLimit()).isZero();
        assertThat(defaults.scrape().labelNameLengthLimit()).isZero();
        assertThat(defaults.scrape().labelValueLengthLimit()).isZero();
        assertThat(defaults.scrape().kubernetesNode()).isEmpty();
        assertThat(defaults.scrape().kubernetesScope()).isEqualTo("node");
        assertThat(defaults.head().window()).isEqualTo(Duration.ofHours(2));
        assertThat(defaults.head().outOfOrderWindow()).isEqualTo(Duration.ofMinutes(10));
        assertThat(defaults.head().seriesLimit()).isEqualTo(1_000_000);
        assertThat(defaults.head().exemplarLimit()).isEqualTo(10_000);
        assertThat(defaults.head().idleTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(defaults.head().syncInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(defaults.head().diskLimit()).isEqualTo("16GB");
        assertThat(defaults.upload().retain()).isEqualTo(Duration.ofMinutes(10));
        assertThat(defaults.upload().retryMax()).isEqualTo(Duration.ofMinutes(1));
        assertThat(defaults.upload().interval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(defaults.store().url()).isEmpty();
        assertThat(defaults.store().endpoint()).isEmpty();
        assertThat(defaults.store().region()).isEmpty();
        assertThat(defaults.store().accessKey()).isEmpty();
        assertThat(defaults.store().secretKey()).isEmpty();
        assertThat(defaults.cell().address()).isEqualTo("127.0.0.1");
        assertThat(defaults.cell().port()).isEqualTo(9641);
        assertThat(defaults.cell().seeds()).isEmpty();
        assertThat(defaults.cell().udp()).isTrue();
        assertThat(defaults.cell().udpPort()).isEmpty();
        assertThat(defaults.cell().zone()).isEmpty();
        assertThat(defaults.cell().rack()).isEmpty();
        assertThat(defaults.cell().kubernetesSelector()).isEmpty();
        assertThat(defaults.cell().kubernetesNamespace()).isEmpty();
        assertThat(defaults.cell().onStop()).isEqualTo("restart");
        assertThat(defaults.cell().restartTime()).isEqualTo(Duration.ofSeconds(30));
        assertThat(defaults.cell().handOver()).isEqualTo(Duration.ofSeconds(2));
        assertThat(defaults.cell().secret()).isEmpty();
        assertThat(defaults.cell().map()).isEmpty();
        assertThat(defaults.cell().movePort()).isEqualTo(9642);
        assertThat(defaults.cell().directorySeeds()).isEmpty();
        assertThat(defaults.cell().directorySecret()).isEmpty();
        assertThat(defaults.exporter().procfs()).isEqualTo(Path.of("/proc"));
        assertThat(defaults.exporter().sysfs()).isEqualTo(Path.of("/sys"));
        assertThat(defaults.exporter().rootfs()).isEqualTo(Path.of("/"));
        assertThat(defaults.exporter().collectors()).isEmpty();
        assertThat(defaults.services().registration()).isTrue();
        assertThat(defaults.services().token()).isEmpty();
        assertThat(defaults.services().addresses()).isEqualTo("host");
        assertThat(defaults.upness().maxSize()).isEqualTo("64MB");
        assertThat(defaults.upness().retain()).isEqualTo(Duration.ofHours(48));
        assertThat(defaults.events().log()).isEmpty();
        assertThat(defaults.push().tokenFile()).isEmpty();
        assertThat(defaults.push().maxGroups()).isEqualTo(2_000);
        assertThat(defaults.push().groupMemoryLimit()).isEmpty();
        assertThat(defaults.push().ttl()).isEmpty();
        assertThat(defaults.push().adminApi()).isFalse();
        assertThat(defaults.push().bodySizeLimit()).isEqualTo("16MB");
        assertThat(defaults.push().bodyMemoryLimit()).isEmpty();
        assertThat(defaults.push().bodyTimeout()).isEqualTo(Duration.ofSeconds(15));
        assertThat(defaults.push().maxConcurrent()).isEqualTo(64);
        assertThat(defaults.push().originsLimit()).isEqualTo(2_000);
        assertThat(AgentPlan.of(defaults).otlp()).isEqualTo(OtlpPlan.DEFAULT);
        assertThat(defaults.push().statsdPort()).isEmpty();
        assertThat(AgentPlan.tls(defaults.tls()))
                .isEqualTo(
                        new TlsConfig(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                ClientAuth.NONE,
                                Optional.empty()));
        assertThat(defaults.tls().localPort()).isEmpty();
        assertThat(AgentPlan.of(defaults).mqtt()).isEmpty();
        assertThat(AgentPlan.of(defaults).remoteLogBytes()).isEqualTo(512 << 20);
        assertThat(defaults.parts().maxConcurrent()).isEqualTo(2);
        assertThat(defaults.parts().maxWaiting()).isEqualTo(32);
        assertThat(defaults.parts().maxSamples()).isEqualTo(50_000_000);
        assertThat(defaults.parts().maxSeries()).isEqualTo(200_000);
        assertThat(defaults.parts().maxMemory()).isEmpty();
        assertThat(defaults.parts().timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(AgentPlan.of(defaults).takeover()).isEqualTo(TakeoverPlan.DEFAULT);
    }

    @Test
    void readsEveryKey() {
        AgentPlan plan =
                AgentPlan.of(
                        settings(
                                Map.ofEntries(
                                        Map.entry("muster.agent.host", "h1"),
                                        Map.entry("muster.agent.cell", "c1"),
                                        Map.entry("muster.agent.data-dir", "/d"),
                                        Map.entry("muster.agent.advertised-url", "http://h1:1"),
                                        Map.entry("muster.agent.query-url", "http://q/"),
                                        Map.entry("muster.http.host", "0.0.0.0"),
                                        Map.entry("muster.http.port", "9"),
                                        Map.entry("muster.scrape.config-file", "p.yml"),
                                        Map.entry("muster.scrape.interval", "15s"),
                                        Map.entry("muster.scrape.timeout", "3s"),
                                        Map.entry("muster.scrape.body-size-limit", "1MB"),
                                        Map.entry("muster.scrape.body-memory-limit", "2MB"),
                                        Map.entry("muster.scrape.sample-limit", "1"),
                                        Map.entry("muster.scrape.label-limit", "2"),
                                        Map.entry("muster.scrape.label-name-length-limit", "3"),
                                        Map.entry("muster.scrape.label-value-length-limit", "4"),
                                        Map.entry("muster.scrape.kubernetes-node", "n1"),
                                        Map.entry("muster.scrape.kubernetes-scope", "cluster"),
                                        Map.entry("muster.head.window", "1h"),
                                        Map.entry("muster.head.out-of-order-window", "1m"),
                                        Map.entry("muster.head.series-limit", "5"),
                                        Map.entry("muster.head.exemplar-limit", "6"),
                                        Map.entry("muster.head.idle-timeout", "7m"),
                                        Map.entry("muster.head.sync-interval", "1s"),
                                        Map.entry("muster.head.disk-limit", "1GB"),
                                        Map.entry("muster.part.max-concurrent", "3"),
                                        Map.entry("muster.part.max-waiting", "4"),
                                        Map.entry("muster.part.max-samples", "5"),
                                        Map.entry("muster.part.max-series", "6"),
                                        Map.entry("muster.part.max-memory", "7MB"),
                                        Map.entry("muster.part.timeout", "8s"),
                                        Map.entry("muster.push.token-file", "pom.xml"),
                                        Map.entry("muster.push.max-groups", "6"),
                                        Map.entry("muster.push.group-memory-limit", "7MB"),
                                        Map.entry("muster.push.ttl", "8h"),
                                        Map.entry("muster.push.admin-api", "true"),
                                        Map.entry("muster.push.body-size-limit", "1MB"),
                                        Map.entry("muster.push.body-memory-limit", "3MB"),
                                        Map.entry("muster.push.body-timeout", "2s"),
                                        Map.entry("muster.push.max-concurrent", "5"),
                                        Map.entry("muster.push.origins-limit", "6"),
                                        Map.entry("muster.push.mqtt-buffer-limit", "9"),
                                        Map.entry("muster.push.mqtt-client-id", "m"),
                                        Map.entry("muster.push.mqtt-password-file", "pw"),
                                        Map.entry("muster.push.mqtt-topics", "a/{b}/+"),
                                        Map.entry("muster.push.mqtt-url", "tcp://b:1"),
                                        Map.entry("muster.push.mqtt-user", "u"),
                                        Map.entry("muster.push.remote-write-log-limit", "2MB"),
                                        Map.entry("muster.push.statsd-host", "::1"),
                                        Map.entry("muster.push.statsd-idle", "1m"),
                                        Map.entry("muster.push.statsd-port", "8125"),
                                        Map.entry("muster.push.statsd-series-limit", "8"),
                                        Map.entry(
                                                "muster.push.otlp-translation-strategy",
                                                "NoTranslation"),
                                        Map.entry(
                                                "muster.push.otlp-promote-resource-attributes",
                                                "a,b"),
                                        Map.entry(
                                                "muster.push.otlp-convert-histograms-to-nhcb",
                                                "true"),
                                        Map.entry("muster.push.otlp-delta-series-limit", "7"),
                                        Map.entry("muster.takeover.enabled", "false"),
                                        Map.entry("muster.takeover.scrapes-per-second", "20"),
                                        Map.entry("muster.takeover.host-scrapes-per-second", "10"),
                                        Map.entry("muster.takeover.hosts-limit", "3"),
                                        Map.entry("muster.takeover.memory-budget", "1MB"),
                                        Map.entry("muster.takeover.body-memory-limit", "2MB"),
                                        Map.entry("muster.takeover.down-interval", "6s"),
                                        Map.entry("muster.upload.retain", "1m"),
                                        Map.entry("muster.upload.retry-max", "2m"),
                                        Map.entry("muster.upload.interval", "3s"),
                                        Map.entry("muster.store.url", "s3://b/p"),
                                        Map.entry("muster.store.endpoint", "http://s"),
                                        Map.entry("muster.store.region", "r"),
                                        Map.entry("muster.store.access-key", "a"),
                                        Map.entry("muster.store.secret-key", "s"),
                                        Map.entry("muster.cell.address", "10.0.0.1"),
                                        Map.entry("muster.cell.port", "7"),
                                        Map.entry("muster.cell.seeds", "x:1,y:2"),
                                        Map.entry("muster.cell.secret", "psst"),
                                        Map.entry("muster.cell.udp", "true"),
                                        Map.entry("muster.cell.udp-port", "8"),
                                        Map.entry("muster.cell.zone", "z"),
                                        Map.entry("muster.cell.rack", "r1"),
                                        Map.entry("muster.cell.kubernetes-selector", "cell=c1"),
                                        Map.entry("muster.cell.kubernetes-namespace", "ns"),
                                        Map.entry("muster.cell.on-stop", "leave"),
                                        Map.entry("muster.cell.restart-time", "9s"),
                                        Map.entry("muster.cell.hand-over", "1s"),
                                        Map.entry("muster.cell.map", "cells.yml"),
                                        Map.entry("muster.cell.move-port", "17"),
                                        Map.entry(
                                                "muster.cell.directory-seeds", "http://a,http://b"),
                                        Map.entry("muster.cell.directory-secret", "psst psst"),
                                        Map.entry("muster.exporter.procfs", "/p"),
                                        Map.entry("muster.exporter.sysfs", "/s"),
                                        Map.entry("muster.exporter.rootfs", "/r"),
                                        Map.entry("muster.exporter.collectors", "cpu,stat"),
                                        Map.entry("muster.services.registration", "true"),
                                        Map.entry("muster.services.token", "psst"),
                                        Map.entry("muster.services.addresses", "any"),
                                        Map.entry("muster.upness.max-size", "8MB"),
                                        Map.entry("muster.upness.retain", "3h"),
                                        Map.entry("muster.events.log", "/e.jsonl"))));
        assertThat(plan.host() + plan.cell() + plan.dataDir()).isEqualTo("h1c1/d");
        assertThat(plan.queryUrl()).isEqualTo("http://q");
        assertThat(plan.scrapeFile()).contains(Path.of("p.yml"));
        assertThat(plan.scrape().timing().interval()).isEqualTo(Duration.ofSeconds(15));
        assertThat(plan.scrape().timing().timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(plan.scrape().limits()).isEqualTo(new ScrapeLimits(1 << 20, 1, 2, 3, 4, 0));
        assertThat(plan.kubernetes()).isEqualTo(new KubernetesScope(Optional.of("n1"), true));
        assertThat(plan.push().limits())
                .isEqualTo(new PushLimits(6, 7 << 20, Duration.ofHours(8).toMillis()));
        assertThat(plan.push().adminApi()).isTrue();
        assertThat(plan.door())
                .isEqualTo(
                        new DoorPlan(
                                Optional.of(Path.of("pom.xml")),
                                1 << 20,
                                3 << 20,
                                Duration.ofSeconds(2),
                                5));
        assertThat(plan.originsLimit()).isEqualTo(6);
        assertThat(plan.remoteLogBytes()).isEqualTo(2 << 20);
        assertThat(plan.mqtt())
                .contains(
                        new MqttPlan(
                                URI.create("tcp://b:1"),
                                List.of(new TopicTemplate("a/{b}/+")),
                                "m",
                                "u",
                                Optional.of(Path.of("pw")),
                                9));
        assertThat(plan.statsd()).contains(new StatsdPlan("::1", 8125, 8, Duration.ofMinutes(1)));
        assertThat(plan.otlp())
                .isEqualTo(new OtlpPlan(NameStrategy.AS_THEY_ARE, List.of("a", "b"), true, 7));
        assertThat(plan.bodyMemoryBytes()).isEqualTo(2 << 20);
        assertThat(plan.head().directory()).isEqualTo(Path.of("/d/head"));
        assertThat(plan.head().window()).isEqualTo(Duration.ofHours(1));
        assertThat(plan.head().outOfOrderWindow()).isEqualTo(Duration.ofMinutes(1));
        assertThat(plan.head().seriesLimit()).isEqualTo(5);
        assertThat(plan.head().exemplarLimit()).isEqualTo(6);
        assertThat(plan.head().idleTimeout()).isEqualTo(Duration.ofMinutes(7));
        assertThat(plan.head().syncInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(plan.head().diskLimitBytes()).isEqualTo(1 << 30);
        assertThat(plan.upload().retain()).isEqualTo(Duration.ofMinutes(1));
        assertThat(plan.upload().retryMax()).isEqualTo(Duration.ofMinutes(2));
        assertThat(plan.upload().interval()).isEqualTo(Duration.ofSeconds(3));
        assertThat(plan.store().orElseThrow().url()).isEqualTo("s3://b/p");
        assertThat(plan.store().orElseThrow().endpoint()).isEqualTo("http://s");
        assertThat(plan.store().orElseThrow().region()).isEqualTo("r");
        assertThat(plan.store().orElseThrow().accessKey()).isEqualTo("a");
        assertThat(plan.store().orElseThrow().secretKey()).isEqualTo("s");
        assertThat(plan.member().httpUrl()).isEqualTo("http://h1:1");
        assertThat(plan.member().address()).isEqualTo("10.0.0.1");
        assertThat(plan.member().port()).isEqualTo(7);
        assertThat(plan.member().seeds()).containsExactly("x:1", "y:2");
        assertThat(plan.member().secret()).contains("psst");
        assertThat(plan.fleet().mapFile()).contains(Path.of("cells.yml"));
        assertThat(plan.fleet().movePort()).isEqualTo(17);
        assertThat(plan.fleet().seeds()).containsExactly("http://a", "http://b");
        assertThat(plan.fleet().secret()).contains("psst psst");
        assertThat(plan.fleet().chooses()).isFalse();
        assertThat(plan.member().udpPort()).hasValue(8);
        assertThat(plan.member().place()).isEqualTo(new Place("z", "r1"));
        assertThat(plan.pods()).contains(new AgentPlan.PodSelector("cell=c1", "ns"));
        assertThat(plan.stop())
                .isEqualTo(new StopPlan(false, Duration.ofSeconds(9), Duration.ofSeconds(1)));
        assertThat(plan.exporter().orElseThrow().procfs()).isEqualTo(Path.of("/p"));
        assertThat(plan.exporter().orElseThrow().sysfs()).isEqualTo(Path.of("/s"));
        assertThat(plan.exporter().orElseThrow().rootfs()).isEqualTo(Path.of("/r"));
        assertThat(plan.exporter().orElseThrow().collectors()).isEqualTo(Set.of("cpu", "stat"));
        assertThat(plan.takeover())
                .isEqualTo(
                        new TakeoverPlan(
                                false, 20, 10, 3, 1 << 20, 2 << 20, Duration.ofSeconds(6)));
        assertThat(plan.upness())
                .isEqualTo(
                        new UpnessPlan(
                                "h1",
                                Path.of("/d/upness"),
                                8 << 20,
                                Duration.ofHours(3),
                                Optional.of(Path.of("/e.jsonl"))));
        assertThat(plan.parts())
                .isEqualTo(new PartLimits(3, 4, 5, 6, 7 << 20, Duration.ofSeconds(8)));
        assertThat(plan.services().orElseThrow())
                .isEqualTo(
                        new ServicePlan(
                                Path.of("/d/services/registrations"),
                                new CallerRule(false, Optional.of("psst")),
                                AddressRule.ANY));
    }

    @Test
    void sendsDatagramsByTheNumberOfTheMemberPortUnlessTold() {
        assertThat(planOf("muster.cell.port", "77").member().udpPort()).hasValue(77);
        assertThat(planOf("muster.cell.udp", "false").member().udpPort()).isEmpty();
        assertThat(planOf("muster.cell.udp", "true").stop())
                .isEqualTo(new StopPlan(true, Duration.ofSeconds(30), Duration.ofSeconds(2)));
        refuses(
                "muster.cell.on-stop",
                "perhaps",
                "muster.cell.on-stop must be restart or leave: found=perhaps");
    }

    private static AgentPlan planOf(String key, String value) {
        return AgentPlan.of(settings(Map.of("muster.agent.host", "h", key, value)));
    }

    @Test
    void registersServicesUnlessTold() {
        AgentPlan plan = AgentPlan.of(settings(Map.of("muster.agent.host", "h")));
        assertThat(plan.services().orElseThrow().callers())
                .isEqualTo(new CallerRule(true, Optional.empty()));
        assertThat(plan.services().orElseThrow().addresses()).isEqualTo(AddressRule.OF_THIS_HOST);
        assertThat(
                        AgentPlan.of(
                                        settings(
                                                Map.of(
                                                        "muster.agent.host",
                                                        "h",
                                                        "muster.services.registration",
                                                        "false")))
                                .services())
                .isEmpty();
        refuses(
                "muster.services.addresses",
                "some",
                "muster.services.addresses must be host or any: found=some");
    }

    @Test
    void plansWithoutAnyKey() {
        AgentPlan plan = AgentPlan.of(settings(Map.of("muster.agent.host", "h")));
        assertThat(plan.scrape().timing().timeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(plan.member().httpUrl()).isEqualTo("http://127.0.0.1:9640");
        assertThat(plan.exporter().orElseThrow().collectors()).isEqualTo(CollectorNames.defaults());
        assertThat(plan.store()).isEmpty();
        assertThat(
                        AgentPlan.of(
                                        settings(
                                                Map.of(
                                                        "muster.agent.host",
                                                        "h",
                                                        "muster.exporter.collectors",
                                                        "none")))
                                .exporter())
                .isEmpty();
    }

    private static void refuses(String key, String value, String message) {
        assertThatThrownBy(
                        () -> AgentPlan.of(settings(Map.of("muster.agent.host", "h", key, value))))
                .isInstanceOf(SettingsException.class)
                .hasMessage("config: " + message);
    }

    @Test
    void refusesWrongValues() {
        refuses(
                "muster.scrape.kubernetes-scope",
                "all",
                "muster.scrape.kubernetes-scope must be node or cluster: found=all");
        refuses(
                "muster.scrape.interval",
                "100ms",
                "muster.scrape.interval or timeout: scrape interval must be between 250ms and 1d:"
                        + " interval=100ms");
        refuses(
                "muster.scrape.body-size-limit",
                "big",
                "muster.scrape.body-size-limit must be a size such as 16MB: found=big");
        refuses("muster.http.port", "70000", "muster.http.port must be 0 to 65535: found=70000");
        refuses("muster.cell.port", "0", "muster.cell.port must be 1 to 65535: found=0");
        refuses(
                "muster.head.window",
                "7m",
                "muster.head: head config: window must be 1 min to 1 d and divide a day:"
                        + " found=PT7M");
    }

    @Test
    void speaksTlsWithACertificate() {
        AgentPlan.Settings settings =
                settings(
                        Map.of(
                                "muster.agent.host", "h",
                                "muster.tls.cert-file", "/c",
                                "muster.tls.key-file", "/k",
                                "muster.tls.ca-file", "/a",
                                "muster.tls.client-auth", "required",
                                "muster.tls.server-name", "n",
                                "muster.tls.local-port", "9643"));
        assertThat(AgentPlan.tls(settings.tls()))
                .isEqualTo(
                        new TlsConfig(
                                Optional.of(Path.of("/c")),
                                Optional.of(Path.of("/k")),
                                Optional.of(Path.of("/a")),
                                ClientAuth.REQUIRED,
                                Optional.of("n")));
        assertThat(settings.tls().localPort()).hasValue(9643);
        assertThat(AgentPlan.of(settings).member().httpUrl()).isEqualTo("https://127.0.0.1:9640");
        refuses(
                "muster.tls.client-auth",
                "yes",
                "muster.tls.client-auth must be none, request or required: found=yes");
        refuses(
                "muster.tls.cert-file",
                "/c",
                "muster.tls.key-file must be given with muster.tls.cert-file: none");
    }

    @Test
    void knowsExactlyTheKeysOfTheMappings() {
        Set<String> keys = new TreeSet<>();
        for (Class<?> mapping : MAPPINGS) {
            String prefix =
                    Objects.requireNonNull(mapping.getAnnotation(ConfigMapping.class)).prefix();
            for (Method method : mapping.getMethods()) {
                keys.add(
                        prefix
                                + "."
                                + method.getName()
                                        .replaceAll("([A-Z])", "-$1")
                                        .toLowerCase(Locale.ROOT));
            }
        }
        assertThat(SettingKeys.known()).isEqualTo(keys);
    }

    @Test
    void refusesUnknownKeys() {
        assertThatThrownBy(() ->
                        SettingKeys.refuseUnknown(
                                List.of("muster.upload.retian", "other.key"), Map.of()))
                .hasMessage(
                        "config: unknown key: found=muster.upload.retian,"
                                + " known=muster.upload.interval, muster.upload.retain,"
                                + " muster.upload.retry-max");
        assertThatThrownBy(() ->
                        SettingKeys.refuseUnknown(List.of(), Map.of("MUSTER_UPLOAD_RETIAN", "1m")))
                .hasMessageStartingWith("config: unknown key: found=MUSTER_UPLOAD_RETIAN, known=");
        SettingKeys.refuseUnknown(
                List.of("muster.agent.host"),
                Map.of("MUSTER_AGENT_DATA_DIR", "d", "MUSTER_JAVA", "x", "PATH", "y"));
    }

    @Test
    void everyKeyIsInTheDocumentation() throws IOException {
        String root = System.getProperty("muster.root");
        Assumptions.assumeTrue(root != null, "muster.root names no repository");
        String text = Files.readString(Path.of(root, "docs", "configuration.md"));
        assertThat(SettingKeys.known())
                .allSatisfy(key -> assertThat(text).contains("`" + key + "`"));
    }
}
