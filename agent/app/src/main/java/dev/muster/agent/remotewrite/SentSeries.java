package dev.muster.agent.remotewrite;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import org.jspecify.annotations.Nullable;

/// A series as a store gets it. Confined to the thread of that store.
final class SentSeries {
    final Labels labels;
    final MetricMetadata metadata;
    long startMs;

    /// Labels as the first version writes them, or what the second one's request `packedFor` calls
    /// them.
    byte @Nullable [] packed;

    @Nullable Object packedFor;

    SentSeries(Labels labels, MetricMetadata metadata) {
        this.labels = labels;
        this.metadata = metadata;
    }

    /// The name that metadata are told under.
    String family() {
        String name = labels.metric();
        MetricType type = metadata.type();
        boolean parts =
                type == MetricType.HISTOGRAM
                        || type == MetricType.GAUGE_HISTOGRAM
                        || type == MetricType.SUMMARY;
        if (parts) {
            for (String suffix : new String[] {"_bucket", "_count", "_sum"}) {
                if (name.endsWith(suffix)) {
                    return name.substring(0, name.length() - suffix.length());
                }
            }
        }
        return name;
    }
}
