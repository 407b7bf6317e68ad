package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.util.Optional;

/// `msteamsv2_configs`: a card to a flow of Microsoft Teams.
///
/// @param webhookUrl where it goes
public record TeamsSettings(
        boolean sendResolved, HttpSettings http, Secret webhookUrl, String title, String text)
        implements Integration {
    @Override
    public Kind kind() {
        return Kind.MSTEAMSV2;
    }

    static TeamsSettings parse(Section section, GlobalSettings global) throws YamlException {
        TeamsSettings settings =
                new TeamsSettings(
                        section.flag("send_resolved", true),
                        HttpSettings.of(section, global.http()),
                        section.requiredSecretUrl(
                                "webhook_url", "webhook_url_file", Optional.empty()),
                        section.text("title", "{{ template \"msteamsv2.default.title\" . }}"),
                        section.text("text", "{{ template \"msteamsv2.default.text\" . }}"));
        section.end();
        return settings;
    }
}
