package dev.muster.head.block;

import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.SortedSet;
import java.util.TreeSet;

/// The samples of one window of another source: what a block is written from. Thread-safe where
/// that one is.
public final class WindowSource implements SeriesSource {
    private final SeriesSource source;
    private final TimeRange window;

    public WindowSource(SeriesSource source, TimeRange window) {
        this.source = source;
        this.window = window;
    }

    @Override
    public SeriesSet select(SelectRequest request) throws IOException {
        return request.range().overlaps(window)
                ? source.select(clamped(request))
                : SeriesSet.empty();
    }

    @Override
    public SortedSet<String> labelNames(SelectRequest request) throws IOException {
        return request.range().overlaps(window)
                ? source.labelNames(clamped(request))
                : new TreeSet<>();
    }

    @Override
    public SortedSet<String> labelValues(String name, SelectRequest request) throws IOException {
        return request.range().overlaps(window)
                ? source.labelValues(name, clamped(request))
                : new TreeSet<>();
    }

    private SelectRequest clamped(SelectRequest request) {
        TimeRange range = request.range();
        return request.withRange(
                new TimeRange(
                        Math.max(range.startMs(), window.startMs()),
                        Math.min(range.endMs(), window.endMs())));
    }
}
