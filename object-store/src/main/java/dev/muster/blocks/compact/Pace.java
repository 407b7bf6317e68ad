package dev.muster.blocks.compact;

import java.io.IOException;

/// Lets a merge wait for what is more urgent. Asked after each row group of samples.
@FunctionalInterface
public interface Pace {
    /// As fast as it goes.
    Pace FULL = () -> {};

    /// Returns when the merge may go on.
    ///
    /// @throws IOException if it must stop
    void await() throws IOException;
}
