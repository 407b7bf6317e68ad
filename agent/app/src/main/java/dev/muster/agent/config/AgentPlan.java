package dev.muster.agent.config;

import dev.muster.agent.door.DoorPlan;
import dev.muster.agent.exporter.CollectorNames;
import dev.muster.agent.exporter.HostExporterConfig;
import dev.muster.agent.fleet.CellChoice;
import dev.muster.agent.fleet.FleetPlan;
import dev.muster.agent.intake.IntakePlan;
import dev.muster.agent.intake.mqtt.MqttPlan;
import dev.muster.agent.intake.mqtt.TopicTemplate;
import dev.muster.agent.intake.otlp.NameStrategy;
import dev.muster.agent.intake.otlp.OtlpPlan;
import dev.muster.agent.intake.statsd.StatsdPlan;
import dev.muster.agent.part.PartLimits;
import dev.muster.agent.push.PushLimits;
import dev.muster.agent.push.PushPlan;
import dev.muster.agent.scrape.file.ByteSize;
import dev.muster.agent.scrape.file.ScrapeDefaults;
import dev.muster.agent.scrape.job.KubernetesScope;
import dev.muster.agent.scrape.job.ScrapeLimits;
import dev.muster.agent.scrape.job.ScrapeTiming;
import dev.muster.agent.services.registry.AddressRule;
import dev.muster.agent.services.registry.CallerRule;
import dev.muster.agent.services.registry.ServicePlan;
import dev.muster.agent.takeover.TakeoverPlan;
import dev.muster.agent.upload.UploadPlan;
import dev.muster.agent.upness.UpnessPlan;
import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.federation.directory.FleetSeal;
import dev.muster.federation.hazelcast.CellConfig;
import dev.muster.federation.member.Place;
import dev.muster.federation.tls.ClientAuth;
import dev.muster.federation.tls.TlsConfig;
import dev.muster.head.HeadConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/// The configuration of the whole agent as the values its parts take, checked.
///
/// @param host name of the host
/// @param cell name of the cell
/// @param dataDir directory of the agent
/// @param queryUrl where people reach a query node, without a slash at its end; empty for none
/// @param scrapeFile Prometheus' configuration file, if there is one
/// @param scrape defaults of scrape jobs
/// @param kubernetes how much of a cluster is looked at
/// @param bodyMemoryBytes most bytes of all bodies together
/// @param memoryBudgetBytes memory that series of targets may take
/// @param head of the head
/// @param store of the bucket; absent if blocks are not shipped
/// @param upload of shipping
/// @param member of the cell's member
/// @param fleet of the directory, the watch and the choice of the cell
/// @param pods that are looked for as agents of the cell, if there are some
/// @param stop what a stop of the agent means to the cell
/// @param exporter of the host exporter; absent without collectors
/// @param services of self-registration; absent if services may not register
/// @param parts what parts of queries may take
/// @param takeover how services of lost peers are looked after
/// @param upness of the log of how the cell changes
/// @param push of pushed groups and runs of jobs
/// @param door of what is pushed
/// @param originsLimit most origins of pushed samples that have a clock of their own
/// @param otlp how OpenTelemetry metrics become series
/// @param statsd where StatsD packets are taken; absent if they are not
/// @param mqtt whose messages are taken; absent if none are
/// @param remoteLogBytes most bytes of samples that wait to be sent on
public record AgentPlan(
        String host,
        String cell,
        Path dataDir,
        String queryUrl,
        Optional<Path> scrapeFile,
        ScrapeDefaults scrape,
        KubernetesScope kubernetes,
        long bodyMemoryBytes,
        long memoryBudgetBytes,
        HeadConfig head,
        Optional<BucketConfig> store,
        UploadPlan upload,
        CellConfig member,
        FleetPlan fleet,
        Optional<PodSelector> pods,
        StopPlan stop,
        Optional<HostExporterConfig> exporter,
        Optional<ServicePlan> services,
        PartLimits parts,
        TakeoverPlan takeover,
        UpnessPlan upness,
        PushPlan push,
        DoorPlan door,
        int originsLimit,
        OtlpPlan otlp,
        Optional<StatsdPlan> statsd,
        Optional<MqttPlan> mqtt,
        long remoteLogBytes) {
    /// What `muster.agent.cell` says where nobody has named a cell.
    private static final String UNNAMED_CELL = "default";

    private static final Duration TIMEOUT_LIMIT = Duration.ofSeconds(10);

    /// Pods that are looked for as agents of the cell.
    ///
    /// @param labels as the API server takes it
    /// @param namespace empty for that of this pod
    public record PodSelector(String labels, String namespace) {}

    /// All settings together.
    public record Settings(
            AgentSettings agent,
            HttpSettings http,
            ScrapeSettings scrape,
            HeadSettings head,
            UploadSettings upload,
            StoreSettings store,
            CellSettings cell,
            ExporterSettings exporter,
            ServiceSettings services,
            PartSettings parts,
            TakeoverSettings takeover,
            UpnessSettings upness,
            EventSettings events,
            PushSettings push,
            TlsSettings tls) {}

    /// Labels that every series gets that has none of that name.
    public Map<String, String> externalLabels() {
        return externalLabels(cell);
    }

    /// The same once the agent is of that cell.
    public Map<String, String> externalLabels(String cell) {
        return Map.of("cell", cell, "host", host);
    }

    /// By which other hosts know this one.
    public String reachableAddress() {
        String host = URI.create(member.httpUrl()).getHost();
        return host == null ? "" : host.replaceAll("[\\[\\]]", "");
    }

    /// Where the kernel tells of this host's sockets.
    public Path procfs() {
        return exporter.map(HostExporterConfig::procfs).orElse(Path.of("/proc"));
    }

    /// @throws SettingsException naming the key that is wrong
    public static AgentPlan of(Settings settings) {
        String host = settings.agent.host().orElseGet(AgentPlan::hostName);
        Path data = settings.agent.dataDir().toAbsolutePath().normalize();
        port("muster.http.port", settings.http.port(), 0);
        port("muster.cell.port", settings.cell.port(), 1);
        port("muster.cell.move-port", settings.cell.movePort(), 1);
        FleetPlan fleet = fleet(settings, host, data.resolve("cell"));
        Optional<CellChoice> choice = choice(fleet);
        String cell = choice.map(CellChoice::cell).orElse(settings.agent.cell());
        return new AgentPlan(
                host,
                cell,
                data,
                queryUrl(settings.agent.queryUrl().orElse("")),
                settings.scrape.configFile(),
                scrape(settings.scrape),
                kubernetes(settings.scrape),
                settings.scrape
                        .bodyMemoryLimit()
                        .map(text -> size("muster.scrape.body-memory-limit", text))
                        .orElse(Runtime.getRuntime().maxMemory() / 3),
                memoryBudget(settings.scrape),
                head(settings.head, data.resolve("head")),
                store(settings.store),
                upload(settings, host, cell, data.resolve("upload")),
                member(
                        settings,
                        host,
                        cell,
                        choice.map(CellChoice::directory).orElse(data.resolve("cell")),
                        choice.map(CellChoice::seeds).orElse(List.of())),
                fleet,
                settings.cell
                        .kubernetesSelector()
                        .map(selector ->
                                new PodSelector(
                                        selector, settings.cell.kubernetesNamespace().orElse(""))),
                stop(settings.cell),
                exporter(settings.exporter),
                services(settings, data.resolve("services")),
                parts(settings.parts),
                takeover(settings.takeover),
                upness(settings, host, data.resolve("upness")),
                groups(settings.push, data),
                door(settings.push),
                originsLimit(settings.push),
                otlp(settings.push),
                statsd(settings.push),
                mqtt(settings.push, host),
                remoteLogBytes(settings.push));
    }

    private static long remoteLogBytes(PushSettings push) {
        long bytes = size("muster.push.remote-write-log-limit", push.remoteWriteLogLimit());
        if (bytes < 1 << 20) {
            throw new SettingsException(
                    "config: muster.push.remote-write-log-limit must be at least 1MB: found="
                            + push.remoteWriteLogLimit());
        }
        return bytes;
    }

    /// How pushed samples are taken in.
    ///
    /// @param external labels that every series gets that has none of that name
    public IntakePlan intake(Map<String, String> external) {
        return new IntakePlan(
                external,
                scrape.limits(),
                originsLimit,
                head.window().plus(head.outOfOrderWindow()));
    }

    private static Optional<StatsdPlan> statsd(PushSettings push) {
        if (push.statsdPort().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                checked(
                        "muster.push",
                        () ->
                                new StatsdPlan(
                                        push.statsdHost(),
                                        push.statsdPort().getAsInt(),
                                        push.statsdSeriesLimit(),
                                        push.statsdIdle())));
    }

    private static Optional<MqttPlan> mqtt(PushSettings push, String host) {
        return push.mqttUrl()
                .map(url ->
                        checked(
                                "muster.push",
                                () ->
                                        new MqttPlan(
                                                url,
                                                push.mqttTopics().orElse(List.of()).stream()
                                                        .map(TopicTemplate::new)
                                                        .toList(),
                                                push.mqttClientId().orElse("muster-" + host),
                                                push.mqttUser().orElse(""),
                                                push.mqttPasswordFile(),
                                                push.mqttBufferLimit())));
    }

    private static OtlpPlan otlp(PushSettings push) {
        String strategy = push.otlpTranslationStrategy();
        return checked(
                "muster.push",
                () ->
                        new OtlpPlan(
                                NameStrategy.of(strategy)
                                        .orElseThrow(() ->
                                                new IllegalArgumentException(
                                                        "otlp-translation-strategy must be one that"
                                                                + " Prometheus has: found="
                                                                + strategy)),
                                push.otlpPromoteResourceAttributes().orElse(List.of()),
                                push.otlpConvertHistogramsToNhcb(),
                                push.otlpDeltaSeriesLimit()));
    }

    private static int originsLimit(PushSettings push) {
        return checked(
                        "muster.push",
                        () ->
                                new IntakePlan(
                                        Map.of(),
                                        ScrapeLimits.NONE,
                                        push.originsLimit(),
                                        Duration.ZERO))
                .originsLimit();
    }

    private static PushPlan groups(PushSettings push, Path data) {
        return checked(
                "muster.push",
                () ->
                        new PushPlan(
                                data.resolve("push"),
                                data.resolve("runs"),
                                new PushLimits(
                                        push.maxGroups(),
                                        push.groupMemoryLimit()
                                                .map(text ->
                                                        size(
                                                                "muster.push.group-memory-limit",
                                                                text))
                                                .orElse(Runtime.getRuntime().maxMemory() / 10),
                                        push.ttl().orElse(Duration.ZERO).toMillis()),
                                push.adminApi()));
    }

    /// What may be pushed, which is known before the rest.
    ///
    /// @throws SettingsException naming the key that is wrong
    public static DoorPlan door(PushSettings push) {
        push.tokenFile()
                .filter(file -> !Files.isReadable(file))
                .ifPresent(file -> {
                    throw new SettingsException(
                            "config: muster.push.token-file must be readable: found=" + file);
                });
        long most = size("muster.push.body-size-limit", push.bodySizeLimit());
        return checked(
                "muster.push",
                () ->
                        new DoorPlan(
                                push.tokenFile(),
                                most,
                                push.bodyMemoryLimit()
                                        .map(text -> size("muster.push.body-memory-limit", text))
                                        .orElse(
                                                Math.max(
                                                        2 * most,
                                                        Runtime.getRuntime().maxMemory() / 10)),
                                push.bodyTimeout(),
                                push.maxConcurrent()));
    }

    /// The certificates as the sockets take them.
    ///
    /// @throws SettingsException naming the key that is wrong
    public static TlsConfig tls(TlsSettings tls) {
        tls.localPort().ifPresent(port -> port("muster.tls.local-port", port, 1));
        try {
            return new TlsConfig(
                    tls.certFile(),
                    tls.keyFile(),
                    tls.caFile(),
                    ClientAuth.of(tls.clientAuth()),
                    tls.serverName());
        } catch (IllegalArgumentException e) {
            throw new SettingsException("config: " + e.getMessage());
        }
    }

    private static UpnessPlan upness(Settings settings, String host, Path directory) {
        UpnessSettings upness = settings.upness;
        return checked(
                "muster.upness",
                () ->
                        new UpnessPlan(
                                host,
                                directory,
                                size("muster.upness.max-size", upness.maxSize()),
                                upness.retain(),
                                settings.events.log()));
    }

    private static PartLimits parts(PartSettings parts) {
        return checked(
                "muster.part",
                () ->
                        new PartLimits(
                                parts.maxConcurrent(),
                                parts.maxWaiting(),
                                parts.maxSamples(),
                                parts.maxSeries(),
                                parts.maxMemory()
                                        .map(text -> size("muster.part.max-memory", text))
                                        .orElse(Runtime.getRuntime().maxMemory() / 10),
                                parts.timeout()));
    }

    private static TakeoverPlan takeover(TakeoverSettings takeover) {
        return checked(
                "muster.takeover",
                () ->
                        new TakeoverPlan(
                                takeover.enabled(),
                                takeover.scrapesPerSecond(),
                                takeover.hostScrapesPerSecond(),
                                takeover.hostsLimit(),
                                size("muster.takeover.memory-budget", takeover.memoryBudget()),
                                size(
                                        "muster.takeover.body-memory-limit",
                                        takeover.bodyMemoryLimit()),
                                takeover.downInterval()));
    }

    private static long memoryBudget(ScrapeSettings scrape) {
        String key = "muster.scrape.memory-budget";
        long bytes =
                scrape.memoryBudget()
                        .map(text -> size(key, text))
                        .orElse(Runtime.getRuntime().maxMemory() / 10 * 3);
        if (bytes == 0) {
            throw new SettingsException("config: " + key + " must be positive: found=0");
        }
        return bytes;
    }

    private static String queryUrl(String url) {
        if (!url.isEmpty() && !url.matches("https?://[^/].*")) {
            throw new SettingsException(
                    "config: muster.agent.query-url must be an http or https address: found="
                            + url);
        }
        return url.replaceFirst("/+$", "");
    }

    private static ScrapeDefaults scrape(ScrapeSettings scrape) {
        Duration interval = scrape.interval();
        Duration longest = interval.compareTo(TIMEOUT_LIMIT) < 0 ? interval : TIMEOUT_LIMIT;
        ScrapeTiming timing =
                checked(
                        "muster.scrape.interval or timeout",
                        () -> new ScrapeTiming(interval, scrape.timeout().orElse(longest)));
        ScrapeLimits limits =
                checked(
                        "muster.scrape limits",
                        () ->
                                new ScrapeLimits(
                                        size(
                                                "muster.scrape.body-size-limit",
                                                scrape.bodySizeLimit()),
                                        scrape.sampleLimit(),
                                        scrape.labelLimit(),
                                        scrape.labelNameLengthLimit(),
                                        scrape.labelValueLengthLimit(),
                                        0));
        return new ScrapeDefaults(timing, limits);
    }

    private static KubernetesScope kubernetes(ScrapeSettings scrape) {
        String scope = scrape.kubernetesScope();
        if (!scope.equals("node") && !scope.equals("cluster")) {
            throw new SettingsException(
                    "config: muster.scrape.kubernetes-scope must be node or cluster: found="
                            + scope);
        }
        Optional<String> node =
                scrape.kubernetesNode()
                        .or(() -> Optional.ofNullable(System.getenv("NODE_NAME")))
                        .filter(name -> !name.isEmpty());
        return new KubernetesScope(node, scope.equals("cluster"));
    }

    private static HeadConfig head(HeadSettings head, Path directory) {
        return checked(
                "muster.head",
                () ->
                        HeadConfig.in(directory)
                                .withWindow(head.window())
                                .withOutOfOrderWindow(head.outOfOrderWindow())
                                .withSeriesLimit(head.seriesLimit())
                                .withExemplarLimit(head.exemplarLimit())
                                .withIdleTimeout(head.idleTimeout())
                                .withSyncInterval(head.syncInterval())
                                .withDiskLimitBytes(
                                        size("muster.head.disk-limit", head.diskLimit())));
    }

    private static Optional<BucketConfig> store(StoreSettings store) {
        return store.url()
                .map(url ->
                        BucketConfig.of(url)
                                .withEndpoint(
                                        store.endpoint().orElse(""), store.region().orElse(""))
                                .withCredentials(
                                        store.accessKey().orElse(""),
                                        store.secretKey().orElse("")));
    }

    private static UploadPlan upload(Settings settings, String host, String cell, Path directory) {
        UploadSettings upload = settings.upload;
        return checked(
                "muster.upload",
                () ->
                        new UploadPlan(
                                cell,
                                host,
                                directory,
                                upload.interval(),
                                upload.retain(),
                                upload.retryMax()));
    }

    private static FleetPlan fleet(Settings settings, String host, Path directory) {
        CellSettings keys = settings.cell;
        FleetPlan plan =
                checked(
                        "muster.cell",
                        () ->
                                new FleetPlan(
                                        host,
                                        url(settings),
                                        keys.zone().orElse(""),
                                        keys.map(),
                                        !settings.agent.cell().equals(UNNAMED_CELL),
                                        keys.directorySeeds().orElse(List.of()),
                                        keys.directorySecret(),
                                        directory,
                                        keys.port(),
                                        keys.movePort()));
        plan.secret()
                .ifPresent(secret ->
                        checked("muster.cell.directory-secret", () -> new FleetSeal(secret)));
        return plan;
    }

    private static Optional<CellChoice> choice(FleetPlan fleet) {
        try {
            return CellChoice.of(fleet);
        } catch (IOException | IllegalArgumentException e) {
            throw new SettingsException("config: muster.cell.map: " + e.getMessage());
        }
    }

    private static String url(Settings settings) {
        return settings.agent
                .advertisedUrl()
                .orElse(
                        tls(settings.tls).scheme()
                                + "://"
                                + settings.http.host()
                                + ":"
                                + settings.http.port());
    }

    private static CellConfig member(
            Settings settings, String host, String cell, Path directory, List<String> seedsOfMap) {
        CellSettings keys = settings.cell;
        List<String> seeds = new ArrayList<>(seedsOfMap);
        seeds.addAll(keys.seeds().orElse(List.of()));
        CellConfig config =
                checked(
                        "muster.cell or muster.agent",
                        () ->
                                CellConfig.of(
                                        cell,
                                        host,
                                        url(settings),
                                        keys.address(),
                                        keys.port(),
                                        seeds,
                                        directory));
        Place place =
                checked(
                        "muster.cell.zone or muster.cell.rack",
                        () -> new Place(keys.zone().orElse(""), keys.rack().orElse("")));
        CellConfig open =
                checked(
                        "muster.cell.udp-port",
                        () -> config.withPlace(place).withUdpPort(udpPort(keys)));
        return keys.secret().map(open::withSecret).orElse(open);
    }

    private static OptionalInt udpPort(CellSettings keys) {
        if (!keys.udp()) {
            return OptionalInt.empty();
        }
        return keys.udpPort().isPresent() ? keys.udpPort() : OptionalInt.of(keys.port());
    }

    private static StopPlan stop(CellSettings keys) {
        boolean restarts =
                switch (keys.onStop()) {
                    case "restart" -> true;
                    case "leave" -> false;
                    default ->
                            throw new SettingsException(
                                    "config: muster.cell.on-stop must be restart or leave: found="
                                            + keys.onStop());
                };
        return checked(
                "muster.cell", () -> new StopPlan(restarts, keys.restartTime(), keys.handOver()));
    }

    private static Optional<HostExporterConfig> exporter(ExporterSettings exporter) {
        List<String> names = exporter.collectors().orElse(List.of());
        if (names.equals(List.of("none"))) {
            return Optional.empty();
        }
        return Optional.of(
                checked(
                        "muster.exporter",
                        () ->
                                HostExporterConfig.host()
                                        .withRoots(
                                                exporter.procfs(),
                                                exporter.sysfs(),
                                                exporter.rootfs(),
                                                HostExporterConfig.host().udev())
                                        .withCollectors(CollectorNames.chosen(names))
                                        .withExtras(
                                                exporter.textfileDirectory(),
                                                exporter.sysctl()
                                                        .map(AgentPlan::words)
                                                        .orElse(List.of()))));
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }

    private static Optional<ServicePlan> services(Settings settings, Path directory) {
        ServiceSettings services = settings.services;
        if (!services.registration()) {
            return Optional.empty();
        }
        AddressRule addresses =
                switch (services.addresses()) {
                    case "host" -> AddressRule.OF_THIS_HOST;
                    case "any" -> AddressRule.ANY;
                    default ->
                            throw new SettingsException(
                                    "config: muster.services.addresses must be host or any: found="
                                            + services.addresses());
                };
        if (services.token().map(String::isBlank).orElse(false)) {
            throw new SettingsException("config: muster.services.token must not be blank");
        }
        CallerRule callers =
                new CallerRule(CallerRule.isLoopback(settings.http.host()), services.token());
        return Optional.of(new ServicePlan(directory.resolve("registrations"), callers, addresses));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new SettingsException(
                    "config: muster.agent.host must be given, because the host has no name: " + e);
        }
    }

    private static void port(String key, int port, int least) {
        if (port < least || port > 65_535) {
            throw new SettingsException(
                    "config: " + key + " must be " + least + " to 65535: found=" + port);
        }
    }

    private static long size(String key, String text) {
        return ByteSize.parse(text)
                .orElseThrow(() ->
                        new SettingsException(
                                "config: " + key + " must be a size such as 16MB: found=" + text));
    }

    private static <T> T checked(String where, Supplier<T> make) {
        try {
            return make.get();
        } catch (IllegalArgumentException e) {
            throw new SettingsException("config: " + where + ": " + e.getMessage());
        }
    }
}
