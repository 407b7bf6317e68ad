package dev.muster.agent.scrape.file;

import dev.muster.agent.remotewrite.RemotePlan;
import dev.muster.agent.remotewrite.RemotePlan.Queue;
import dev.muster.agent.remotewrite.RemotePlan.Version;
import dev.muster.agent.scrape.job.Credentials;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.Secret;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads `remote_write`.
final class RemoteWriteParser {
    private static final Set<String> NOT_CARRIED =
            Set.of("sigv4", "azuread", "google_iam", "round_robin_dns");

    /// Requests wait for their series on disk, so these have nothing to say.
    private static final List<String> WITHOUT_EFFECT = List.of("capacity", "min_shards");

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration METADATA_INTERVAL = Duration.ofMinutes(1);
    private static final int SHARDS_LIMIT = 64;

    private final YamlMap root;
    private final Path directory;
    private final List<String> remarks;

    RemoteWriteParser(YamlMap root, Path directory, List<String> remarks) {
        this.root = root;
        this.directory = directory;
        this.remarks = remarks;
    }

    List<RemotePlan> parse() throws YamlException {
        List<RemotePlan> plans = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        for (YamlMap entry : root.maps("remote_write")) {
            RemotePlan plan = plan(entry);
            Integer earlier = lines.putIfAbsent(plan.name(), entry.line());
            if (earlier != null) {
                throw entry.error(
                        "name",
                        "name of a remote_write must be unique: found="
                                + plan.name()
                                + ", also at line="
                                + earlier);
            }
            plans.add(plan);
        }
        return plans;
    }

    private RemotePlan plan(YamlMap entry) throws YamlException {
        URI given = url(entry);
        URI url = withoutUser(given);
        try {
            RemotePlan plan =
                    new RemotePlan(
                            entry.text("name", url.toString()),
                            url,
                            entry.value(
                                    "protobuf_message",
                                    Version.FIRST,
                                    "prometheus.WriteRequest or io.prometheus.write.v2.Request",
                                    RemoteWriteParser::version),
                            ScrapeValues.duration(entry, "remote_timeout", TIMEOUT),
                            headers(entry),
                            access(entry, given),
                            RelabelRuleParser.parse(entry, "write_relabel_configs"),
                            entry.flag("send_exemplars", false),
                            entry.flag("send_native_histograms", false),
                            metadata(entry),
                            queue(entry));
            entry.refuseOthers(NOT_CARRIED);
            return plan;
        } catch (IllegalArgumentException e) {
            throw entry.error("", String.valueOf(e.getMessage()));
        }
    }

    private static URI url(YamlMap entry) throws YamlException {
        String text = entry.text("url", "");
        try {
            URI url = new URI(text);
            if (url.getHost() != null
                    && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                return url;
            }
        } catch (URISyntaxException _) {
            // told below
        }
        throw entry.error(
                "url", "url of a remote_write must be an http or https address with a host");
    }

    /// A name and a password in an address are credentials, and shown nowhere.
    private HttpAccess access(YamlMap entry, URI given) throws YamlException {
        HttpAccess access = new HttpAccessParser(entry, directory).parse();
        String user = given.getUserInfo();
        if (user == null || !(access.credentials() instanceof Credentials.None)) {
            return access;
        }
        int colon = user.indexOf(':');
        return access.withCredentials(
                new Credentials.Basic(
                        new Secret.Text(colon < 0 ? user : user.substring(0, colon)),
                        new Secret.Text(colon < 0 ? "" : user.substring(colon + 1))));
    }

    private static URI withoutUser(URI url) {
        String user = url.getRawUserInfo();
        return user == null ? url : URI.create(url.toString().replace(user + "@", ""));
    }

    private static Optional<Version> version(String text) {
        return switch (text) {
            case "prometheus.WriteRequest" -> Optional.of(Version.FIRST);
            case "io.prometheus.write.v2.Request" -> Optional.of(Version.SECOND);
            default -> Optional.empty();
        };
    }

    private static Map<String, String> headers(YamlMap entry) throws YamlException {
        Map<String, String> headers = entry.words("headers");
        for (String name : headers.keySet()) {
            if (HttpAccessParser.isReserved(name)) {
                throw entry.error(
                        "headers", "header must not be one that is set otherwise: found=" + name);
            }
        }
        return headers;
    }

    private static Duration metadata(YamlMap entry) throws YamlException {
        Optional<YamlMap> given = entry.map("metadata_config");
        if (given.isEmpty()) {
            return METADATA_INTERVAL;
        }
        YamlMap config = given.get();
        boolean send = config.flag("send", true);
        Duration interval = ScrapeValues.duration(config, "send_interval", METADATA_INTERVAL);
        var _ = config.count("max_samples_per_send", 0);
        config.refuseOthers();
        return send ? interval : Duration.ZERO;
    }

    private Queue queue(YamlMap entry) throws YamlException {
        Optional<YamlMap> given = entry.map("queue_config");
        if (given.isEmpty()) {
            return Queue.DEFAULT;
        }
        YamlMap config = given.get();
        for (String key : WITHOUT_EFFECT) {
            if (config.has(key)) {
                var _ = config.count(key, 0);
                remarks.add(
                        "line="
                                + config.line(key)
                                + ": queue_config: "
                                + key
                                + " has no effect, as the queue is on disk");
            }
        }
        Queue defaults = Queue.DEFAULT;
        Queue queue =
                new Queue(
                        Math.min(
                                SHARDS_LIMIT,
                                ScrapeValues.count(config, "max_shards", defaults.shards())),
                        ScrapeValues.count(
                                config, "max_samples_per_send", defaults.samplesPerSend()),
                        ScrapeValues.duration(config, "batch_send_deadline", defaults.deadline()),
                        ScrapeValues.duration(config, "min_backoff", defaults.minBackoff()),
                        ScrapeValues.duration(config, "max_backoff", defaults.maxBackoff()),
                        config.flag("retry_on_http_429", defaults.retryOn429()),
                        ScrapeValues.duration(config, "sample_age_limit", defaults.ageLimit()));
        config.refuseOthers();
        return queue;
    }
}
