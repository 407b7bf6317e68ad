package dev.muster.blocks.read;

import dev.muster.model.sample.SampleColumns;

/// Joins samples of one series from several blocks, or from several files of one.
final class MergedSamples {
    private MergedSamples() {}

    /// Appends `part` to the samples of `into` from `start` on, both ascending in time. Where they
    /// overlap they are merged; of two samples of the same time that of `into` stays.
    ///
    /// @param together both were one series before, so that what a histogram says of the one before
    ///   it still holds
    static void append(SampleColumns part, SampleColumns into, int start, boolean together) {
        int size = into.size();
        if (part.size() == 0) {
            return;
        }
        if (size == start || into.timestampsMs()[size - 1] < part.timestampsMs()[0]) {
            into.appendFrom(part, 0, part.size());
            if (size > start && !together) {
                into.disconnect(size);
            }
        } else {
            merge(part, into, start, together);
        }
    }

    private static void merge(SampleColumns part, SampleColumns into, int start, boolean together) {
        SampleColumns merged = new SampleColumns(into.size() - start + part.size());
        int left = start;
        int right = 0;
        boolean leftBefore = true;
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
                merged.appendFrom(into, left);
                left++;
            } else {
                merged.appendFrom(part, right);
                right++;
            }
            if (!together && merged.size() > 1 && takeLeft != leftBefore) {
                merged.disconnect(merged.size() - 1);
            }
            leftBefore = takeLeft;
        }
        into.resize(start);
        into.appendFrom(merged, 0, merged.size());
    }
}
