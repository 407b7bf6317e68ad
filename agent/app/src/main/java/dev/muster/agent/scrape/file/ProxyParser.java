package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.ProxyAccess;
import dev.muster.agent.scrape.job.Secret;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads `proxy_url`, `no_proxy`, `proxy_from_environment` and `proxy_connect_header`.
final class ProxyParser {
    private ProxyParser() {}

    static ProxyAccess parse(YamlMap config) throws YamlException {
        String url = config.text("proxy_url", "");
        String noProxy = config.text("no_proxy", "");
        boolean environment = config.flag("proxy_from_environment", false);
        Map<String, List<Secret>> connect = connectHeaders(config);
        if (!url.isEmpty() && !isProxy(url)) {
            throw config.error(
                    "proxy_url",
                    "proxy_url must be http://host:port or socks5://host:port, user and password"
                            + " before the host if it wants them");
        }
        if (environment && !(url.isEmpty() && noProxy.isEmpty())) {
            throw config.error(
                    "proxy_from_environment",
                    "only one of proxy_from_environment and proxy_url with no_proxy may be given");
        }
        if (!environment && url.isEmpty() && !(noProxy.isEmpty() && connect.isEmpty())) {
            throw config.error(
                    noProxy.isEmpty() ? "proxy_connect_header" : "no_proxy",
                    "proxy_url must be given where no_proxy or proxy_connect_header is");
        }
        return url.isEmpty() && !environment
                ? ProxyAccess.NONE
                : new ProxyAccess(new Secret.Text(url), noProxy, environment, connect);
    }

    private static Map<String, List<Secret>> connectHeaders(YamlMap config) throws YamlException {
        Map<String, List<Secret>> headers = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> header :
                config.wordLists("proxy_connect_header").entrySet()) {
            if (!HttpAccessParser.isHeaderName(header.getKey())) {
                throw config.error(
                        "proxy_connect_header",
                        "name of a header must be a token of RFC 9110: found="
                                + YamlMap.shown(header.getKey()));
            }
            headers.put(
                    header.getKey(),
                    header.getValue().stream().<Secret>map(Secret.Text::new).toList());
        }
        return headers;
    }

    private static boolean isProxy(String url) {
        try {
            URI uri = new URI(url);
            return uri.getHost() != null
                    && List.of("http", "socks5", "socks5h").contains(uri.getScheme());
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
