package dev.muster.blocks.upness;

import dev.muster.model.time.TimeRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// A span in which one observer logged without a break, and what it knew in it.
///
/// Of a target without an entry that began before, it knew nothing. The entries hold what held when
/// the span began, and every change decided in it.
///
/// @param cell the observer's cell
/// @param observer host of the agent that logged
/// @param incarnation its run
/// @param fromMs when it began to log
/// @param untilMs up to when it did; after it, this run says nothing
/// @param cut whether it ended without a word, as by a crash: what it then had not yet noticed, it
///   never wrote down
/// @param entries in any order
/// @param open whether it goes on: `untilMs` is when that was said
public record UpnessRun(
        String cell,
        String observer,
        long incarnation,
        long fromMs,
        long untilMs,
        boolean cut,
        List<UpnessEntry> entries,
        boolean open) {
    public UpnessRun {
        entries = List.copyOf(entries);
        if (fromMs < 0 || untilMs < fromMs || incarnation < 0) {
            throw new IllegalArgumentException(
                    "upness run observer=%s: must end after it began: fromMs=%d, untilMs=%d, incarnation=%d"
                            .formatted(observer, fromMs, untilMs, incarnation));
        }
    }

    /// A run that has ended.
    public UpnessRun(
            String cell,
            String observer,
            long incarnation,
            long fromMs,
            long untilMs,
            boolean cut,
            List<UpnessEntry> entries) {
        this(cell, observer, incarnation, fromMs, untilMs, cut, entries, false);
    }

    /// The same, going on.
    public UpnessRun goingOn() {
        return new UpnessRun(cell, observer, incarnation, fromMs, untilMs, cut, entries, true);
    }

    /// What is needed of it to tell what held in a range: all that began in it, and of each target
    /// what held when it began.
    ///
    /// @param wanted targets that are asked for
    /// @return empty if the run says nothing of the range
    public Optional<UpnessRun> within(TimeRange range, Predicate<UpnessTarget> wanted) {
        Map<UpnessTarget, Long> heldSince = new HashMap<>();
        for (UpnessEntry entry : entries) {
            if (entry.atMs() <= range.startMs() && entry.untilMs() == 0) {
                heldSince.merge(entry.target(), entry.atMs(), Math::max);
            }
        }
        List<UpnessEntry> kept = new ArrayList<>();
        for (UpnessEntry entry : entries) {
            boolean in =
                    entry.untilMs() == 0
                            ? entry.atMs() >= heldSince.getOrDefault(entry.target(), 0L)
                            : entry.untilMs() > range.startMs();
            if (in && entry.atMs() < range.endMs() && wanted.test(entry.target())) {
                kept.add(entry);
            }
        }
        boolean overlaps = fromMs < range.endMs() && untilMs > range.startMs();
        boolean concluded = kept.stream().anyMatch(entry -> entry.untilMs() != 0);
        if (!overlaps && !concluded) {
            return Optional.empty();
        }
        long start = overlaps ? Math.max(fromMs, range.startMs()) : untilMs;
        boolean ends = untilMs <= range.endMs();
        long end = overlaps && !ends ? range.endMs() : untilMs;
        return Optional.of(
                new UpnessRun(cell, observer, incarnation, start, end, cut && ends, kept, open));
    }
}
