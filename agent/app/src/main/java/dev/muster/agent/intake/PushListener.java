package dev.muster.agent.intake;

import dev.muster.agent.exposition.ExpositionWriter;

/// Takes samples in by a way of its own, beside the HTTP port, until it is closed.
public interface PushListener extends AutoCloseable {
    void writeMetrics(ExpositionWriter out);

    /// The channel to the stage that stores.
    ChannelState channel();

    @Override
    void close();
}
