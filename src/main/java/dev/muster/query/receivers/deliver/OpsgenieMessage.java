package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.http.Call;
import dev.muster.query.receivers.http.WebClient;
import dev.muster.query.receivers.settings.OpsgenieSettings;
import dev.muster.query.receivers.text.NotificationData;
import dev.muster.query.receivers.text.Texts;
import dev.muster.query.template.TemplateException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;

/// An alert of Opsgenie that is opened, changed or closed.
///
/// @param client calls it
record OpsgenieMessage(OpsgenieSettings settings, WebClient client) implements Message {
    private static final int MESSAGE_CHARS = 130;
    private static final int DESCRIPTION_CHARS = 15_000;
    private static final String TEAMS = "teams";

    @Override
    public void tell(Notification notification, Texts texts)
            throws RefusedException, TemplateException, IOException, InterruptedException {
        String alias = Parts.hash(notification);
        String key = Parts.secret(settings.apiKey(), texts);
        if (!Parts.fires(notification)) {
            JsonObject close = new JsonObject().put("source", texts.of(settings.source()));
            send("POST", "v2/alerts/" + alias + "/close?identifierType=alias", key, close);
            return;
        }
        JsonObject alert = alert(alias, notification, texts);
        send("POST", "v2/alerts", key, alert);
        if (settings.updateAlerts()) {
            for (String field : new String[] {"message", "description"}) {
                JsonObject change = new JsonObject().put(field, alert.getString(field, ""));
                send(
                        "PUT",
                        "v2/alerts/" + alias + "/" + field + "?identifierType=alias",
                        key,
                        change);
            }
        }
    }

    private void send(String method, String path, String key, JsonObject body)
            throws RefusedException, IOException, InterruptedException {
        String base = settings.apiUrl().toString();
        URI url = URI.create((base.endsWith("/") ? base : base + "/") + path);
        Call call =
                Call.json(url, body.encode()).by(method).with("Authorization", "GenieKey " + key);
        Verdicts.check(client.send(call));
    }

    private JsonObject alert(String alias, Notification notification, Texts texts)
            throws TemplateException {
        JsonObject details = Parts.object(NotificationData.commonLabels(notification));
        for (Map.Entry<String, String> detail : settings.details().entrySet()) {
            details.put(detail.getKey(), texts.of(detail.getValue()));
        }
        JsonObject alert =
                new JsonObject()
                        .put("alias", alias)
                        .put("message", texts.of(settings.message(), MESSAGE_CHARS));
        Parts.put(alert, "description", texts.of(settings.description(), DESCRIPTION_CHARS));
        alert.put("details", details).put("source", texts.of(settings.source()));
        Parts.put(alert, "responders", responders(texts));
        Parts.put(alert, "tags", Parts.words(texts.of(settings.tags())));
        Parts.put(alert, "note", texts.of(settings.note()));
        Parts.put(alert, "priority", texts.of(settings.priority()));
        Parts.put(alert, "entity", texts.of(settings.entity()));
        Parts.put(alert, "actions", Parts.words(texts.of(settings.actions())));
        return alert;
    }

    private JsonArray responders(Texts texts) throws TemplateException {
        JsonArray all = new JsonArray();
        for (OpsgenieSettings.Responder each : settings.responders()) {
            String name = texts.of(each.name());
            String type = texts.of(each.type());
            if (type.equals(TEAMS)) {
                Arrays.stream(name.strip().split(",", -1))
                        .filter(team -> !team.isEmpty())
                        .map(team -> new JsonObject().put("name", team).put("type", "team"))
                        .forEach(all::add);
                continue;
            }
            JsonObject json = new JsonObject();
            Parts.put(json, "id", texts.of(each.id()));
            Parts.put(json, "name", name);
            Parts.put(json, "username", texts.of(each.username()));
            if (!json.isEmpty()) {
                all.add(json.put("type", type));
            }
        }
        return all;
    }
}
