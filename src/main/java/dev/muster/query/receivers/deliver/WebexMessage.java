package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.http.Call;
import dev.muster.query.receivers.http.WebClient;
import dev.muster.query.receivers.settings.WebexSettings;
import dev.muster.query.receivers.text.Cut;
import dev.muster.query.receivers.text.Texts;
import dev.muster.query.template.TemplateException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;

/// A message to a room of Webex.
///
/// @param client calls it
record WebexMessage(WebexSettings settings, WebClient client) implements Message {
    private static final int TEXT_BYTES = 7_439;

    @Override
    public void tell(Notification notification, Texts texts)
            throws RefusedException, TemplateException, IOException, InterruptedException {
        JsonObject json =
                new JsonObject()
                        .put("markdown", Cut.toBytes(texts.of(settings.message()), TEXT_BYTES));
        Parts.put(json, "roomId", texts.of(settings.roomId()));
        Verdicts.check(client.send(Call.json(settings.apiUrl(), json.encode())));
    }
}
