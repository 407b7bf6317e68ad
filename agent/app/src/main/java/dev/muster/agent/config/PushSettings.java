package dev.muster.agent.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What is pushed to the HTTP port: `muster.push.*`.
@ConfigMapping(prefix = "muster.push")
public interface PushSettings {
    /// File with the token that other hosts have to show. Read again when it changes. Default:
    /// none, and then only programs of this host may push.
    Optional<Path> tokenFile();

    /// Most groups of pushed metrics (the Pushgateway's protocol), 1 to 100000.
    @WithDefault("2000")
    int maxGroups();

    /// Most bytes of all groups together, as they are held. Default: a tenth of the heap.
    Optional<String> groupMemoryLimit();

    /// How long a group lives after a push that names no time of its own. Default: for ever.
    Optional<Duration> ttl();

    /// May `PUT /api/v1/admin/wipe` delete all groups?
    @WithDefault("false")
    boolean adminApi();

    /// Most bytes of a body, as received and inflated, up to 1 GB.
    @WithDefault("16MB")
    String bodySizeLimit();

    /// Most bytes that all bodies may take together. Default: a tenth of the heap, at least twice
    /// the limit of one.
    Optional<String> bodyMemoryLimit();

    /// For a body to arrive whole, 100 ms to 10 min.
    @WithDefault("15s")
    Duration bodyTimeout();

    /// Most pushes at one time, 1 to 10000.
    @WithDefault("64")
    int maxConcurrent();

    /// Most origins of pushed samples, job and instance, that have a clock of their own; others
    /// share one, 1 to 100000.
    @WithDefault("2000")
    int originsLimit();

    /// How names of OpenTelemetry are written: `UnderscoreEscapingWithSuffixes`,
    /// `UnderscoreEscapingWithoutSuffixes`, `NoUTF8EscapingWithSuffixes` or `NoTranslation`.
    @WithDefault("UnderscoreEscapingWithSuffixes")
    String otlpTranslationStrategy();

    /// Attributes of OpenTelemetry resources that every series gets as labels; `*` for all.
    /// Default: none.
    Optional<List<String>> otlpPromoteResourceAttributes();

    /// Do OpenTelemetry histograms with bounds become native histograms with custom buckets?
    @WithDefault("false")
    boolean otlpConvertHistogramsToNhcb();

    /// Most series that are summed up from deltas, 1 to 1000000.
    @WithDefault("10000")
    int otlpDeltaSeriesLimit();

    /// UDP port that StatsD packets are taken at, 0 to 65535; 0 takes any free one. Default: none,
    /// and then none are.
    OptionalInt statsdPort();

    /// Address that StatsD packets are taken at. The protocol has no token: whoever reaches it may
    /// push.
    @WithDefault("127.0.0.1")
    String statsdHost();

    /// Most StatsD series, 1 to 1000000; what is beyond is counted and not kept.
    @WithDefault("10000")
    int statsdSeriesLimit();

    /// A StatsD series without a packet for so long ends.
    @WithDefault("5m")
    Duration statsdIdle();

    /// MQTT broker whose messages are taken, `tcp://host:port` or `ssl://host:port`. Default: none.
    Optional<URI> mqttUrl();

    /// Topics that are subscribed to, with names for their levels: `plant/{line}/{__name__}`.
    Optional<List<String>> mqttTopics();

    /// Name of this client, which the broker keeps messages for. Default: `muster-` and the host.
    Optional<String> mqttClientId();

    /// User at the broker. Default: none.
    Optional<String> mqttUser();

    /// File with the password of that user. Default: none.
    Optional<Path> mqttPasswordFile();

    /// Most messages that wait to be stored, 1 to 1000000; beyond, the newest are dropped.
    @WithDefault("10000")
    int mqttBufferLimit();

    /// Most bytes on disk of samples that wait to be sent on by `remote_write` of the scrape file,
    /// from 1 MB; beyond, the oldest are dropped.
    @WithDefault("512MB")
    String remoteWriteLogLimit();
}
