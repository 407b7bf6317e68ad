package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// `telegram_configs`.
///
/// @param chatId of the chat, which a file may hold
/// @param threadId of the thread in it; 0 for none
/// @param parseMode how the message is written: `HTML`, `Markdown`, `MarkdownV2` or empty
/// @param timeout longest time for an answer; zero for the usual one
public record TelegramSettings(
        boolean sendResolved,
        HttpSettings http,
        URI apiUrl,
        Secret botToken,
        Secret chatId,
        long threadId,
        String message,
        boolean silent,
        String parseMode,
        Duration timeout)
        implements Integration {
    private static final List<String> MODES = List.of("", "HTML", "Markdown", "MarkdownV2");

    @Override
    public Kind kind() {
        return Kind.TELEGRAM;
    }

    static TelegramSettings parse(Section section, GlobalSettings global) throws YamlException {
        String mode = section.text("parse_mode", "HTML");
        if (!MODES.contains(mode)) {
            throw section.error(
                    "parse_mode",
                    "parse_mode must be HTML, Markdown, MarkdownV2 or empty: found=" + mode);
        }
        var _ = section.count("chat_id");
        TelegramSettings settings =
                new TelegramSettings(
                        section.flag("send_resolved", true),
                        HttpSettings.of(section, global.http()),
                        section.url("api_url", global.url("telegram_api_url")),
                        section.requiredSecret(
                                "bot_token", "bot_token_file", global.secret("telegram_bot_token")),
                        section.requiredSecret("chat_id", "chat_id_file", Optional.empty()),
                        section.count("message_thread_id"),
                        section.text("message", "{{ template \"telegram.default.message\" . }}"),
                        section.flag("disable_notifications", false),
                        mode,
                        section.duration("timeout", Duration.ZERO));
        section.end();
        return settings;
    }
}
