package dev.muster.agent.scrape.job;

import dev.muster.model.labels.Labels;
import java.util.List;
import java.util.Map;

/// Targets that share labels and change together.
///
/// @param source what it is about, unique in its discovery: a file, a pod, a service
/// @param targets the labels of each, `__address__` (`host:port` or `host`) among them
/// @param labels given to each that has none of that name
public record TargetGroup(String source, List<Labels> targets, Labels labels) {
    /// Label that says where a target is.
    public static final String ADDRESS = "__address__";

    public TargetGroup {
        targets = List.copyOf(targets);
    }

    /// Targets that have nothing but their addresses of their own.
    public static TargetGroup of(
            String source, List<String> addresses, Map<String, String> labels) {
        return new TargetGroup(
                source,
                addresses.stream().map(address -> Labels.of(ADDRESS, address)).toList(),
                Labels.of(labels));
    }
}
