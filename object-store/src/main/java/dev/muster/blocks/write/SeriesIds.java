package dev.muster.blocks.write;

import dev.muster.model.labels.Labels;

/// Numbers of the series of one block: the hash of the labels, and where two series share it, one
/// with salt for the later. The same labels come with the same number, as those of several agents
/// do. Confined to one thread.
final class SeriesIds {
    /*
     * Open addressing: a number, and another hash of the labels that have it. That two series share both is as good as
     * impossible; readers compare labels, so that it would only make sums by number wrong.
     */
    private long[] ids = new long[1_024];
    private int[] checks = new int[1_024];
    private boolean[] taken = new boolean[1_024];
    private int size;

    long next(Labels labels) {
        long id = labels.seriesId();
        int check = labels.hashCode();
        for (int salt = 1; !take(id, check); salt++) {
            id = labels.toBuilder().set("__salt__", Integer.toString(salt)).build().seriesId();
        }
        return id;
    }

    /// @return false if other labels have the number
    private boolean take(long id, int check) {
        if (3 * size >= 2 * ids.length) {
            grow();
        }
        int place = place(id);
        if (taken[place]) {
            return checks[place] == check;
        }
        put(place, id, check);
        size++;
        return true;
    }

    private void put(int place, long id, int check) {
        taken[place] = true;
        ids[place] = id;
        checks[place] = check;
    }

    private int place(long id) {
        int mask = ids.length - 1;
        int place = (int) (id ^ (id >>> Integer.SIZE)) & mask;
        while (taken[place] && ids[place] != id) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private void grow() {
        long[] oldIds = ids;
        int[] oldChecks = checks;
        boolean[] oldTaken = taken;
        ids = new long[2 * oldIds.length];
        checks = new int[ids.length];
        taken = new boolean[ids.length];
        for (int i = 0; i < oldIds.length; i++) {
            if (oldTaken[i]) {
                put(place(oldIds[i]), oldIds[i], oldChecks[i]);
            }
        }
    }
}
