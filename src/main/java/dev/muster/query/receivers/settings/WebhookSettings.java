package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.time.Duration;
import java.util.Optional;

/// `webhook_configs`: JSON to a URL.
///
/// @param url template of where it goes
/// @param maxAlerts most alerts of one message; 0 for no limit
/// @param timeout longest time for an answer; zero for the usual one
public record WebhookSettings(
        boolean sendResolved, HttpSettings http, Secret url, long maxAlerts, Duration timeout)
        implements Integration {
    @Override
    public Kind kind() {
        return Kind.WEBHOOK;
    }

    static WebhookSettings parse(Section section, GlobalSettings global) throws YamlException {
        WebhookSettings settings =
                new WebhookSettings(
                        section.flag("send_resolved", true),
                        HttpSettings.of(section, global.http()),
                        section.requiredSecretUrl("url", "url_file", Optional.empty()),
                        section.count("max_alerts"),
                        section.duration("timeout", Duration.ZERO));
        section.end("payload");
        return settings;
    }
}
