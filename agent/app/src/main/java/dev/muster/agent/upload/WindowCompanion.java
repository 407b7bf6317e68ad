package dev.muster.agent.upload;

import dev.muster.model.time.TimeRange;
import java.io.IOException;

/// What is shipped along with the block of a window.
@FunctionalInterface
public interface WindowCompanion {
    /// Nothing.
    WindowCompanion NONE = _ -> {};

    /// Ships it; may be called again for the same window.
    ///
    /// @throws IOException if it could not; the window then counts as not shipped
    void ship(TimeRange window) throws IOException;
}
