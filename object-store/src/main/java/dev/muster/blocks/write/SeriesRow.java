package dev.muster.blocks.write;

import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.SeriesPlace;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import org.jspecify.annotations.Nullable;

/// What a series is, without its samples.
///
/// @param id number of the series in this block
/// @param labels all labels
/// @param metadata type, unit and help
/// @param cell the label, else the cell of the block
/// @param host the label, else the agent's host
/// @param agent the agent's host
record SeriesRow(
        long id, Labels labels, MetricMetadata metadata, String cell, String host, String agent) {
    /// @param agent host of the agent whose samples they are
    static SeriesRow of(
            BlockId block, String agent, long id, Labels labels, MetricMetadata metadata) {
        String cell = labels.get("cell");
        String host = labels.get("host");
        return new SeriesRow(
                id,
                labels,
                metadata,
                cell == null ? block.cell() : cell,
                host == null ? agent : host,
                agent);
    }

    String metric() {
        return labels.metric();
    }

    @Nullable String service() {
        return SeriesPlace.service(labels);
    }
}
