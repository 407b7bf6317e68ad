package dev.muster.blocks.compact;

import dev.muster.blocks.tombstone.Tombstone;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.time.TimeRange;
import java.util.List;

/// Leaves out samples that were deleted for good. Confined to one thread.
final class Deletions {
    private final List<Tombstone> tombstones;

    Deletions(List<Tombstone> tombstones) {
        this.tombstones = List.copyOf(tombstones);
    }

    /// Removes the samples of a series that are hidden. Histograms after a gap say nothing of
    /// resets.
    void apply(Labels labels, SampleColumns samples) {
        if (tombstones.isEmpty() || samples.size() == 0) {
            return;
        }
        List<TimeRange> hidden =
                tombstones.stream().filter(one -> one.hides(labels)).map(Tombstone::range).toList();
        if (hidden.isEmpty()) {
            return;
        }
        int kept = 0;
        boolean gap = false;
        for (int i = 0; i < samples.size(); i++) {
            long timeMs = samples.timestampsMs()[i];
            if (hidden.stream().anyMatch(range -> range.contains(timeMs))) {
                gap = true;
                continue;
            }
            if (kept != i) {
                samples.copy(i, kept);
            }
            if (gap) {
                samples.disconnect(kept);
                gap = false;
            }
            kept++;
        }
        samples.resize(kept);
    }
}
