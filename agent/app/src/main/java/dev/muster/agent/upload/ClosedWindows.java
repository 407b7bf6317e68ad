package dev.muster.agent.upload;

import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.List;

/// What shipping needs of the head.
public interface ClosedWindows {
    /// Windows that take no more samples and are not released, oldest first.
    List<TimeRange> closed();

    /// The samples of a window.
    SeriesSource samples(TimeRange window);

    /// Forgets a window, whose block is safe.
    void release(TimeRange window) throws IOException;
}
