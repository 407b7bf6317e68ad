package dev.muster.model.merge;

import dev.muster.model.series.SeriesSet;
import java.util.List;

/// Series whose samples another agent took in place of their own.
public final class TakenSeriesSet extends ForwardingSeriesSet {
    private final String by;

    /// @param set the series; closed with this
    /// @param by that agent's host
    public TakenSeriesSet(SeriesSet set, String by) {
        super(set);
        if (by.isEmpty()) {
            throw new IllegalArgumentException("who took the samples must be named");
        }
        this.by = by;
    }

    @Override
    public List<Layer> layers() {
        return List.of(new Layer(set, by));
    }
}
