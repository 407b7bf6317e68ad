package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.http.Call;
import dev.muster.query.receivers.http.WebClient;
import dev.muster.query.receivers.settings.TeamsSettings;
import dev.muster.query.receivers.text.Cut;
import dev.muster.query.receivers.text.Texts;
import dev.muster.query.template.TemplateException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;

/// An adaptive card to a flow of Microsoft Teams.
///
/// @param client calls it
record TeamsMessage(TeamsSettings settings, WebClient client) implements Message {
    /// A flow takes 28 KB; the rest of the card and JSON's escapes want some of them.
    private static final int TEXT_BYTES = 20_000;

    private static final int TITLE_CHARS = 512;

    @Override
    public void tell(Notification notification, Texts texts)
            throws RefusedException, TemplateException, IOException, InterruptedException {
        JsonObject title =
                new JsonObject()
                        .put("type", "TextBlock")
                        .put("text", texts.of(settings.title(), TITLE_CHARS))
                        .put("weight", "Bolder")
                        .put("size", "Medium")
                        .put("wrap", true)
                        .put("style", "heading")
                        .put("color", Parts.fires(notification) ? "Attention" : "Good");
        JsonObject text =
                new JsonObject()
                        .put("type", "TextBlock")
                        .put("text", Cut.toBytes(texts.of(settings.text()), TEXT_BYTES))
                        .put("wrap", true);
        JsonObject card =
                new JsonObject()
                        .put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
                        .put("type", "AdaptiveCard")
                        .put("version", "1.2")
                        .put("body", new JsonArray().add(title).add(text))
                        .put("msteams", new JsonObject().put("width", "full"));
        JsonObject attachment =
                new JsonObject()
                        .put("contentType", "application/vnd.microsoft.card.adaptive")
                        .putNull("contentUrl")
                        .put("content", card);
        JsonObject json =
                new JsonObject()
                        .put("type", "message")
                        .put("attachments", new JsonArray().add(attachment));
        Verdicts.check(
                client.send(Call.json(Parts.url(settings.webhookUrl(), texts), json.encode())));
    }
}
