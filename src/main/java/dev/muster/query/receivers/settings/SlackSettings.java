package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `slack_configs`.
///
/// @param url of a webhook, or of the method that posts messages
/// @param messageText stands above the attachment, if not empty
/// @param marked which texts are in Slack's own markup; no templates
/// @param timeout longest time for an answer; zero for the usual one
public record SlackSettings(
        boolean sendResolved,
        HttpSettings http,
        Secret url,
        String channel,
        String username,
        String color,
        String title,
        String titleLink,
        String pretext,
        String text,
        String messageText,
        List<MessageField> fields,
        boolean briefFields,
        String footer,
        String fallback,
        String callbackId,
        String iconEmoji,
        String iconUrl,
        String imageUrl,
        String thumbUrl,
        boolean linkNames,
        List<String> marked,
        List<Action> actions,
        Duration timeout)
        implements Integration {
    public SlackSettings {
        fields = List.copyOf(fields);
        marked = List.copyOf(marked);
        actions = List.copyOf(actions);
    }

    @Override
    public Kind kind() {
        return Kind.SLACK;
    }

    /// A button.
    public record Action(
            String type,
            String text,
            String url,
            String style,
            String name,
            String value,
            Optional<Confirm> confirm) {}

    /// What is asked before a button counts.
    public record Confirm(String text, String title, String okText, String dismissText) {}

    static SlackSettings parse(Section section, GlobalSettings global) throws YamlException {
        Endpoint endpoint = Endpoint.of(section, global);
        SlackSettings settings =
                new SlackSettings(
                        section.flag("send_resolved", false),
                        endpoint.http(),
                        endpoint.url(),
                        section.text("channel", ""),
                        usual(section, "username", "username"),
                        usual(section, "color", "color"),
                        usual(section, "title", "title"),
                        usual(section, "title_link", "titlelink"),
                        usual(section, "pretext", "pretext"),
                        usual(section, "text", "text"),
                        section.text("message_text", ""),
                        MessageField.parse(section),
                        section.flag("short_fields", false),
                        usual(section, "footer", "footer"),
                        usual(section, "fallback", "fallback"),
                        usual(section, "callback_id", "callbackid"),
                        usual(section, "icon_emoji", "iconemoji"),
                        usual(section, "icon_url", "iconurl"),
                        section.text("image_url", ""),
                        section.text("thumb_url", ""),
                        section.flag("link_names", false),
                        section.has("mrkdwn_in")
                                ? section.texts("mrkdwn_in")
                                : List.of("fallback", "pretext", "text"),
                        actions(section),
                        section.duration("timeout", Duration.ZERO));
        section.end("update_message", "post_updates_to_thread");
        return settings;
    }

    private static String usual(Section section, String key, String template) throws YamlException {
        return section.text(key, "{{ template \"slack.default." + template + "\" . }}");
    }

    /// Where it goes, and with which credentials.
    private record Endpoint(Secret url, HttpSettings http) {
        private static Endpoint of(Section section, GlobalSettings global) throws YamlException {
            Optional<Secret> url = section.secret("api_url", "api_url_file");
            Optional<Secret> token = section.secret("app_token", "app_token_file");
            URI app = section.url("app_url", global.url("slack_app_url"));
            HttpSettings http = HttpSettings.of(section, global.http());
            if (url.isPresent() && token.isPresent()) {
                throw section.error(
                        "app_token", "at most one of api_url and app_token must be given");
            }
            if (url.isEmpty()) {
                token = token.or(() -> global.secret("slack_app_token"));
                url = token.isPresent() ? Optional.empty() : global.secret("slack_api_url");
            }
            if (token.isPresent()) {
                return new Endpoint(
                        Secret.of(app.toString()),
                        http.bearing(new HttpSettings.Authorization("Bearer", token.get())));
            }
            if (url.isEmpty()) {
                throw section.error(
                        "api_url", "one of api_url and api_url_file must be given: none");
            }
            return new Endpoint(url.get(), http);
        }
    }

    private static List<Action> actions(Section parent) throws YamlException {
        List<Action> all = new ArrayList<>();
        for (Section section : parent.sections("actions")) {
            String url = section.text("url", "");
            String name = section.text("name", "");
            if (url.isEmpty() && name.isEmpty()) {
                throw section.error("name", "action must have a url or a name");
            }
            boolean link = !url.isEmpty();
            Optional<Section> confirm = section.section("confirm");
            String value = section.text("value", "");
            all.add(
                    new Action(
                            section.required("type"),
                            section.required("text"),
                            url,
                            section.text("style", ""),
                            link ? "" : name,
                            link ? "" : value,
                            link || confirm.isEmpty()
                                    ? Optional.empty()
                                    : Optional.of(confirm(confirm.get()))));
            section.end();
        }
        return all;
    }

    private static Confirm confirm(Section section) throws YamlException {
        Confirm confirm =
                new Confirm(
                        section.required("text"),
                        section.text("title", ""),
                        section.text("ok_text", ""),
                        section.text("dismiss_text", ""));
        section.end();
        return confirm;
    }
}
