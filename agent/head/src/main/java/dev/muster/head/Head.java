package dev.muster.head;

import dev.muster.model.series.SampleAppender;
import dev.muster.model.series.SampleSink;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/// The recent samples of one host: what was appended and not yet released, in memory and on local
/// disk. Thread-safe.
public final class Head implements SampleSink, SeriesSource, AutoCloseable {
    private Head() {}

    /// Opens the directory, which is created where it does not exist: reads back what the log
    /// holds, cuts a torn tail.
    ///
    /// @throws IOException if another process uses the directory, or it cannot be read or written
    public static Head open(HeadConfig config, InstantSource clock) throws IOException {
        throw new UnsupportedOperationException("being built: " + config + clock);
    }

    @Override
    public SampleAppender appender(String origin) throws IOException {
        throw new UnsupportedOperationException("being built: " + origin);
    }

    @Override
    public SeriesSet select(SelectRequest request) throws IOException {
        throw new UnsupportedOperationException("being built: " + request);
    }

    /// Windows that ended, take no more samples, hold some and are not released, oldest first.
    public List<TimeRange> closedWindows() {
        throw new UnsupportedOperationException("being built");
    }

    /// Exactly the samples of a window, late ones merged: what a block is written from.
    public SeriesSource window(TimeRange window) {
        throw new UnsupportedOperationException("being built: " + window);
    }

    /// Forgets the samples of a window, whose block is safe elsewhere: memory, chunks and log of it
    /// go. Does nothing where it was released before; holds after a restart.
    ///
    /// @throws IOException if that could not be logged; the window is then still there
    public void release(TimeRange window) throws IOException {
        throw new UnsupportedOperationException("being built: " + window);
    }

    public HeadStats stats() {
        throw new UnsupportedOperationException("being built");
    }

    /// Writes a checkpoint and releases the directory. What was committed is kept even where this
    /// fails.
    @Override
    public void close() {
        throw new UnsupportedOperationException("being built");
    }
}
