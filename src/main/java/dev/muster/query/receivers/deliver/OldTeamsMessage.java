package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.http.Call;
import dev.muster.query.receivers.http.WebClient;
import dev.muster.query.receivers.settings.OldTeamsSettings;
import dev.muster.query.receivers.text.Cut;
import dev.muster.query.receivers.text.Texts;
import dev.muster.query.template.TemplateException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;

/// A message card to a connector of Microsoft Teams.
///
/// @param client calls it
record OldTeamsMessage(OldTeamsSettings settings, WebClient client) implements Message {
    private static final int TEXT_BYTES = 20_000;
    private static final String RED = "8C1A1A";
    private static final String GREEN = "2DC72D";

    @Override
    public void tell(Notification notification, Texts texts)
            throws RefusedException, TemplateException, IOException, InterruptedException {
        JsonObject json =
                new JsonObject()
                        .put("@context", "http://schema.org/extensions")
                        .put("type", "MessageCard")
                        .put("title", texts.of(settings.title()))
                        .put("summary", texts.of(settings.summary()))
                        .put("text", Cut.toBytes(texts.of(settings.text()), TEXT_BYTES))
                        .put("themeColor", Parts.fires(notification) ? RED : GREEN);
        Verdicts.check(
                client.send(Call.json(Parts.url(settings.webhookUrl(), texts), json.encode())));
    }
}
