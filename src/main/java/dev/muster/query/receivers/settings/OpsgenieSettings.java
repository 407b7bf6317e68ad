package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// `opsgenie_configs`.
///
/// @param details of the alert beside the labels that all alerts have
/// @param tags comma-separated
/// @param updateAlerts whether message and description of an alert that is there are changed, too
/// @param actions comma-separated
public record OpsgenieSettings(
        boolean sendResolved,
        HttpSettings http,
        Secret apiKey,
        URI apiUrl,
        String message,
        String description,
        String source,
        SortedMap<String, String> details,
        List<Responder> responders,
        String tags,
        String note,
        String priority,
        boolean updateAlerts,
        String entity,
        String actions)
        implements Integration {
    private static final List<String> TYPES =
            List.of("team", "teams", "user", "escalation", "schedule");

    public OpsgenieSettings {
        details = Collections.unmodifiableSortedMap(new TreeMap<>(details));
        responders = List.copyOf(responders);
    }

    @Override
    public Kind kind() {
        return Kind.OPSGENIE;
    }

    /// Who is to look after it: one of id, name and username.
    public record Responder(String id, String name, String username, String type) {}

    static OpsgenieSettings parse(Section section, GlobalSettings global) throws YamlException {
        OpsgenieSettings settings =
                new OpsgenieSettings(
                        section.flag("send_resolved", true),
                        HttpSettings.of(section, global.http()),
                        section.requiredSecret(
                                "api_key", "api_key_file", global.secret("opsgenie_api_key")),
                        section.url("api_url", global.url("opsgenie_api_url")),
                        section.text("message", "{{ template \"opsgenie.default.message\" . }}"),
                        section.text(
                                "description", "{{ template \"opsgenie.default.description\" . }}"),
                        section.text("source", "{{ template \"opsgenie.default.source\" . }}"),
                        section.words("details"),
                        responders(section),
                        section.text("tags", ""),
                        section.text("note", ""),
                        section.text("priority", ""),
                        section.flag("update_alerts", false),
                        section.text("entity", ""),
                        section.text("actions", ""));
        section.end();
        return settings;
    }

    private static List<Responder> responders(Section parent) throws YamlException {
        List<Responder> all = new ArrayList<>();
        for (Section section : parent.sections("responders")) {
            Responder responder =
                    new Responder(
                            section.text("id", ""),
                            section.text("name", ""),
                            section.text("username", ""),
                            section.text("type", ""));
            if (responder.id().isEmpty()
                    && responder.name().isEmpty()
                    && responder.username().isEmpty()) {
                throw section.error("id", "responder must have an id, a name or a username");
            }
            if (!responder.type().contains("{{") && !TYPES.contains(responder.type())) {
                throw section.error(
                        "type",
                        "responder type must be one of " + TYPES + ": found=" + responder.type());
            }
            section.end();
            all.add(responder);
        }
        return all;
    }
}
