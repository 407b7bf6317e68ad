package dev.muster.query.receivers.settings;

import dev.muster.yaml.YamlException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// `pagerduty_configs`.
///
/// @param routingKey of the Events API v2, a template; none if it is `serviceKey`
/// @param serviceKey of the Events API v1, a template
/// @param source where it comes from; `client` if empty
/// @param timeout longest time for an answer; zero for the usual one
public record PagerdutySettings(
        boolean sendResolved,
        HttpSettings http,
        Optional<Secret> routingKey,
        Optional<Secret> serviceKey,
        URI url,
        String client,
        String clientUrl,
        String description,
        String severity,
        String source,
        SortedMap<String, String> details,
        List<Image> images,
        List<Link> links,
        String component,
        String group,
        String type,
        Duration timeout)
        implements Integration {
    public PagerdutySettings {
        details = Collections.unmodifiableSortedMap(new TreeMap<>(details));
        images = List.copyOf(images);
        links = List.copyOf(links);
    }

    @Override
    public Kind kind() {
        return Kind.PAGERDUTY;
    }

    /// A picture of the incident.
    public record Image(String source, String alt, String href) {}

    /// A link of the incident.
    public record Link(String href, String text) {}

    static PagerdutySettings parse(Section section, GlobalSettings global) throws YamlException {
        Optional<Secret> routing = section.secret("routing_key", "routing_key_file");
        Optional<Secret> service = section.secret("service_key", "service_key_file");
        if (routing.isPresent() == service.isPresent()) {
            throw section.error("routing_key", "one of routing_key and service_key must be given");
        }
        PagerdutySettings settings =
                new PagerdutySettings(
                        section.flag("send_resolved", true),
                        HttpSettings.of(section, global.http()),
                        routing,
                        service,
                        section.url("url", global.url("pagerduty_url")),
                        section.text("client", "{{ template \"pagerduty.default.client\" . }}"),
                        section.text(
                                "client_url", "{{ template \"pagerduty.default.clientURL\" . }}"),
                        section.text(
                                "description",
                                "{{ template \"pagerduty.default.description\" . }}"),
                        section.text("severity", "error"),
                        section.text("source", ""),
                        details(section),
                        images(section),
                        links(section),
                        section.text("component", ""),
                        section.text("group", ""),
                        section.text("class", ""),
                        section.duration("timeout", Duration.ZERO));
        section.end();
        return settings;
    }

    private static SortedMap<String, String> details(Section section) throws YamlException {
        SortedMap<String, String> details = new TreeMap<>();
        String instances = "{{ template \"pagerduty.default.instances\" .Alerts.%s }}";
        details.put("firing", String.format(instances, "Firing"));
        details.put("resolved", String.format(instances, "Resolved"));
        details.put("num_firing", "{{ .Alerts.Firing | len }}");
        details.put("num_resolved", "{{ .Alerts.Resolved | len }}");
        details.putAll(section.words("details"));
        return details;
    }

    private static List<Image> images(Section parent) throws YamlException {
        List<Image> all = new ArrayList<>();
        for (Section section : parent.sections("images")) {
            all.add(
                    new Image(
                            section.text("src", ""),
                            section.text("alt", ""),
                            section.text("href", "")));
            section.end();
        }
        return all;
    }

    private static List<Link> links(Section parent) throws YamlException {
        List<Link> all = new ArrayList<>();
        for (Section section : parent.sections("links")) {
            all.add(new Link(section.text("href", ""), section.text("text", "")));
            section.end();
        }
        return all;
    }
}
