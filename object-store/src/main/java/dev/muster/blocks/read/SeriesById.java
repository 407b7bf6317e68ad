package dev.muster.blocks.read;

import org.jspecify.annotations.Nullable;

/// Series by their numbers, which are hashes: a table with open addressing, as a query may find
/// hundreds of thousands. Confined to one thread at a time.
final class SeriesById {
    private long[] ids = new long[64];
    private @Nullable FoundSeries[] series = new @Nullable FoundSeries[64];
    private int size;

    @Nullable FoundSeries find(long id) {
        return series[place(id)];
    }

    /// Puts a series in under a number that is not there.
    void put(long id, FoundSeries one) {
        if (3 * size >= 2 * ids.length) {
            grow();
        }
        int place = place(id);
        ids[place] = id;
        series[place] = one;
        size++;
    }

    /// Where the number is or may be put.
    private int place(long id) {
        int mask = ids.length - 1;
        int place = (int) (id ^ (id >>> Integer.SIZE)) & mask;
        while (series[place] != null && ids[place] != id) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private void grow() {
        long[] oldIds = ids;
        @Nullable FoundSeries[] old = series;
        ids = new long[2 * oldIds.length];
        series = new @Nullable FoundSeries[ids.length];
        for (int i = 0; i < old.length; i++) {
            FoundSeries one = old[i];
            if (one != null) {
                int place = place(oldIds[i]);
                ids[place] = oldIds[i];
                series[place] = one;
            }
        }
    }
}
