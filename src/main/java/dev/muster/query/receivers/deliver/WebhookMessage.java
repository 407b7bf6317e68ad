package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.NotifiedAlert;
import dev.muster.query.receivers.http.Call;
import dev.muster.query.receivers.http.WebClient;
import dev.muster.query.receivers.settings.WebhookSettings;
import dev.muster.query.receivers.text.NotificationData;
import dev.muster.query.receivers.text.Texts;
import dev.muster.query.template.TemplateException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;

/// Alertmanager's JSON, version 4.
///
/// @param client calls the receiver
record WebhookMessage(WebhookSettings settings, WebClient client) implements Message {
    private static final String NEVER = "0001-01-01T00:00:00Z";

    @Override
    public void tell(Notification notification, Texts texts)
            throws RefusedException, TemplateException, IOException, InterruptedException {
        Call call =
                Call.json(Parts.url(settings.url(), texts), json(notification, texts).encode())
                        .within(settings.timeout());
        Verdicts.check(client.send(call));
    }

    private JsonObject json(Notification notification, Texts texts) throws TemplateException {
        List<NotifiedAlert> all = notification.alerts();
        int count =
                settings.maxAlerts() > 0
                        ? (int) Math.min(settings.maxAlerts(), all.size())
                        : all.size();
        JsonArray alerts = new JsonArray();
        all.subList(0, count).forEach(alert -> alerts.add(json(alert)));
        JsonObject json =
                new JsonObject()
                        .put("receiver", texts.of("{{ .Receiver }}"))
                        .put("status", notification.status())
                        .put("alerts", alerts)
                        .put(
                                "groupLabels",
                                Parts.object(NotificationData.map(notification.groupLabels())))
                        .put(
                                "commonLabels",
                                Parts.object(NotificationData.commonLabels(notification)))
                        .put(
                                "commonAnnotations",
                                Parts.object(NotificationData.commonAnnotations(notification)))
                        .put("externalURL", notification.externalUrl().toString())
                        .put("version", "4")
                        .put("groupKey", notification.groupKey())
                        .put("truncatedAlerts", all.size() - count);
        return notification.maybeDuplicate() ? json.put("maybeDuplicate", true) : json;
    }

    private static JsonObject json(NotifiedAlert alert) {
        return new JsonObject()
                .put("status", alert.status())
                .put("labels", Parts.object(NotificationData.map(alert.labels())))
                .put("annotations", Parts.object(alert.annotations()))
                .put("startsAt", time(alert.startsAt()))
                .put("endsAt", alert.endsAt().map(WebhookMessage::time).orElse(NEVER))
                .put("generatorURL", alert.generatorUrl())
                .put("fingerprint", alert.fingerprintText());
    }

    /// As Go writes it: no more digits than it needs.
    private static String time(Instant time) {
        String text = DateTimeFormatter.ISO_INSTANT.format(time);
        return text.indexOf('.') < 0 ? text : text.replaceAll("0+Z$", "Z");
    }
}
