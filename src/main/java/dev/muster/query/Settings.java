package dev.muster.query;

import dev.muster.blocks.bucket.BucketConfig;
import dev.muster.blocks.read.CatalogConfig;
import dev.muster.model.frame.FrameSpace;
import dev.muster.promql.EngineConfig;
import dev.muster.query.api.ApiLimits;
import dev.muster.query.api.NodeInfo;
import dev.muster.query.cache.ResultCacheConfig;
import dev.muster.query.fleet.Urls;
import dev.muster.query.load.LoadConfig;
import dev.muster.query.source.AgentsConfig;
import io.quarkus.runtime.configuration.MemorySize;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.ConfigProvider;

/// The settings as the parts take them. What is wrong with one names its key.
///
/// @param agents to start from
/// @param bucket where blocks are
/// @param catalog which of them are looked for
/// @param engine limits of the engine
/// @param limits limits of the API
/// @param load what queries may take together
/// @param agentLimits limits of the questions to agents
/// @param answers where their answers are until they are read
/// @param node name of this node
/// @param shown settings to show, by key
record Settings(
        List<URI> agents,
        BucketConfig bucket,
        CatalogConfig catalog,
        EngineConfig engine,
        ApiLimits limits,
        LoadConfig load,
        AgentsConfig agentLimits,
        FrameSpace answers,
        String node,
        Map<String, String> shown) {
    private static final int PARALLELISM = Runtime.getRuntime().availableProcessors();

    /// The part of the heap that answers of agents may take is one of so many.
    private static final int HEAP_SHARE = 4;

    static Settings of(QueryConfig config) {
        List<URI> agents =
                config.query().agents().orElse(List.of()).stream().map(Settings::agent).toList();
        return new Settings(
                agents,
                bucket(config.store()),
                checked(
                        "muster.catalog.history-days",
                        () ->
                                new CatalogConfig(
                                        history(config),
                                        CatalogConfig.DEFAULT.fresh(),
                                        CatalogConfig.DEFAULT.olderDaysPerRefresh(),
                                        CatalogConfig.DEFAULT.entriesLimit())),
                checked("muster.query", () -> engine(config.query())),
                checked("muster.query", () -> limits(config)),
                checked("muster.query", () -> LoadSettings.of(config.query())),
                checked("muster.query", () -> agentLimits(config.query())),
                checked("muster.query", () -> answers(config.query())),
                hostName() + ":" + config.http().port(),
                shown(config));
    }

    /// What is deleted is not looked for.
    private static Duration history(QueryConfig config) {
        Duration history = Duration.ofDays(config.catalog().historyDays());
        return config.retention()
                .samples()
                .filter(kept -> kept.compareTo(history) < 0)
                .orElse(history);
    }

    /// Results kept for the next time.
    static ResultCacheConfig results(QueryConfig.Query query) {
        return checked(
                "muster.query.result-cache",
                () ->
                        new ResultCacheConfig(
                                query.resultCacheSize().asLongValue(),
                                query.resultCacheFresh(),
                                query.resultCacheTimeToLive()));
    }

    NodeInfo info(long startedMs) {
        String version =
                ConfigProvider.getConfig()
                        .getOptionalValue("quarkus.application.version", String.class)
                        .orElse("unknown");
        return new NodeInfo(version, "", startedMs, shown);
    }

    private static URI agent(String text) {
        return Urls.parse(text)
                .orElseThrow(() ->
                        new StartException(
                                StartException.Reason.CONFIG,
                                "muster.query.agents: must be URLs such as"
                                        + " http://127.0.0.1:9640, separated by commas:"
                                        + " found="
                                        + text));
    }

    static <T> T checked(String key, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new StartException(StartException.Reason.CONFIG, key + ": " + e.getMessage());
        }
    }

    private static BucketConfig bucket(QueryConfig.Store store) {
        return BucketConfig.of(store.url())
                .withEndpoint(store.endpoint().orElse(""), store.region().orElse(""))
                .withCredentials(store.accessKey().orElse(""), store.secretKey().orElse(""));
    }

    private static EngineConfig engine(QueryConfig.Query query) {
        return new EngineConfig(
                query.lookback(),
                query.timeout(),
                EngineConfig.DEFAULT.defaultSubqueryStep(),
                query.maxPoints(),
                query.maxSamples(),
                query.maxSeries(),
                query.maxFetchedBytes().asLongValue(),
                query.maxMemory().asLongValue(),
                PARALLELISM);
    }

    private static AgentsConfig agentLimits(QueryConfig.Query query) {
        return new AgentsConfig(
                query.agentTimeout(),
                query.agentAnswerLimit().asLongValue(),
                query.maxAgentRequests(),
                query.maxPartFallbacks());
    }

    private static FrameSpace answers(QueryConfig.Query query) {
        return new FrameSpace(
                Path.of(query.spillDirectory().orElse(System.getProperty("java.io.tmpdir"))),
                query.agentAnswersMemory()
                        .map(MemorySize::asLongValue)
                        .orElse(Runtime.getRuntime().maxMemory() / HEAP_SHARE),
                query.agentAnswersDisk().asLongValue());
    }

    private static ApiLimits limits(QueryConfig config) {
        QueryConfig.Query query = config.query();
        return new ApiLimits(
                query.timeout(),
                query.maxPoints(),
                query.maxSeries(),
                query.maxSamples(),
                query.maxFetchedBytes().asLongValue(),
                query.maxConcurrent(),
                query.maxWaiting(),
                config.http().bodySizeLimit().asLongValue(),
                config.http().corsOrigin());
    }

    private static Map<String, String> shown(QueryConfig config) {
        QueryConfig.Query query = config.query();
        Map<String, String> shown = new TreeMap<>();
        shown.put("muster.http.host", config.http().host());
        shown.put("muster.http.port", Integer.toString(config.http().port()));
        shown.put("muster.query.agents", String.join(",", query.agents().orElse(List.of())));
        shown.put("muster.query.timeout", text(query.timeout()));
        shown.put("muster.query.lookback", text(query.lookback()));
        shown.put("muster.query.max-samples", Long.toString(query.maxSamples()));
        shown.put("muster.query.max-series", Long.toString(query.maxSeries()));
        shown.put("muster.query.max-points", Integer.toString(query.maxPoints()));
        shown.put("muster.query.max-concurrent", Integer.toString(query.maxConcurrent()));
        shown.put("muster.query.agent-timeout", text(query.agentTimeout()));
        shown.put("muster.catalog.refresh-interval", text(config.catalog().refreshInterval()));
        shown.put("muster.store.url", config.store().url());
        return shown;
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1_000 == 0
                ? duration.toSeconds() + "s"
                : duration.toMillis() + "ms";
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
