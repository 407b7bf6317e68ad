package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.HttpAccess;
import dev.muster.agent.scrape.job.Secret;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Reads how a job's targets, or the service that a discovery asks, are reached over HTTP.
final class HttpAccessParser {
    /// Set by requests themselves, or by settings of their own.
    private static final Set<String> RESERVED =
            Set.of(
                    "accept-encoding",
                    "authorization",
                    "connection",
                    "content-encoding",
                    "content-length",
                    "content-type",
                    "host",
                    "keep-alive",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "user-agent",
                    "www-authenticate",
                    "x-prometheus-scrape-timeout-seconds");

    private final YamlMap config;
    private final Path directory;

    HttpAccessParser(YamlMap config, Path directory) {
        this.config = config;
        this.directory = directory;
    }

    HttpAccess parse() throws YamlException {
        return new HttpAccess(
                new CredentialsParser(config, directory).parse(),
                TlsParser.parse(config, directory),
                ProxyParser.parse(config),
                headers(),
                config.flag("follow_redirects", true),
                config.flag("enable_compression", true),
                config.flag("enable_http2", true));
    }

    private Map<String, List<Secret>> headers() throws YamlException {
        Map<String, List<Secret>> headers = new LinkedHashMap<>();
        for (Map.Entry<String, YamlMap> header : config.namedMaps("http_headers").entrySet()) {
            String name = header.getKey();
            YamlMap map = header.getValue();
            if (!isHeaderName(name)) {
                throw map.error(
                        "",
                        "name of a header must be a token of RFC 9110: found="
                                + YamlMap.shown(name));
            }
            if (isReserved(name)) {
                throw map.error("", "header must not be one that is set otherwise: found=" + name);
            }
            List<Secret> values = new ArrayList<>();
            map.texts("values").forEach(value -> values.add(new Secret.Text(value)));
            map.texts("secrets").forEach(value -> values.add(new Secret.Text(value)));
            ScrapeValues.paths(map, "files", directory)
                    .forEach(file -> values.add(new Secret.InFile(file)));
            map.refuseOthers();
            if (values.isEmpty()) {
                throw map.error("", "header must have values, secrets or files: found=none");
            }
            headers.put(name, values);
        }
        return headers;
    }

    /// Is it a header that requests set themselves?
    static boolean isReserved(String name) {
        return RESERVED.contains(name.toLowerCase(Locale.ROOT));
    }

    static boolean isHeaderName(String name) {
        return name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    }
}
