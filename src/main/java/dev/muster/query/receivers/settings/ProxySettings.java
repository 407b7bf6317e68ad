package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Through whom requests go.
///
/// @param url of the proxy for `http` URLs and others; none to go straight
/// @param secureUrl of the proxy for `https` URLs
/// @param except hosts that are gone to straight, as `no_proxy` names them
public record ProxySettings(Optional<URI> url, Optional<URI> secureUrl, List<String> except) {
    /// Straight.
    public static final ProxySettings NONE =
            new ProxySettings(Optional.empty(), Optional.empty(), List.of());

    public ProxySettings {
        except = List.copyOf(except);
    }

    static ProxySettings parse(Section section) throws YamlException {
        Optional<URI> url = section.url("proxy_url");
        List<String> except = names(section.text("no_proxy", ""));
        if (url.isPresent() && url.get().getUserInfo() != null) {
            throw section.error("proxy_url", "proxy_url must not bear a name or a password");
        }
        boolean environment = section.flag("proxy_from_environment", false);
        if (environment && (url.isPresent() || !except.isEmpty())) {
            throw section.error(
                    "proxy_from_environment",
                    "proxy_from_environment must not stand beside proxy_url and no_proxy");
        }
        if (url.isEmpty() && !except.isEmpty()) {
            throw section.error("no_proxy", "no_proxy must stand beside proxy_url");
        }
        return environment ? of(System.getenv()) : new ProxySettings(url, url, except);
    }

    /// As the environment has it.
    static ProxySettings of(Map<String, String> environment) {
        return new ProxySettings(
                url(environment, "http_proxy", "HTTP_PROXY"),
                url(environment, "https_proxy", "HTTPS_PROXY"),
                names(
                        environment.getOrDefault(
                                "no_proxy", environment.getOrDefault("NO_PROXY", ""))));
    }

    private static Optional<URI> url(Map<String, String> environment, String name, String other) {
        String text = environment.getOrDefault(name, environment.getOrDefault(other, ""));
        return text.isEmpty() ? Optional.empty() : Section.web(text);
    }

    private static List<String> names(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
