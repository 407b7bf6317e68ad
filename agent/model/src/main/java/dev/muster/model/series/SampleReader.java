package dev.muster.model.series;

import dev.muster.model.sample.SampleColumns;
import java.io.IOException;

/// Decodes the samples of one series after another. Confined to one thread; holds nothing that must
/// be closed.
@FunctionalInterface
public interface SampleReader {
    /// Appends to `into` all samples of series `index` in the range of the request: ascending in
    /// time, no time twice, staleness markers among them. Neither clears `into` nor keeps it.
    ///
    /// @throws IOException if the samples cannot be read; what was appended before is then
    ///   undefined
    void read(int index, SampleColumns into) throws IOException;
}
