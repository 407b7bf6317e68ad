package dev.muster.query.source;

import dev.muster.model.time.TimeRange;
import java.util.List;
import java.util.Optional;

/// What is left of a range when covered parts are taken away.
final class Gap {
    private Gap() {}

    /// The smallest range that holds every uncovered moment; empty when all is covered.
    static Optional<TimeRange> of(TimeRange range, List<TimeRange> covered) {
        List<TimeRange> sorted = covered.stream().sorted().toList();
        long startMs = range.startMs();
        for (TimeRange part : sorted) {
            if (part.startMs() <= startMs) {
                startMs = Math.max(startMs, part.endMs());
            }
        }
        long endMs = range.endMs();
        boolean moved = true;
        while (moved) {
            moved = false;
            for (TimeRange part : sorted) {
                if (part.startMs() < endMs && part.endMs() >= endMs) {
                    endMs = part.startMs();
                    moved = true;
                }
            }
        }
        return startMs < endMs ? Optional.of(new TimeRange(startMs, endMs)) : Optional.empty();
    }
}
