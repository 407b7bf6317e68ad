package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.Credentials;
import dev.muster.agent.scrape.job.DiscoverySettings;
import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.Secret;
import dev.muster.agent.scrape.sd.consul.ConsulAgentTargets;
import dev.muster.agent.scrape.sd.consul.ConsulTargets;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Turns an entry of `consul_sd_configs` or `consul_agent_sd_configs` into settings.
final class ConsulParser {
    private static final Duration REFRESH = Duration.ofSeconds(30);

    private final YamlMap entry;
    private final Path directory;

    ConsulParser(YamlMap entry, Path directory) {
        this.entry = entry;
        this.directory = directory;
    }

    DiscoverySettings catalog() throws YamlException {
        ConsulTargets.Query query =
                new ConsulTargets.Query(
                        entry.text("datacenter", ""),
                        entry.text("namespace", ""),
                        entry.text("partition", ""),
                        entry.texts("services"),
                        entry.texts("tags"),
                        entry.words("node_meta"),
                        entry.text("filter", ""),
                        entry.text("health_filter", ""),
                        entry.text("tag_separator", ","),
                        entry.flag("allow_stale", true));
        return new ConsulTargets(
                server(), access(), query, DiscoveryParser.refresh(entry, REFRESH));
    }

    DiscoverySettings agent() throws YamlException {
        return new ConsulAgentTargets(
                server(),
                access(),
                entry.texts("services"),
                entry.texts("tags"),
                entry.text("filter", ""),
                entry.text("tag_separator", ","),
                DiscoveryParser.refresh(entry, REFRESH));
    }

    private URI server() throws YamlException {
        String scheme =
                entry.value(
                        "scheme",
                        "http",
                        "http or https",
                        text ->
                                Optional.of(text)
                                        .filter(s -> s.equals("http") || s.equals("https")));
        String server = entry.text("server", "localhost:8500");
        String prefix = entry.text("path_prefix", "").replaceAll("^/+|/+$", "");
        try {
            URI uri = URI.create(scheme + "://" + server + (prefix.isEmpty() ? "" : "/" + prefix));
            if (uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw entry.error("server", "server must be host:port: found=" + server);
        }
        throw entry.error("server", "server must be host:port: found=" + server);
    }

    private HttpAccess access() throws YamlException {
        HttpAccess access = new HttpAccessParser(entry, directory).parse();
        String username = entry.text("username", "");
        String password = entry.text("password", "");
        String token = entry.text("token", "");
        if (!username.isEmpty()) {
            if (!(access.credentials() instanceof Credentials.None)) {
                throw entry.error(
                        "username", "only one of username and other credentials may be given");
            }
            access =
                    access.withCredentials(
                            new Credentials.Basic(
                                    new Secret.Text(username), new Secret.Text(password)));
        }
        if (token.isEmpty()) {
            return access;
        }
        Map<String, List<Secret>> headers = new HashMap<>(access.headers());
        headers.put("X-Consul-Token", List.of(new Secret.Text(token)));
        return new HttpAccess(
                access.credentials(),
                access.tls(),
                access.proxy(),
                headers,
                access.followRedirects(),
                access.compression(),
                access.http2());
    }
}
