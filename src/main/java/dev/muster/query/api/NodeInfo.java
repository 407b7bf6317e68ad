package dev.muster.query.api;

import java.util.List;
import java.util.Map;

/// What a query node says of itself.
///
/// @param version of Muster
/// @param revision of its sources; empty where it is not known
/// @param startedMs when this process started, Unix time
/// @param settings the effective configuration by key, without secrets
public record NodeInfo(
        String version, String revision, long startedMs, Map<String, String> settings) {
    public NodeInfo {
        settings = Map.copyOf(settings);
    }

    /// The settings as lines of YAML, by key.
    List<String> yaml() {
        return settings.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(setting -> setting.getKey() + ": " + Times.quoted(setting.getValue()) + "\n")
                .toList();
    }
}
