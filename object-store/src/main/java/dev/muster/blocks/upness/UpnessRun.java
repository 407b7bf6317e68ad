package dev.muster.blocks.upness;

import java.util.List;

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
public record UpnessRun(
        String cell,
        String observer,
        long incarnation,
        long fromMs,
        long untilMs,
        boolean cut,
        List<UpnessEntry> entries) {
    public UpnessRun {
        entries = List.copyOf(entries);
        if (fromMs < 0 || untilMs < fromMs || incarnation < 0) {
            throw new IllegalArgumentException(
                    "upness run observer=%s: must end after it began: fromMs=%d, untilMs=%d, incarnation=%d"
                            .formatted(observer, fromMs, untilMs, incarnation));
        }
    }
}
