package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// `pushover_configs`.
///
/// @param apiUrl where it goes; a key of our own, for proxies and tests
/// @param retry after which it is shown again until somebody acknowledges it
/// @param expire after which it is no longer
/// @param ttl after which it is deleted; zero for never
public record PushoverSettings(
        boolean sendResolved,
        HttpSettings http,
        URI apiUrl,
        Secret userKey,
        Secret token,
        String title,
        String message,
        String url,
        String urlTitle,
        String device,
        String sound,
        String priority,
        Duration retry,
        Duration expire,
        Duration ttl,
        boolean html,
        boolean monospace)
        implements Integration {
    private static final URI API = URI.create("https://api.pushover.net/1/messages.json");

    @Override
    public Kind kind() {
        return Kind.PUSHOVER;
    }

    static PushoverSettings parse(Section section, GlobalSettings global) throws YamlException {
        boolean html = section.flag("html", false);
        boolean monospace = section.flag("monospace", false);
        if (html && monospace) {
            throw section.error("monospace", "at most one of html and monospace must be true");
        }
        PushoverSettings settings =
                new PushoverSettings(
                        section.flag("send_resolved", true),
                        HttpSettings.of(section, global.http()),
                        section.url("api_url", API),
                        section.requiredSecret("user_key", "user_key_file", Optional.empty()),
                        section.requiredSecret("token", "token_file", Optional.empty()),
                        section.text("title", "{{ template \"pushover.default.title\" . }}"),
                        section.text("message", "{{ template \"pushover.default.message\" . }}"),
                        section.text("url", "{{ template \"pushover.default.url\" . }}"),
                        section.text("url_title", ""),
                        section.text("device", ""),
                        section.text("sound", ""),
                        section.text(
                                "priority", "{{ if eq .Status \"firing\" }}2{{ else }}0{{ end }}"),
                        section.duration("retry", Duration.ofMinutes(1)),
                        section.duration("expire", Duration.ofHours(1)),
                        section.duration("ttl", Duration.ZERO),
                        html,
                        monospace);
        section.end();
        return settings;
    }
}
