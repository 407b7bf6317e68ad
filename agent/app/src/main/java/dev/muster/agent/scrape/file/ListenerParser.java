package dev.muster.agent.scrape.file;

import dev.muster.agent.services.listener.ListenerPolicy;
import dev.muster.agent.services.listener.ListenerSettings;
import dev.muster.agent.services.listener.PolicyRule;
import dev.muster.agent.services.listener.Ports;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Turns an entry of `muster_listener_sd_configs` into settings.
final class ListenerParser {
    private static final String PORTS = "ports such as 8080 or 1024-65535, with commas between";

    private ListenerParser() {}

    /// @param path of the job
    /// @param scheme of the job
    static ListenerSettings parse(YamlMap config, String path, String scheme) throws YamlException {
        List<PolicyRule> allow = rules(config, "allow");
        if (allow.isEmpty()) {
            throw config.error(
                    "allow",
                    "allow must have at least one rule, such as {unit: api-.*} or {port:"
                            + " 8000-8999}");
        }
        ListenerPolicy policy =
                new ListenerPolicy(
                        allow,
                        rules(config, "deny"),
                        config.value("ports", Ports.UNPRIVILEGED, PORTS, Ports::parse));
        boolean all =
                config.value(
                        "namespaces",
                        true,
                        "all or own",
                        text ->
                                switch (text) {
                                    case "all" -> Optional.of(true);
                                    case "own" -> Optional.of(false);
                                    default -> Optional.empty();
                                });
        try {
            ListenerSettings settings =
                    new ListenerSettings(
                            policy,
                            ScrapeValues.duration(
                                    config, "refresh_interval", ListenerSettings.REFRESH),
                            config.text("path", path),
                            config.text("scheme", scheme).equals("https"),
                            Path.of(config.text("procfs", "/proc")),
                            all);
            config.refuseOthers();
            return settings;
        } catch (IllegalArgumentException e) {
            throw config.error("path", String.valueOf(e.getMessage()));
        }
    }

    private static List<PolicyRule> rules(YamlMap config, String key) throws YamlException {
        List<PolicyRule> rules = new ArrayList<>();
        for (YamlMap rule : config.maps(key)) {
            Map<PolicyRule.Field, String> patterns = new EnumMap<>(PolicyRule.Field.class);
            for (PolicyRule.Field field : PolicyRule.Field.values()) {
                if (rule.has(field.key())) {
                    patterns.put(field, rule.text(field.key(), ""));
                }
            }
            Optional<Ports> ports =
                    rule.value(
                            "port",
                            Optional.empty(),
                            PORTS,
                            text -> Ports.parse(text).map(Optional::of));
            rule.refuseOthers();
            try {
                rules.add(new PolicyRule(patterns, ports));
            } catch (IllegalArgumentException e) {
                throw rule.error("", String.valueOf(e.getMessage()));
            }
        }
        return rules;
    }
}
