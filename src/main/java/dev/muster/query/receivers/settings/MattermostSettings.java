package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `mattermost_configs`.
///
/// @param webhookUrl where it goes
/// @param attachments below the text
/// @param card shown beside the channel, if not empty
public record MattermostSettings(
        boolean sendResolved,
        HttpSettings http,
        Secret webhookUrl,
        String channel,
        String username,
        String text,
        String iconUrl,
        String iconEmoji,
        List<Attachment> attachments,
        String type,
        String card,
        Optional<Priority> priority)
        implements Integration {
    public MattermostSettings {
        attachments = List.copyOf(attachments);
    }

    @Override
    public Kind kind() {
        return Kind.MATTERMOST;
    }

    /// A block with a coloured edge.
    public record Attachment(
            String fallback,
            String color,
            String pretext,
            String text,
            String authorName,
            String authorLink,
            String authorIcon,
            String title,
            String titleLink,
            List<MessageField> fields,
            String thumbUrl,
            String footer,
            String footerIcon,
            String imageUrl) {
        public Attachment {
            fields = List.copyOf(fields);
        }
    }

    /// How urgent the message is.
    public record Priority(String priority, boolean requestedAck, boolean persistent) {}

    static MattermostSettings parse(Section section, GlobalSettings global) throws YamlException {
        Optional<Section> properties = section.section("props");
        String card = properties.isPresent() ? properties.get().text("card", "") : "";
        if (properties.isPresent()) {
            properties.get().end();
        }
        MattermostSettings settings =
                new MattermostSettings(
                        section.flag("send_resolved", true),
                        HttpSettings.of(section, global.http()),
                        section.requiredSecret(
                                "webhook_url",
                                "webhook_url_file",
                                global.secret("mattermost_webhook_url")),
                        section.text("channel", ""),
                        section.text(
                                "username", "{{ template \"mattermost.default.username\" . }}"),
                        section.text("text", "{{ template \"mattermost.default.text\" . }}"),
                        section.text("icon_url", ""),
                        section.text("icon_emoji", ""),
                        attachments(section),
                        section.text("type", ""),
                        card,
                        priority(section));
        section.end();
        return settings;
    }

    /// Those of the list; without one, what stands beside it makes one where anything but the
    /// defaults does.
    private static List<Attachment> attachments(Section parent) throws YamlException {
        List<Attachment> all = new ArrayList<>();
        for (Section section : parent.sections("attachments")) {
            all.add(attachment(section, section.text("text", "")));
            section.end();
        }
        Attachment own = attachment(parent, "");
        Attachment none =
                new Attachment("", "", "", "", "", "", "", "", "", List.of(), "", "", "", "");
        return all.isEmpty() && !own.equals(none) ? List.of(own) : all;
    }

    private static Attachment attachment(Section section, String text) throws YamlException {
        return new Attachment(
                section.text("fallback", ""),
                section.text("color", ""),
                section.text("pretext", ""),
                text,
                section.text("author_name", ""),
                section.text("author_link", ""),
                section.text("author_icon", ""),
                section.text("title", ""),
                section.text("title_link", ""),
                MessageField.parse(section),
                section.text("thumb_url", ""),
                section.text("footer", ""),
                section.text("footer_icon", ""),
                section.text("image_url", ""));
    }

    private static Optional<Priority> priority(Section parent) throws YamlException {
        Optional<Section> section = parent.section("priority");
        if (section.isEmpty()) {
            return Optional.empty();
        }
        Priority priority =
                new Priority(
                        section.get().text("priority", ""),
                        section.get().flag("requested_ack", false),
                        section.get().flag("persistent_notifications", false));
        section.get().end();
        return Optional.of(priority).filter(each -> !each.priority().isEmpty());
    }
}
