package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.http.Call;
import dev.muster.query.receivers.http.WebClient;
import dev.muster.query.receivers.settings.DiscordSettings;
import dev.muster.query.receivers.text.Texts;
import dev.muster.query.template.TemplateException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;

/// A message with one embed to a webhook of Discord.
///
/// @param client calls it
record DiscordMessage(DiscordSettings settings, WebClient client) implements Message {
    private static final int TITLE_CHARS = 256;
    private static final int DESCRIPTION_CHARS = 4096;
    private static final int CONTENT_CHARS = 2000;
    private static final int RED = 0x992D22;
    private static final int GREEN = 0x2ECC71;

    @Override
    public void tell(Notification notification, Texts texts)
            throws RefusedException, TemplateException, IOException, InterruptedException {
        JsonObject embed =
                new JsonObject()
                        .put("title", texts.of(settings.title(), TITLE_CHARS))
                        .put("description", texts.of(settings.message(), DESCRIPTION_CHARS))
                        .put("color", Parts.fires(notification) ? RED : GREEN);
        JsonObject json =
                new JsonObject()
                        .put("content", texts.of(settings.content(), CONTENT_CHARS))
                        .put("embeds", new JsonArray().add(embed));
        Parts.put(json, "username", settings.username());
        Parts.put(json, "avatar_url", settings.avatarUrl());
        Verdicts.check(
                client.send(Call.json(Parts.url(settings.webhookUrl(), texts), json.encode())));
    }
}
