package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.http.Call;
import dev.muster.query.receivers.http.WebClient;
import dev.muster.query.receivers.settings.VictoropsSettings;
import dev.muster.query.receivers.text.Texts;
import dev.muster.query.template.TemplateException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// A message to the REST endpoint of VictorOps.
///
/// @param client calls it
record VictoropsMessage(VictoropsSettings settings, WebClient client) implements Message {
    private static final int STATE_CHARS = 20_480;
    private static final List<String> TYPES = List.of("CRITICAL", "WARNING", "INFO");

    @Override
    public void tell(Notification notification, Texts texts)
            throws RefusedException, TemplateException, IOException, InterruptedException {
        String wanted = texts.of(settings.messageType());
        String type = TYPES.contains(wanted) ? wanted : TYPES.getFirst();
        JsonObject json = new JsonObject();
        for (Map.Entry<String, String> field : settings.customFields().entrySet()) {
            json.put(field.getKey(), texts.of(field.getValue()));
        }
        json.put("message_type", Parts.fires(notification) ? type : "RECOVERY")
                .put("entity_id", Parts.hash(notification))
                .put("entity_display_name", texts.of(settings.entityDisplayName()))
                .put("state_message", texts.of(settings.stateMessage(), STATE_CHARS))
                .put("monitoring_tool", texts.of(settings.monitoringTool()));
        String base = settings.apiUrl().toString();
        String key = Parts.secret(settings.apiKey(), texts);
        String path = key + "/" + texts.of(settings.routingKey());
        Verdicts.check(
                client.send(
                        Call.json(
                                Parts.url((base.endsWith("/") ? base : base + "/") + path),
                                json.encode())));
    }
}
