package dev.muster.query.receivers;

import dev.muster.model.labels.Labels;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Notifications and receivers for tests.
final class Samples {
    static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    static final Instant END = Instant.parse("2026-03-01T10:05:30.250Z");

    private Samples() {}

    static NotifiedAlert alert(String instance, boolean resolved) {
        return new NotifiedAlert(
                Labels.of(
                        Map.of(
                                "alertname", "DiskFull",
                                "instance", instance,
                                "rack", "r1",
                                "severity", "page")),
                new TreeMap<>(
                        Map.of(
                                "summary",
                                "disk of " + instance + " is <full> & hot",
                                "runbook",
                                "https://runbooks.example.org/disk")),
                START,
                resolved ? Optional.of(END) : Optional.empty(),
                "http://muster.example.org/graph?g0.expr=disk+%3E+90",
                instance.hashCode() & 0xffff_ffffL);
    }

    static Notification notification(NotifiedAlert... alerts) {
        return new Notification(
                "{}/{severity=\"page\"}:{alertname=\"DiskFull\", rack=\"r1\"}",
                Labels.of(Map.of("alertname", "DiskFull", "rack", "r1")),
                "team.ops",
                List.of(alerts),
                URI.create("http://muster.example.org"),
                false);
    }

    static Notification firing() {
        return notification(alert("host-1:9100", false), alert("host-2:9100", false));
    }

    static Notification mixed() {
        return notification(alert("host-1:9100", false), alert("host-2:9100", true));
    }

    static Notification resolved() {
        return notification(alert("host-1:9100", true), alert("host-2:9100", true));
    }

    /// Receivers of a configuration file's text.
    static ReceiverBook book(String yaml, Path directory, Vertx vertx, MeterRegistry registry)
            throws YamlException {
        YamlMap root = YamlMap.parse("alertmanager.yml", yaml);
        return new Receivers(vertx, registry, InstantSource.fixed(END))
                .parse(
                        root.map("global"),
                        root.maps("receivers"),
                        root.texts("templates"),
                        directory);
    }
}
