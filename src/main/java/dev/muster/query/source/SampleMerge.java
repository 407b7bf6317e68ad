package dev.muster.query.source;

import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;

/// Merges the columns of one series from several parts into one: ascending in time, no time twice.
/// Where two parts have the same time, a value goes before a staleness marker and else the earlier
/// part goes before the later. Bits of values are kept. Confined to one thread.
final class SampleMerge {
    private SampleMerge() {}

    /// Appends the merged samples of the first `count` parts to `into`.
    static void merge(SampleColumns[] parts, int count, SampleColumns into) {
        if (follows(parts, count)) {
            for (int part = 0; part < count; part++) {
                appendAll(parts[part], into);
            }
            return;
        }
        int total = 0;
        for (int part = 0; part < count; part++) {
            total = Math.addExact(total, parts[part].size());
        }
        into.reserve(total);
        int[] position = new int[count];
        int next;
        while ((next = earliest(parts, position)) >= 0) {
            take(parts, position, next, into);
        }
    }

    /// Does each part begin after the one before has ended?
    private static boolean follows(SampleColumns[] parts, int count) {
        long lastMs = Long.MIN_VALUE;
        boolean any = false;
        for (int part = 0; part < count; part++) {
            SampleColumns columns = parts[part];
            if (columns.size() > 0) {
                if (any && columns.timestampsMs()[0] <= lastMs) {
                    return false;
                }
                lastMs = columns.timestampsMs()[columns.size() - 1];
                any = true;
            }
        }
        return true;
    }

    private static int earliest(SampleColumns[] parts, int[] position) {
        int best = -1;
        long bestMs = 0;
        for (int part = 0; part < position.length; part++) {
            if (position[part] < parts[part].size()) {
                long timeMs = parts[part].timestampsMs()[position[part]];
                if (best < 0 || timeMs < bestMs) {
                    best = part;
                    bestMs = timeMs;
                }
            }
        }
        return best;
    }

    /// Appends the sample at the time of part `first` and moves all parts past that time.
    private static void take(SampleColumns[] parts, int[] position, int first, SampleColumns into) {
        long timeMs = parts[first].timestampsMs()[position[first]];
        double value = parts[first].values()[position[first]];
        for (int part = first; part < position.length; part++) {
            int at = position[part];
            if (at < parts[part].size() && parts[part].timestampsMs()[at] == timeMs) {
                double other = parts[part].values()[at];
                if (Staleness.isStale(value) && !Staleness.isStale(other)) {
                    value = other;
                }
                position[part]++;
            }
        }
        into.append(timeMs, value);
    }

    private static void appendAll(SampleColumns from, SampleColumns into) {
        int size = into.size();
        into.reserve(from.size());
        System.arraycopy(from.timestampsMs(), 0, into.timestampsMs(), size, from.size());
        System.arraycopy(from.values(), 0, into.values(), size, from.size());
        into.resize(size + from.size());
    }
}
