package dev.muster.blocks.read;

import dev.muster.model.sample.SampleColumns;

/// Joins samples of one series from several blocks.
final class MergedSamples {
    private MergedSamples() {}

    /// Appends `part` to the samples of `into` from `start` on, both ascending in time. Where they
    /// overlap they are merged; of two samples of the same time that of `into` stays.
    static void append(SampleColumns part, SampleColumns into, int start) {
        int size = into.size();
        int more = part.size();
        if (more == 0) {
            return;
        }
        into.reserve(more);
        if (size == start || into.timestampsMs()[size - 1] < part.timestampsMs()[0]) {
            System.arraycopy(part.timestampsMs(), 0, into.timestampsMs(), size, more);
            System.arraycopy(part.values(), 0, into.values(), size, more);
            into.resize(size + more);
        } else {
            merge(part, into, start);
        }
    }

    private static void merge(SampleColumns part, SampleColumns into, int start) {
        SampleColumns merged = new SampleColumns(into.size() - start + part.size());
        int left = start;
        int right = 0;
        while (left < into.size() || right < part.size()) {
            boolean takeLeft =
                    right == part.size()
                            || (left < into.size()
                                    && into.timestampsMs()[left] <= part.timestampsMs()[right]);
            if (takeLeft) {
                if (right < part.size()
                        && into.timestampsMs()[left] == part.timestampsMs()[right]) {
                    right++;
                }
                merged.append(into.timestampsMs()[left], into.values()[left]);
                left++;
            } else {
                merged.append(part.timestampsMs()[right], part.values()[right]);
                right++;
            }
        }
        System.arraycopy(merged.timestampsMs(), 0, into.timestampsMs(), start, merged.size());
        System.arraycopy(merged.values(), 0, into.values(), start, merged.size());
        into.resize(start + merged.size());
    }
}
