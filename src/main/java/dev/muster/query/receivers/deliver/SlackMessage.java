package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.http.Call;
import dev.muster.query.receivers.http.Reply;
import dev.muster.query.receivers.http.WebClient;
import dev.muster.query.receivers.settings.MessageField;
import dev.muster.query.receivers.settings.SlackSettings;
import dev.muster.query.receivers.text.Texts;
import dev.muster.query.template.TemplateException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;

/// A message with one attachment.
///
/// @param client calls Slack
record SlackMessage(SlackSettings settings, WebClient client) implements Message {
    private static final int TITLE_CHARS = 1024;

    @Override
    public void tell(Notification notification, Texts texts)
            throws RefusedException, TemplateException, IOException, InterruptedException {
        JsonObject json = new JsonObject();
        Parts.put(json, "channel", texts.of(settings.channel()));
        Parts.put(json, "username", texts.of(settings.username()));
        Parts.put(json, "icon_emoji", texts.of(settings.iconEmoji()));
        Parts.put(json, "icon_url", texts.of(settings.iconUrl()));
        if (settings.linkNames()) {
            json.put("link_names", true);
        }
        Parts.put(json, "text", texts.of(settings.messageText()));
        json.put("attachments", new JsonArray().add(attachment(texts)));
        Reply reply =
                client.send(
                        Call.json(Parts.url(settings.url(), texts), json.encode())
                                .within(settings.timeout()));
        Verdicts.check(reply);
        requireOk(reply);
    }

    private JsonObject attachment(Texts texts) throws TemplateException {
        JsonObject json = new JsonObject();
        Parts.put(json, "title", texts.of(settings.title(), TITLE_CHARS));
        Parts.put(json, "title_link", texts.of(settings.titleLink()));
        Parts.put(json, "pretext", texts.of(settings.pretext()));
        json.put("text", texts.of(settings.text()));
        json.put("fallback", texts.of(settings.fallback()));
        json.put("callback_id", texts.of(settings.callbackId()));
        Parts.put(json, "fields", fields(settings.fields(), settings.briefFields(), texts));
        Parts.put(json, "actions", actions(texts));
        Parts.put(json, "image_url", texts.of(settings.imageUrl()));
        Parts.put(json, "thumb_url", texts.of(settings.thumbUrl()));
        json.put("footer", texts.of(settings.footer()));
        Parts.put(json, "color", texts.of(settings.color()));
        Parts.put(json, "mrkdwn_in", new JsonArray(settings.marked()));
        return json;
    }

    static JsonArray fields(List<MessageField> fields, boolean brief, Texts texts)
            throws TemplateException {
        JsonArray all = new JsonArray();
        for (MessageField field : fields) {
            all.add(
                    new JsonObject()
                            .put("title", texts.of(field.title()))
                            .put("value", texts.of(field.value()))
                            .put("short", field.brief().orElse(brief)));
        }
        return all;
    }

    private JsonArray actions(Texts texts) throws TemplateException {
        JsonArray all = new JsonArray();
        for (SlackSettings.Action action : settings.actions()) {
            JsonObject json = new JsonObject();
            Parts.put(json, "type", texts.of(action.type()));
            Parts.put(json, "text", texts.of(action.text()));
            Parts.put(json, "url", texts.of(action.url()));
            Parts.put(json, "style", texts.of(action.style()));
            Parts.put(json, "name", texts.of(action.name()));
            Parts.put(json, "value", texts.of(action.value()));
            if (action.confirm().isPresent()) {
                json.put("confirm", confirm(action.confirm().get(), texts));
            }
            all.add(json);
        }
        return all;
    }

    private static JsonObject confirm(SlackSettings.Confirm confirm, Texts texts)
            throws TemplateException {
        JsonObject json = new JsonObject();
        Parts.put(json, "text", texts.of(confirm.text()));
        Parts.put(json, "title", texts.of(confirm.title()));
        Parts.put(json, "ok_text", texts.of(confirm.okText()));
        Parts.put(json, "dismiss_text", texts.of(confirm.dismissText()));
        return json;
    }

    /// Slack answers 200 to what it does not take, too.
    private static void requireOk(Reply reply) throws RefusedException {
        boolean json =
                reply.headers()
                        .firstValue("Content-Type")
                        .filter(type -> type.startsWith("application/json"))
                        .isPresent();
        if (!json) {
            if (!reply.body().isBlank() && !reply.body().strip().equals("ok")) {
                throw RefusedException.forGood(
                        FailureReason.CLIENT_ERROR, "error response from Slack: " + reply.body());
            }
            return;
        }
        try {
            JsonObject answer = new JsonObject(reply.body());
            if (Boolean.FALSE.equals(answer.getValue("ok"))) {
                String error = String.valueOf(answer.getValue("error"));
                String message = "error response from Slack: " + error;
                throw error.equals("ratelimited") || error.equals("internal_error")
                        ? RefusedException.later(
                                FailureReason.CLIENT_ERROR, message, Verdicts.seconds(0))
                        : RefusedException.forGood(FailureReason.CLIENT_ERROR, message);
            }
        } catch (DecodeException _) {
            throw RefusedException.later(
                    FailureReason.CLIENT_ERROR,
                    "answer of Slack must be JSON",
                    Verdicts.seconds(0));
        }
    }
}
