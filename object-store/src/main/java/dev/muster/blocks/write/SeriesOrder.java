package dev.muster.blocks.write;

import dev.muster.blocks.schema.BlockId;
import dev.muster.blocks.schema.SeriesPlace;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.SeriesSet;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/// The order of series in a block: by metric, service, host, labels. And their numbers.
final class SeriesOrder {
    private final Integer[] indexes;
    private final long[] ids;

    private SeriesOrder(Integer[] indexes, long[] ids) {
        this.indexes = indexes;
        this.ids = ids;
    }

    static SeriesOrder of(BlockId block, SeriesSet set) {
        Integer[] indexes = new Integer[set.size()];
        Arrays.setAll(indexes, i -> i);
        SeriesPlace[] places = new SeriesPlace[indexes.length];
        Arrays.setAll(places, i -> SeriesPlace.of(set.labels(i), block.host()));
        Arrays.sort(indexes, (a, b) -> places[a].compareTo(places[b]));
        return new SeriesOrder(indexes, ids(set, indexes));
    }

    /// The hash of the labels; where two series of a block share it, the later one adds salt.
    private static long[] ids(SeriesSet set, Integer[] indexes) {
        long[] ids = new long[indexes.length];
        Arrays.setAll(ids, i -> set.labels(indexes[i]).seriesId());
        long[] sorted = ids.clone();
        Arrays.sort(sorted);
        boolean unique = true;
        for (int i = 1; i < sorted.length; i++) {
            unique &= sorted[i - 1] != sorted[i];
        }
        return unique ? ids : salted(set, indexes, ids);
    }

    private static long[] salted(SeriesSet set, Integer[] indexes, long[] ids) {
        Set<Long> taken = new HashSet<>();
        for (int i = 0; i < ids.length; i++) {
            for (int salt = 1; !taken.add(ids[i]); salt++) {
                Labels.Builder builder = set.labels(indexes[i]).toBuilder();
                ids[i] = builder.set("__salt__", Integer.toString(salt)).build().seriesId();
            }
        }
        return ids;
    }

    int size() {
        return ids.length;
    }

    /// Which series of the set comes at `position`.
    int index(int position) {
        return indexes[position];
    }

    /// The number of the series at `position`.
    long id(int position) {
        return ids[position];
    }
}
