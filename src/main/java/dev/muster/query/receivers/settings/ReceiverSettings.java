package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.util.ArrayList;
import java.util.List;

/// A receiver of the configuration file.
///
/// @param integrations ways to tell it, by kind, then in the order of the file
public record ReceiverSettings(String name, List<Integration> integrations) {
    private static final String[] NOT_CARRIED = {
        "incidentio_configs", "jira_configs", "rocketchat_configs"
    };

    public ReceiverSettings {
        integrations = List.copyOf(integrations);
    }

    /// Reads one.
    ///
    /// @param global what holds where it says nothing
    /// @throws YamlException with line and column of what is wrong
    public static ReceiverSettings parse(Section section, GlobalSettings global)
            throws YamlException {
        String name = section.required("name");
        List<Integration> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (YamlMap map : section.map().maps(kind.key())) {
                Section each = new Section(map, section.directory());
                all.add(integration(kind, each, global));
            }
        }
        section.end(NOT_CARRIED);
        return new ReceiverSettings(name, all);
    }

    private static Integration integration(Kind kind, Section section, GlobalSettings global)
            throws YamlException {
        return switch (kind) {
            case DISCORD -> DiscordSettings.parse(section, global);
            case EMAIL -> EmailSettings.parse(section, global);
            case MATTERMOST -> MattermostSettings.parse(section, global);
            case MSTEAMS -> OldTeamsSettings.parse(section, global);
            case MSTEAMSV2 -> TeamsSettings.parse(section, global);
            case OPSGENIE -> OpsgenieSettings.parse(section, global);
            case PAGERDUTY -> PagerdutySettings.parse(section, global);
            case PUSHOVER -> PushoverSettings.parse(section, global);
            case SLACK -> SlackSettings.parse(section, global);
            case SNS -> SnsSettings.parse(section, global);
            case TELEGRAM -> TelegramSettings.parse(section, global);
            case VICTOROPS -> VictoropsSettings.parse(section, global);
            case WEBEX -> WebexSettings.parse(section, global);
            case WEBHOOK -> WebhookSettings.parse(section, global);
            case WECHAT -> WechatSettings.parse(section, global);
        };
    }
}
