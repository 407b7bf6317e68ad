package dev.muster.blocks.write;

import dev.muster.blocks.schema.BlockId;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import org.jspecify.annotations.Nullable;

/// What a series is, without its samples.
///
/// @param id number of the series in this block
/// @param labels all labels
/// @param metadata type, unit and help
/// @param cell the label, else the cell of the block
/// @param host the label, else the host of the block
record SeriesRow(long id, Labels labels, MetricMetadata metadata, String cell, String host) {
    static SeriesRow of(BlockId block, long id, Labels labels, MetricMetadata metadata) {
        String cell = labels.get("cell");
        String host = labels.get("host");
        return new SeriesRow(
                id,
                labels,
                metadata,
                cell == null ? block.cell() : cell,
                host == null ? block.host() : host);
    }

    String metric() {
        return labels.metric();
    }

    @Nullable String service() {
        return service(labels);
    }

    /// The label `service`, else the label `job`.
    static @Nullable String service(Labels labels) {
        String service = labels.get("service");
        return service == null ? labels.get("job") : service;
    }
}
