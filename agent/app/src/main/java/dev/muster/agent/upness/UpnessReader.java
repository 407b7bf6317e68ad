package dev.muster.agent.upness;

import dev.muster.blocks.upness.UpnessRun;
import dev.muster.blocks.upness.UpnessTarget;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.Collection;
import java.util.function.Predicate;

/// Where the log of upness is read. Thread-safe.
@FunctionalInterface
public interface UpnessReader {
    /// The runs that say something of the range.
    ///
    /// @param wanted targets that are asked for
    Collection<UpnessRun> read(TimeRange range, Predicate<UpnessTarget> wanted) throws IOException;
}
