package dev.muster.model.series;

import java.io.IOException;

/// Where samples are written. Thread-safe; each writer of samples opens an appender of its own.
public interface SampleSink {
    /// An appender for one origin of samples.
    ///
    /// @param origin name of what the samples come from, such as a target or a push group, stable
    ///   over restarts: series of one origin share a clock
    /// @throws IOException if the store is closed or damaged
    SampleAppender appender(String origin) throws IOException;
}
