package dev.muster.blocks.schema;

import dev.muster.model.labels.Labels;
import dev.muster.model.labels.Utf8Order;
import org.jspecify.annotations.Nullable;

/// The place of a series in a block: by metric, service, host, labels, each by its UTF-8 bytes.
///
/// @param service empty where it has none
/// @param host the label, else the agent's host
public record SeriesPlace(String metric, String service, String host, Labels labels)
        implements Comparable<SeriesPlace> {
    /// @param agent host of the agent whose samples they are
    public static SeriesPlace of(Labels labels, String agent) {
        String service = service(labels);
        String host = labels.get("host");
        return new SeriesPlace(
                labels.metric(),
                service == null ? "" : service,
                host == null ? agent : host,
                labels);
    }

    /// The label `service`, else the label `job`; null where there is neither.
    public static @Nullable String service(Labels labels) {
        String service = labels.get("service");
        return service == null ? labels.get("job") : service;
    }

    @Override
    public int compareTo(SeriesPlace other) {
        int order = Utf8Order.compare(metric, other.metric);
        if (order == 0) {
            order = Utf8Order.compare(service, other.service);
        }
        if (order == 0) {
            order = Utf8Order.compare(host, other.host);
        }
        return order == 0 ? labels.compareTo(other.labels) : order;
    }
}
