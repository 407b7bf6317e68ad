package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A field of an attachment of Slack or Mattermost.
///
/// @param brief whether it may stand beside others; as the receiver says if absent
public record MessageField(String title, String value, Optional<Boolean> brief) {
    static List<MessageField> parse(Section parent) throws YamlException {
        List<MessageField> all = new ArrayList<>();
        for (Section section : parent.sections("fields")) {
            all.add(
                    new MessageField(
                            section.required("title"),
                            section.required("value"),
                            section.flag("short")));
            section.end();
        }
        return all;
    }
}
