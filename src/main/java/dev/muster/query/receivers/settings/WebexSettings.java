package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.net.URI;

/// `webex_configs`.
///
/// @param apiUrl where it goes
/// @param roomId which room hears it
public record WebexSettings(
        boolean sendResolved, HttpSettings http, URI apiUrl, String roomId, String message)
        implements Integration {
    @Override
    public Kind kind() {
        return Kind.WEBEX;
    }

    static WebexSettings parse(Section section, GlobalSettings global) throws YamlException {
        HttpSettings http = HttpSettings.of(section, global.http());
        if (http.authorization().isEmpty()) {
            throw section.error(
                    "http_config", "http_config must have authorization: the token of the bot");
        }
        WebexSettings settings =
                new WebexSettings(
                        section.flag("send_resolved", true),
                        http,
                        section.url("api_url", global.url("webex_api_url")),
                        section.required("room_id"),
                        section.text("message", "{{ template \"webex.default.message\" . }}"));
        section.end();
        return settings;
    }
}
