package dev.muster.query.receivers.deliver;

import dev.muster.query.receivers.Notification;
import dev.muster.query.receivers.http.Call;
import dev.muster.query.receivers.http.WebClient;
import dev.muster.query.receivers.settings.PushoverSettings;
import dev.muster.query.receivers.text.Cut;
import dev.muster.query.receivers.text.Texts;
import dev.muster.query.template.TemplateException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A message of Pushover. It goes as a form, so that no address bears its tokens.
///
/// @param client calls it
record PushoverMessage(PushoverSettings settings, WebClient client) implements Message {
    private static final int TITLE_CHARS = 250;
    private static final int MESSAGE_CHARS = 1024;
    private static final int URL_CHARS = 512;
    private static final int URL_TITLE_CHARS = 100;

    @Override
    public void tell(Notification notification, Texts texts)
            throws RefusedException, TemplateException, IOException, InterruptedException {
        List<Map.Entry<String, String>> form = new ArrayList<>();
        form.add(Map.entry("token", Parts.secret(settings.token(), texts)));
        form.add(Map.entry("user", Parts.secret(settings.userKey(), texts)));
        form.add(Map.entry("title", texts.of(settings.title(), TITLE_CHARS)));
        form.add(Map.entry("message", message(texts)));
        put(form, "html", settings.html() ? "1" : "");
        put(form, "monospace", settings.monospace() ? "1" : "");
        put(form, "url", texts.of(settings.url(), URL_CHARS));
        put(form, "url_title", texts.of(settings.urlTitle(), URL_TITLE_CHARS));
        put(form, "priority", texts.of(settings.priority()));
        form.add(Map.entry("retry", String.valueOf(settings.retry().toSeconds())));
        form.add(Map.entry("expire", String.valueOf(settings.expire().toSeconds())));
        put(form, "device", texts.of(settings.device()));
        put(form, "sound", texts.of(settings.sound()));
        if (settings.ttl().isPositive()) {
            form.add(Map.entry("ttl", String.valueOf(settings.ttl().toSeconds())));
        }
        Verdicts.check(client.send(Call.form(settings.apiUrl(), Parts.form(form))));
    }

    private String message(Texts texts) throws TemplateException {
        String text =
                settings.html() ? texts.html(settings.message()) : texts.of(settings.message());
        String cut = Cut.toChars(text.strip(), MESSAGE_CHARS);
        // Pushover takes no empty ones
        return cut.isEmpty() ? "(no details)" : cut;
    }

    private static void put(List<Map.Entry<String, String>> form, String key, String text) {
        if (!text.isEmpty()) {
            form.add(Map.entry(key, text));
        }
    }
}
