package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.http.Call;
import dev.muster.query.receivers.http.Reply;
import dev.muster.query.receivers.http.WebClient;
import dev.muster.query.receivers.settings.TelegramSettings;
import dev.muster.query.receivers.text.Cut;
import dev.muster.query.receivers.text.Texts;
import dev.muster.query.template.TemplateException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// A message of a bot of Telegram.
///
/// @param client calls it
record TelegramMessage(TelegramSettings settings, WebClient client) implements Message {
    private static final int TEXT_CHARS = 4096;
    private static final int TOO_MANY = 429;

    @Override
    public void tell(Notification notification, Texts texts)
            throws RefusedException, TemplateException, IOException, InterruptedException {
        boolean html = settings.parseMode().equals("HTML");
        String text = html ? texts.html(settings.message()) : texts.of(settings.message());
        JsonObject json =
                new JsonObject()
                        .put("chat_id", chat(texts))
                        .put("text", Cut.toChars(text, TEXT_CHARS))
                        .put("disable_web_page_preview", true);
        if (settings.threadId() != 0) {
            json.put("message_thread_id", settings.threadId());
        }
        if (settings.silent()) {
            json.put("disable_notification", true);
        }
        Parts.put(json, "parse_mode", settings.parseMode());
        String base = settings.apiUrl().toString();
        String token = Parts.secret(settings.botToken(), texts);
        Reply reply =
                client.send(
                        Call.json(
                                        Parts.url(
                                                (base.endsWith("/") ? base : base + "/")
                                                        + "bot"
                                                        + token
                                                        + "/sendMessage"),
                                        json.encode())
                                .within(settings.timeout()));
        if (reply.status() == TOO_MANY && pause(reply).isPresent()) {
            throw RefusedException.later(
                    FailureReason.CLIENT_ERROR, "unexpected status code 429", pause(reply));
        }
        Verdicts.check(reply);
    }

    private long chat(Texts texts) throws RefusedException, TemplateException, IOException {
        try {
            return Long.parseLong(Parts.secret(settings.chatId(), texts).strip());
        } catch (NumberFormatException _) {
            throw RefusedException.forGood(FailureReason.OTHER, "chat_id must be a whole number");
        }
    }

    /// Telegram says in the body how long it wants to be left alone.
    private static Optional<Duration> pause(Reply reply) {
        try {
            JsonObject parameters = new JsonObject(reply.body()).getJsonObject("parameters");
            return parameters == null
                    ? Optional.empty()
                    : Verdicts.seconds(parameters.getLong("retry_after", 0L));
        } catch (DecodeException | ClassCastException _) {
            return Optional.empty();
        }
    }
}
