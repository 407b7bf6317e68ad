package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.net.URI;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// `victorops_configs`.
///
/// @param apiUrl where it goes, less key and routing key
/// @param customFields of the message beside its own
public record VictoropsSettings(
        boolean sendResolved,
        HttpSettings http,
        Secret apiKey,
        URI apiUrl,
        String routingKey,
        String messageType,
        String stateMessage,
        String entityDisplayName,
        String monitoringTool,
        SortedMap<String, String> customFields)
        implements Integration {
    public VictoropsSettings {
        customFields = Collections.unmodifiableSortedMap(new TreeMap<>(customFields));
    }

    @Override
    public Kind kind() {
        return Kind.VICTOROPS;
    }

    static VictoropsSettings parse(Section section, GlobalSettings global) throws YamlException {
        VictoropsSettings settings =
                new VictoropsSettings(
                        section.flag("send_resolved", true),
                        HttpSettings.of(section, global.http()),
                        section.requiredSecret(
                                "api_key", "api_key_file", global.secret("victorops_api_key")),
                        section.url("api_url", global.url("victorops_api_url")),
                        section.required("routing_key"),
                        section.text("message_type", "CRITICAL"),
                        section.text(
                                "state_message",
                                "{{ template \"victorops.default.state_message\" . }}"),
                        section.text(
                                "entity_display_name",
                                "{{ template \"victorops.default.entity_display_name\" . }}"),
                        section.text(
                                "monitoring_tool",
                                "{{ template \"victorops.default.monitoring_tool\" . }}"),
                        section.words("custom_fields"));
        section.end();
        return settings;
    }
}
