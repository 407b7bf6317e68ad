package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.util.Optional;

/// `discord_configs`.
///
/// @param webhookUrl where it goes
/// @param username shown in place of the webhook's name, if not empty; no template
/// @param avatarUrl shown in place of the webhook's picture, if not empty; no template
public record DiscordSettings(
        boolean sendResolved,
        HttpSettings http,
        Secret webhookUrl,
        String title,
        String message,
        String content,
        String username,
        String avatarUrl)
        implements Integration {
    @Override
    public Kind kind() {
        return Kind.DISCORD;
    }

    static DiscordSettings parse(Section section, GlobalSettings global) throws YamlException {
        DiscordSettings settings =
                new DiscordSettings(
                        section.flag("send_resolved", true),
                        HttpSettings.of(section, global.http()),
                        section.requiredSecretUrl(
                                "webhook_url", "webhook_url_file", Optional.empty()),
                        section.text("title", "{{ template \"discord.default.title\" . }}"),
                        section.text("message", "{{ template \"discord.default.message\" . }}"),
                        section.text("content", "{{ template \"discord.default.content\" . }}"),
                        section.text("username", ""),
                        section.text("avatar_url", ""));
        section.end();
        return settings;
    }
}
