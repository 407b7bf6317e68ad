package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.util.Optional;

/// `msteams_configs`: message cards to a connector of Microsoft Teams, before there were flows.
///
/// @param webhookUrl where it goes
public record OldTeamsSettings(
        boolean sendResolved,
        HttpSettings http,
        Secret webhookUrl,
        String title,
        String summary,
        String text)
        implements Integration {
    @Override
    public Kind kind() {
        return Kind.MSTEAMS;
    }

    static OldTeamsSettings parse(Section section, GlobalSettings global) throws YamlException {
        OldTeamsSettings settings =
                new OldTeamsSettings(
                        section.flag("send_resolved", true),
                        HttpSettings.of(section, global.http()),
                        section.requiredSecretUrl(
                                "webhook_url", "webhook_url_file", Optional.empty()),
                        section.text("title", "{{ template \"msteams.default.title\" . }}"),
                        section.text("summary", "{{ template \"msteams.default.summary\" . }}"),
                        section.text("text", "{{ template \"msteams.default.text\" . }}"));
        section.end();
        return settings;
    }
}
