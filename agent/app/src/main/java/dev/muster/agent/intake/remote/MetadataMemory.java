package dev.muster.agent.intake.remote;

import dev.muster.model.sample.MetricMetadata;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What senders of 1.0 said of metric families, apart from their samples: the last ones used.
/// Thread-safe.
final class MetadataMemory {
    private static final int LIMIT = 4_096;
    private static final List<String> SUFFIXES = List.of("_bucket", "_count", "_sum", "_total");

    private final LinkedHashMap<String, MetricMetadata> families =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, MetricMetadata> eldest) {
                    return size() > LIMIT;
                }
            };

    synchronized void put(String family, MetricMetadata metadata) {
        families.put(family, metadata);
    }

    /// What is known of the family of a series.
    synchronized MetricMetadata of(String metric) {
        if (families.isEmpty()) {
            return MetricMetadata.NONE;
        }
        MetricMetadata found = families.get(metric);
        if (found != null) {
            return found;
        }
        for (String suffix : SUFFIXES) {
            if (metric.endsWith(suffix)) {
                found = families.get(metric.substring(0, metric.length() - suffix.length()));
                return found == null ? MetricMetadata.NONE : found;
            }
        }
        return MetricMetadata.NONE;
    }
}
