package dev.muster.query.receivers.settings;

/// One way to tell a receiver, as the configuration file describes it. Its texts are templates
/// unless they say otherwise.
public sealed interface Integration
        permits DiscordSettings,
                EmailSettings,
                MattermostSettings,
                OldTeamsSettings,
                OpsgenieSettings,
                PagerdutySettings,
                PushoverSettings,
                SlackSettings,
                SnsSettings,
                TeamsSettings,
                TelegramSettings,
                VictoropsSettings,
                WebexSettings,
                WebhookSettings,
                WechatSettings {
    /// What it is.
    Kind kind();

    /// Whether it hears of alerts that have ended.
    boolean sendResolved();
}
