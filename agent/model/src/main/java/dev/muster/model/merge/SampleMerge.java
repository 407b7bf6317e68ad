package dev.muster.model.merge;

import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;

/// Merges the columns of one series from several parts into one: ascending in time, no time twice.
/// Where two parts have the same time, the part of the lower standing goes before the other, among
/// those of one standing a value before a staleness marker, and else the earlier part before the
/// later. Bits of values are kept, and histograms and start times with them; where the samples of
/// one part do not follow one another, histograms say nothing of resets. Confined to one thread.
final class SampleMerge {
    private SampleMerge() {}

    /// Appends the merged samples of the first `count` parts to `into`.
    ///
    /// @param standing of each part, ascending
    static void merge(SampleColumns[] parts, int[] standing, int count, SampleColumns into) {
        if (follows(parts, count)) {
            int start = into.size();
            for (int part = 0; part < count; part++) {
                int at = into.size();
                into.appendFrom(parts[part], 0, parts[part].size());
                if (at > start && at < into.size()) {
                    into.disconnect(at);
                }
            }
            return;
        }
        int total = 0;
        for (int part = 0; part < count; part++) {
            total = Math.addExact(total, parts[part].size());
        }
        into.reserve(total);
        int[] position = new int[count];
        int before = -1;
        int next;
        while ((next = earliest(parts, position)) >= 0) {
            int taken = take(parts, standing, position, next, into);
            if (before >= 0 && taken != before) {
                into.disconnect(into.size() - 1);
            }
            before = taken;
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
    ///
    /// @return the part that the sample was taken from
    private static int take(
            SampleColumns[] parts, int[] standing, int[] position, int first, SampleColumns into) {
        long timeMs = parts[first].timestampsMs()[position[first]];
        int taken = first;
        int takenAt = position[first];
        for (int part = first; part < position.length; part++) {
            int at = position[part];
            if (at < parts[part].size() && parts[part].timestampsMs()[at] == timeMs) {
                if (standing[part] == standing[taken]
                        && isStale(parts[taken], takenAt)
                        && !isStale(parts[part], at)) {
                    taken = part;
                    takenAt = at;
                }
                position[part]++;
            }
        }
        into.appendFrom(parts[taken], takenAt);
        return taken;
    }

    private static boolean isStale(SampleColumns columns, int index) {
        return Staleness.isStale(columns.values()[index]);
    }
}
