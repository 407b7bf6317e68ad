package dev.muster.agent.config;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// All keys that the agent knows, and the search for those it does not.
public final class SettingKeys {
    private static final String PREFIX = "muster.";

    private static final Set<String> KNOWN =
            Set.of(
                    "muster.agent.advertised-url",
                    "muster.agent.cell",
                    "muster.agent.data-dir",
                    "muster.agent.host",
                    "muster.agent.query-url",
                    "muster.cell.address",
                    "muster.cell.directory-secret",
                    "muster.cell.directory-seeds",
                    "muster.cell.hand-over",
                    "muster.cell.kubernetes-namespace",
                    "muster.cell.kubernetes-selector",
                    "muster.cell.map",
                    "muster.cell.move-port",
                    "muster.cell.on-stop",
                    "muster.cell.port",
                    "muster.cell.rack",
                    "muster.cell.restart-time",
                    "muster.cell.secret",
                    "muster.cell.seeds",
                    "muster.cell.udp",
                    "muster.cell.udp-port",
                    "muster.cell.zone",
                    "muster.events.log",
                    "muster.exporter.collectors",
                    "muster.exporter.procfs",
                    "muster.exporter.rootfs",
                    "muster.exporter.sysctl",
                    "muster.exporter.sysfs",
                    "muster.exporter.textfile-directory",
                    "muster.head.disk-limit",
                    "muster.head.out-of-order-window",
                    "muster.head.series-limit",
                    "muster.head.exemplar-limit",
                    "muster.head.idle-timeout",
                    "muster.head.sync-interval",
                    "muster.head.window",
                    "muster.http.host",
                    "muster.http.port",
                    "muster.part.max-concurrent",
                    "muster.part.max-memory",
                    "muster.part.max-samples",
                    "muster.part.max-series",
                    "muster.part.max-waiting",
                    "muster.part.timeout",
                    "muster.push.admin-api",
                    "muster.push.body-memory-limit",
                    "muster.push.body-size-limit",
                    "muster.push.body-timeout",
                    "muster.push.group-memory-limit",
                    "muster.push.max-concurrent",
                    "muster.push.max-groups",
                    "muster.push.mqtt-buffer-limit",
                    "muster.push.mqtt-client-id",
                    "muster.push.mqtt-password-file",
                    "muster.push.mqtt-topics",
                    "muster.push.mqtt-url",
                    "muster.push.mqtt-user",
                    "muster.push.origins-limit",
                    "muster.push.otlp-convert-histograms-to-nhcb",
                    "muster.push.otlp-delta-series-limit",
                    "muster.push.otlp-promote-resource-attributes",
                    "muster.push.otlp-translation-strategy",
                    "muster.push.remote-write-log-limit",
                    "muster.push.statsd-host",
                    "muster.push.statsd-idle",
                    "muster.push.statsd-port",
                    "muster.push.statsd-series-limit",
                    "muster.push.token-file",
                    "muster.push.ttl",
                    "muster.scrape.body-memory-limit",
                    "muster.scrape.body-size-limit",
                    "muster.scrape.config-file",
                    "muster.scrape.interval",
                    "muster.scrape.kubernetes-node",
                    "muster.scrape.kubernetes-scope",
                    "muster.scrape.label-limit",
                    "muster.scrape.label-name-length-limit",
                    "muster.scrape.label-value-length-limit",
                    "muster.scrape.memory-budget",
                    "muster.scrape.sample-limit",
                    "muster.scrape.timeout",
                    "muster.services.addresses",
                    "muster.services.registration",
                    "muster.services.token",
                    "muster.store.access-key",
                    "muster.store.endpoint",
                    "muster.store.region",
                    "muster.store.secret-key",
                    "muster.store.url",
                    "muster.takeover.body-memory-limit",
                    "muster.takeover.down-interval",
                    "muster.takeover.enabled",
                    "muster.takeover.host-scrapes-per-second",
                    "muster.takeover.hosts-limit",
                    "muster.takeover.memory-budget",
                    "muster.takeover.scrapes-per-second",
                    "muster.tls.ca-file",
                    "muster.tls.cert-file",
                    "muster.tls.client-auth",
                    "muster.tls.key-file",
                    "muster.tls.local-port",
                    "muster.tls.server-name",
                    "muster.upload.interval",
                    "muster.upload.retain",
                    "muster.upload.retry-max",
                    "muster.upness.max-size",
                    "muster.upness.retain");

    private SettingKeys() {}

    /// Names of all keys.
    public static Set<String> known() {
        return new TreeSet<>(KNOWN);
    }

    /// Refuses keys that start with `muster.` and are not known, and environment variables that
    /// look like one of a known group but are not.
    ///
    /// @throws SettingsException naming them all
    public static void refuseUnknown(Iterable<String> names, Map<String, String> environment) {
        Set<String> unknown = new TreeSet<>();
        for (String name : names) {
            if (name.startsWith(PREFIX) && !KNOWN.contains(name)) {
                unknown.add(name);
            }
        }
        Set<String> variables =
                KNOWN.stream().map(SettingKeys::variable).collect(Collectors.toSet());
        for (String name : environment.keySet()) {
            if (isOfKnownGroup(name) && !variables.contains(name)) {
                unknown.add(name);
                unknown.removeIf(key -> variable(key).equals(name) && !key.equals(name));
            }
        }
        if (!unknown.isEmpty()) {
            throw new SettingsException(
                    "config: unknown key: found=" + joined(unknown) + nearest(unknown));
        }
    }

    /// The environment variable of a key: upper case, everything else than letters and digits an
    /// underscore.
    static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    private static boolean isOfKnownGroup(String variable) {
        return KNOWN.stream()
                .map(key -> variable(key.substring(0, key.indexOf('.', PREFIX.length()) + 1)))
                .anyMatch(variable::startsWith);
    }

    private static String joined(Collection<String> names) {
        return String.join(", ", names);
    }

    /// Known keys of the same group as the first unknown one.
    private static String nearest(Set<String> unknown) {
        String first = unknown.iterator().next().toLowerCase(Locale.ROOT).replace('_', '.');
        int dot = first.indexOf('.', PREFIX.length());
        String group = dot < 0 ? PREFIX : first.substring(0, dot + 1);
        List<String> same = known().stream().filter(key -> key.startsWith(group)).toList();
        return same.isEmpty() ? "" : ", known=" + joined(same);
    }
}
