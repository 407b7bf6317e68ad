package dev.muster.blocks.read;

import dev.muster.model.sample.SampleColumns;

/// Joins samples of one series from several blocks, or from several files of one.
public final class MergedSamples {
    private MergedSamples() {}

    /// Joins the samples of `into` from `start` to `middle` with those from `middle` on, both
    /// ascending in time. Where they overlap they are merged; of two samples of the same time the
    /// greater stays ([SampleOrder]), whichever comes first: so it does not matter which blocks
    /// were merged before.
    ///
    /// @param together both were one series before, so that what a histogram says of the one before
    ///   it still holds
    /// @param spare for use in here
    public static void join(
            SampleColumns into, int start, int middle, boolean together, SampleColumns spare) {
        int size = into.size();
        if (middle == start || middle == size) {
            return;
        }
        if (into.timestampsMs()[middle - 1] < into.timestampsMs()[middle]) {
            if (!together) {
                into.disconnect(middle);
            }
            return;
        }
        spare.clear();
        spare.appendFrom(into, middle, size);
        into.resize(middle);
        merge(spare, into, start, together);
    }

    private static void merge(SampleColumns part, SampleColumns into, int start, boolean together) {
        SampleColumns merged = new SampleColumns(into.size() - start + part.size());
        int left = start;
        int right = 0;
        boolean leftBefore = true;
        while (left < into.size() || right < part.size()) {
            boolean same =
                    left < into.size()
                            && right < part.size()
                            && into.timestampsMs()[left] == part.timestampsMs()[right];
            boolean takeLeft =
                    same
                            ? SampleOrder.compare(into, left, part, right) >= 0
                            : right == part.size()
                                    || (left < into.size()
                                            && into.timestampsMs()[left]
                                                    < part.timestampsMs()[right]);
            merged.appendFrom(takeLeft ? into : part, takeLeft ? left : right);
            left += takeLeft || same ? 1 : 0;
            right += takeLeft && !same ? 0 : 1;
            if (!together && merged.size() > 1 && takeLeft != leftBefore) {
                merged.disconnect(merged.size() - 1);
            }
            leftBefore = takeLeft;
        }
        into.resize(start);
        into.appendFrom(merged, 0, merged.size());
    }
}
