package dev.muster.query.cluster;

import dev.muster.model.series.ReadBudget;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/// A whole answer of another node, charged as memory of the query until it is closed.
///
/// @param stream its bytes
/// @param sizeBytes how many
/// @param budget of the query
record HeldAnswer(InputStream stream, long sizeBytes, ReadBudget budget) implements AutoCloseable {
    /// @param bytes already charged
    static HeldAnswer of(byte[] bytes, ReadBudget budget) {
        return new HeldAnswer(new ByteArrayInputStream(bytes), bytes.length, budget);
    }

    @Override
    public void close() {
        budget.releaseMemory(sizeBytes);
    }
}
