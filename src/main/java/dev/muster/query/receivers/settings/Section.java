package dev.muster.query.receivers.settings;

import dev.muster.promql.DurationText;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/// A mapping of the configuration file, and the directory that its paths start from. Confined to
/// one thread.
///
/// @param map as it stands there
/// @param directory of relative paths
public record Section(YamlMap map, Path directory) {
    boolean has(String key) {
        return map.has(key);
    }

    String text(String key, String fallback) throws YamlException {
        return map.text(key, fallback);
    }

    Optional<String> text(String key) throws YamlException {
        return Optional.of(map.text(key, "")).filter(text -> !text.isEmpty());
    }

    String required(String key) throws YamlException {
        String text = map.text(key, "");
        if (text.isEmpty()) {
            throw map.error(key, key + " must be given");
        }
        return text;
    }

    boolean flag(String key, boolean fallback) throws YamlException {
        return map.flag(key, fallback);
    }

    Optional<Boolean> flag(String key) throws YamlException {
        return has(key) ? Optional.of(map.flag(key, false)) : Optional.empty();
    }

    long count(String key) throws YamlException {
        return map.count(key, 0);
    }

    Duration duration(String key, Duration fallback) throws YamlException {
        return map.duration(key, Section::parsed).orElse(fallback);
    }

    private static Optional<Duration> parsed(String text) {
        try {
            return Optional.of(Duration.ofMillis(DurationText.parseMs(text)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    URI url(String key, URI fallback) throws YamlException {
        return map.value(key, fallback, "a URL such as https://example.org/path", Section::web);
    }

    Optional<URI> url(String key) throws YamlException {
        return map.value(key, "a URL such as https://example.org/path", Section::web);
    }

    static Optional<URI> web(String text) {
        try {
            URI url = new URI(text.strip());
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            return web && url.getHost() != null ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    Optional<Path> path(String key) throws YamlException {
        return text(key).map(directory::resolve);
    }

    /// A secret, or the file that holds it.
    Optional<Secret> secret(String key, String fileKey) throws YamlException {
        Optional<String> value = text(key);
        Optional<Path> file = path(fileKey);
        if (value.isPresent() && file.isPresent()) {
            throw map.error(
                    fileKey, "at most one of " + key + " and " + fileKey + " must be given: both");
        }
        return value.isPresent() ? value.map(Secret::of) : file.map(Secret::in);
    }

    /// An address that is a secret, or the file that holds it. One that is no template must be of
    /// http or https and have a host.
    Optional<Secret> secretUrl(String key, String fileKey) throws YamlException {
        Optional<Secret> secret = secret(key, fileKey);
        String text = map.text(key, "");
        if (!text.isEmpty() && !text.contains("{{") && web(text).isEmpty()) {
            // the address itself may bear a token
            throw map.error(
                    key, key + " must be a URL of http or https such as https://example.org/path");
        }
        return secret;
    }

    Secret requiredSecretUrl(String key, String fileKey, Optional<Secret> fallback)
            throws YamlException {
        var _ = secretUrl(key, fileKey);
        return requiredSecret(key, fileKey, fallback);
    }

    Secret requiredSecret(String key, String fileKey, Optional<Secret> fallback)
            throws YamlException {
        Optional<Secret> secret = secret(key, fileKey).or(() -> fallback);
        if (secret.isEmpty()) {
            throw map.error(key, "one of " + key + " and " + fileKey + " must be given: none");
        }
        return secret.get();
    }

    SortedMap<String, String> words(String key) throws YamlException {
        return map.words(key);
    }

    List<String> texts(String key) throws YamlException {
        return map.texts(key);
    }

    Optional<Section> section(String key) throws YamlException {
        return map.map(key).map(inner -> new Section(inner, directory));
    }

    List<Section> sections(String key) throws YamlException {
        List<Section> sections = new ArrayList<>();
        for (YamlMap inner : map.maps(key)) {
            sections.add(new Section(inner, directory));
        }
        return sections;
    }

    YamlException error(String key, String message) {
        return map.error(key, message);
    }

    void end(String... notCarried) throws YamlException {
        map.refuseOthers(Set.of(notCarried));
    }
}
