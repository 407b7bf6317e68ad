package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.http.Call;
import dev.muster.query.receivers.http.WebClient;
import dev.muster.query.receivers.settings.MattermostSettings;
import dev.muster.query.receivers.text.Texts;
import dev.muster.query.template.TemplateException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/// A message to a webhook of Mattermost.
///
/// @param client calls it
record MattermostMessage(MattermostSettings settings, WebClient client) implements Message {
    private static final int TEXT_CHARS = 16_383;
    private static final String STANDARD = "standard";
    private static final List<String> PRIORITIES = List.of("urgent", "important", STANDARD);

    @Override
    public void tell(Notification notification, Texts texts)
            throws RefusedException, TemplateException, IOException, InterruptedException {
        JsonObject json = new JsonObject().put("text", texts.of(settings.text(), TEXT_CHARS));
        Parts.put(json, "channel", texts.of(settings.channel()));
        Parts.put(json, "username", texts.of(settings.username()));
        Parts.put(json, "icon_url", texts.of(settings.iconUrl()));
        Parts.put(json, "icon_emoji", texts.of(settings.iconEmoji()));
        Parts.put(json, "attachments", attachments(texts));
        Parts.put(json, "type", texts.of(settings.type()));
        String card = texts.of(settings.card());
        if (!card.isEmpty()) {
            json.put("props", new JsonObject().put("card", card));
        }
        if (settings.priority().isPresent()) {
            json.put("priority", priority(settings.priority().get(), texts));
        }
        Verdicts.check(
                client.send(Call.json(Parts.url(settings.webhookUrl(), texts), json.encode())));
    }

    private JsonArray attachments(Texts texts) throws TemplateException {
        JsonArray all = new JsonArray();
        for (MattermostSettings.Attachment each : settings.attachments()) {
            JsonObject json = new JsonObject();
            Parts.put(json, "fallback", texts.of(each.fallback()));
            Parts.put(json, "color", texts.of(each.color()));
            Parts.put(json, "pretext", texts.of(each.pretext()));
            Parts.put(json, "text", texts.of(each.text()));
            Parts.put(json, "author_name", texts.of(each.authorName()));
            Parts.put(json, "author_link", texts.of(each.authorLink()));
            Parts.put(json, "author_icon", texts.of(each.authorIcon()));
            Parts.put(json, "title", texts.of(each.title()));
            Parts.put(json, "title_link", texts.of(each.titleLink()));
            Parts.put(json, "fields", SlackMessage.fields(each.fields(), false, texts));
            Parts.put(json, "thumb_url", texts.of(each.thumbUrl()));
            Parts.put(json, "footer", texts.of(each.footer()));
            Parts.put(json, "footer_icon", texts.of(each.footerIcon()));
            Parts.put(json, "image_url", texts.of(each.imageUrl()));
            all.add(json);
        }
        return all;
    }

    /// Only the more urgent ones can ask for an acknowledgement, only the urgent one again and
    /// again.
    private static JsonObject priority(MattermostSettings.Priority priority, Texts texts)
            throws TemplateException {
        String wanted = texts.of(priority.priority()).toLowerCase(Locale.ROOT);
        String level = PRIORITIES.contains(wanted) ? wanted : STANDARD;
        JsonObject json = new JsonObject().put("priority", level);
        if (priority.requestedAck() && !level.equals(STANDARD)) {
            json.put("requested_ack", true);
        }
        if (priority.persistent() && level.equals("urgent")) {
            json.put("persistent_notifications", true);
        }
        return json;
    }
}
