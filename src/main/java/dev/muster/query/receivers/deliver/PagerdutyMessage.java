package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.http.Call;
import dev.muster.query.receivers.http.WebClient;
import dev.muster.query.receivers.settings.PagerdutySettings;
import dev.muster.query.receivers.settings.Secret;
import dev.muster.query.receivers.text.Texts;
import dev.muster.query.template.TemplateException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// An event of PagerDuty's Events API, version 2, or 1 for those with a service key.
///
/// @param client calls it
record PagerdutyMessage(PagerdutySettings settings, WebClient client) implements Message {
    private static final int SUMMARY_CHARS = 1024;
    private static final int EVENT_BYTES = 512_000;
    private static final int FORBIDDEN = 403;
    private static final URI FIRST_VERSION =
            URI.create("https://events.pagerduty.com/generic/2010-04-15/create_event.json");
    private static final String TOO_LARGE =
            "Custom details have been removed because the original event exceeds the maximum size"
                    + " of 512KB";

    @Override
    public void tell(Notification notification, Texts texts)
            throws RefusedException, TemplateException, IOException, InterruptedException {
        String action = Parts.fires(notification) ? "trigger" : "resolve";
        if (settings.serviceKey().isPresent()) {
            JsonObject event = first(settings.serviceKey().get(), action, notification, texts);
            Verdicts.check(
                    client.send(
                            Call.json(FIRST_VERSION, event.encode()).within(settings.timeout())),
                    FORBIDDEN);
            return;
        }
        JsonObject event = second(action, notification, texts);
        String text = event.encode();
        if (text.getBytes(StandardCharsets.UTF_8).length > EVENT_BYTES) {
            event.getJsonObject("payload")
                    .put("custom_details", new JsonObject().put("error", TOO_LARGE));
            text = event.encode();
        }
        Verdicts.check(client.send(Call.json(settings.url(), text).within(settings.timeout())));
    }

    private static String key(Secret secret, Texts texts)
            throws RefusedException, TemplateException, IOException {
        String key = Parts.secret(secret, texts);
        if (key.isEmpty()) {
            throw RefusedException.forGood(
                    FailureReason.OTHER, "key of the integration must not be empty");
        }
        return key;
    }

    private JsonObject second(String action, Notification notification, Texts texts)
            throws RefusedException, TemplateException, IOException {
        Secret routing = settings.routingKey().orElse(Secret.of(""));
        JsonObject event =
                new JsonObject()
                        .put("routing_key", key(routing, texts))
                        .put("dedup_key", Parts.hash(notification))
                        .put("event_action", action)
                        .put("payload", payload(texts));
        Parts.put(event, "client", texts.of(settings.client()));
        Parts.put(event, "client_url", texts.of(settings.clientUrl()));
        Parts.put(event, "images", images(texts));
        Parts.put(event, "links", links(texts));
        return event;
    }

    private JsonObject payload(Texts texts) throws TemplateException {
        String source = settings.source().isEmpty() ? settings.client() : settings.source();
        JsonObject payload =
                new JsonObject()
                        .put("summary", texts.of(settings.description(), SUMMARY_CHARS))
                        .put("source", texts.of(source))
                        .put("severity", texts.of(settings.severity()));
        Parts.put(payload, "class", texts.of(settings.type()));
        Parts.put(payload, "component", texts.of(settings.component()));
        Parts.put(payload, "group", texts.of(settings.group()));
        return payload.put("custom_details", details(texts));
    }

    private JsonObject details(Texts texts) throws TemplateException {
        JsonObject details = new JsonObject();
        for (Map.Entry<String, String> detail : settings.details().entrySet()) {
            details.put(detail.getKey(), texts.of(detail.getValue()));
        }
        return details;
    }

    private JsonArray images(Texts texts) throws TemplateException {
        JsonArray images = new JsonArray();
        for (PagerdutySettings.Image image : settings.images()) {
            String source = texts.of(image.source());
            if (!source.isEmpty()) {
                images.add(
                        new JsonObject()
                                .put("src", source)
                                .put("alt", texts.of(image.alt()))
                                .put("href", texts.of(image.href())));
            }
        }
        return images;
    }

    private JsonArray links(Texts texts) throws TemplateException {
        JsonArray links = new JsonArray();
        for (PagerdutySettings.Link link : settings.links()) {
            String href = texts.of(link.href());
            if (!href.isEmpty()) {
                links.add(new JsonObject().put("href", href).put("text", texts.of(link.text())));
            }
        }
        return links;
    }

    private JsonObject first(Secret service, String action, Notification notification, Texts texts)
            throws RefusedException, TemplateException, IOException {
        JsonObject event =
                new JsonObject()
                        .put("service_key", key(service, texts))
                        .put("incident_key", Parts.hash(notification))
                        .put("event_type", action)
                        .put("description", texts.of(settings.description(), SUMMARY_CHARS))
                        .put("details", details(texts));
        if (Parts.fires(notification)) {
            Parts.put(event, "client", texts.of(settings.client()));
            Parts.put(event, "client_url", texts.of(settings.clientUrl()));
        }
        return event;
    }
}
