package dev.muster.agent.scrape.job;

import java.util.List;
import java.util.Map;

/// Addresses that share labels.
///
/// @param source where they stand, for messages and as `__meta_filepath` where it is a file
/// @param addresses `host:port` or `host`
/// @param labels given to each of them
public record TargetGroup(String source, List<String> addresses, Map<String, String> labels) {
    public TargetGroup {
        addresses = List.copyOf(addresses);
        labels = Map.copyOf(labels);
    }
}
