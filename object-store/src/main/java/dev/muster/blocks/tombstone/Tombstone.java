package dev.muster.blocks.tombstone;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.time.TimeRange;
import java.time.Duration;
import java.util.List;

/// Samples that were deleted: those of the range, of all series that match.
///
/// @param id of this one, 16 hex digits
/// @param createdMs when they were deleted, Unix time
/// @param range of the samples
/// @param matchers all of them hold for their series; not empty
public record Tombstone(String id, long createdMs, TimeRange range, List<LabelMatcher> matchers) {
    /// So long a deletion may be taken back; then what it hides may be removed for good.
    public static final Duration GRACE = Duration.ofHours(24);

    public Tombstone {
        if (!id.matches("[0-9a-f]{16}")) {
            throw new IllegalArgumentException("tombstone: id must be 16 hex digits: found=" + id);
        }
        if (createdMs < 0 || matchers.isEmpty()) {
            throw new IllegalArgumentException(
                    "tombstone: must have a time and matchers: createdMs="
                            + createdMs
                            + ", matchers="
                            + matchers.size());
        }
        matchers = List.copyOf(matchers);
    }

    /// Are samples of that series hidden?
    public boolean hides(Labels labels) {
        return LabelMatcher.all(matchers, labels);
    }

    /// May it be taken back no more?
    public boolean isFinal(long nowMs) {
        return nowMs - createdMs >= GRACE.toMillis();
    }
}
