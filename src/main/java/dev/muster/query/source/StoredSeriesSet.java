package dev.muster.query.source;

import dev.muster.model.frame.FrameStore;
import dev.muster.model.merge.ForwardingSeriesSet;
import dev.muster.model.series.SeriesSet;

/// A set together with the store that its frames are in, which is closed with it.
final class StoredSeriesSet extends ForwardingSeriesSet {
    private final FrameStore store;

    /// @param set whose labels and samples these are
    /// @param store owned by this set
    StoredSeriesSet(SeriesSet set, FrameStore store) {
        super(set);
        this.store = store;
    }

    @Override
    public void close() {
        super.close();
        store.close();
    }
}
