package dev.muster.blocks.upness;

import dev.muster.model.time.TimeRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The one history that follows from what several observers logged: each target has exactly one
/// value at each moment. Pure.
public final class UpnessHistory {
    /*
     * At each moment, every observer that logged then says what its newest entry up to then says. Of a target and
     * begin that was corrected, only the highest version counts, whoever has it. Among the observers, what stands on
     * the better provenance holds: own, peer, host, inferred, and last that nothing is known; then the entry that
     * began later, then the one decided later, then the worse state. All of that is a maximum over a total order, so
     * neither the order in which logs are read nor reading one twice changes anything.
     *
     * An entry with an end says something of its span whoever logged then: it was concluded later.
     *
     * An observer that was cut off in the midst of its log had not noticed what happened in its last moments. Of
     * other hosts it is believed up to NOTICED_MS before.
     */
    private static final long NOTICED_MS = 4000;

    private static final Comparator<UpnessEntry> BETTER =
            Comparator.comparingInt(UpnessEntry::rank)
                    .thenComparingLong(UpnessEntry::atMs)
                    .thenComparingLong(UpnessEntry::decidedMs)
                    .thenComparingInt(UpnessHistory::severity)
                    .thenComparing(UpnessEntry::cause, Comparator.reverseOrder())
                    .thenComparing(UpnessEntry::zone)
                    .thenComparing(UpnessEntry::rack);

    private UpnessHistory() {}

    /// The spans of each target in a range, ascending and without a gap from the first moment at
    /// which anything is known of it; what it was after it left, and where it never was, has none.
    ///
    /// @param runs of any observers, in any order, any of them several times
    public static SortedMap<UpnessTarget, List<UpnessSpan>> of(
            Collection<UpnessRun> runs, TimeRange range) {
        List<UpnessRun> joined = joined(runs);
        Map<UpnessTarget, Voices> voices = new HashMap<>();
        for (UpnessRun run : joined) {
            Map<UpnessTarget, List<UpnessEntry>> byTarget = new LinkedHashMap<>();
            for (UpnessEntry entry : run.entries()) {
                byTarget.computeIfAbsent(entry.target(), _ -> new ArrayList<>()).add(entry);
            }
            byTarget.forEach((target, entries) ->
                    voices.computeIfAbsent(target, _ -> new Voices()).add(run, target, entries));
        }
        SortedMap<UpnessTarget, List<UpnessSpan>> spans = new TreeMap<>();
        voices.forEach((target, of) -> {
            List<UpnessSpan> found = of.spans(range);
            if (!found.isEmpty()) {
                spans.put(target, found);
            }
        });
        return spans;
    }

    /// Joins the parts of one run that came in pieces: windows of blocks, segments of logs, answers
    /// that overlap.
    private static List<UpnessRun> joined(Collection<UpnessRun> runs) {
        List<UpnessRun> sorted = new ArrayList<>(runs);
        sorted.sort(
                Comparator.comparing(UpnessRun::cell)
                        .thenComparing(UpnessRun::observer)
                        .thenComparingLong(UpnessRun::incarnation)
                        .thenComparingLong(UpnessRun::fromMs)
                        .thenComparingLong(UpnessRun::untilMs));
        List<UpnessRun> joined = new ArrayList<>();
        List<UpnessRun> pieces = new ArrayList<>();
        long untilMs = 0;
        for (UpnessRun run : sorted) {
            if (!pieces.isEmpty() && !(goesOn(pieces.getFirst(), run) && run.fromMs() <= untilMs)) {
                joined.add(join(pieces, untilMs));
                pieces.clear();
            }
            untilMs = pieces.isEmpty() ? run.untilMs() : Math.max(untilMs, run.untilMs());
            pieces.add(run);
        }
        if (!pieces.isEmpty()) {
            joined.add(join(pieces, untilMs));
        }
        return joined;
    }

    private static boolean goesOn(UpnessRun before, UpnessRun run) {
        return before.cell().equals(run.cell())
                && before.observer().equals(run.observer())
                && before.incarnation() == run.incarnation();
    }

    private static UpnessRun join(List<UpnessRun> pieces, long untilMs) {
        if (pieces.size() == 1) {
            return pieces.getFirst();
        }
        UpnessRun first = pieces.getFirst();
        boolean cut = pieces.stream().noneMatch(p -> p.untilMs() == untilMs && !p.cut());
        var entries = new HashSet<UpnessEntry>();
        pieces.forEach(piece -> entries.addAll(piece.entries()));
        return new UpnessRun(
                first.cell(),
                first.observer(),
                first.incarnation(),
                first.fromMs(),
                untilMs,
                cut,
                List.copyOf(entries));
    }

    private static int severity(UpnessEntry entry) {
        return switch (entry.to()) {
            case DOWN -> 4;
            case MAINT -> 3;
            case UP -> 2;
            case LEFT -> 1;
            case UNKNOWN -> 0;
        };
    }

    /// What one observer says of one target in one run.
    private static final class Voice {
        private final long fromMs;
        private final long untilMs;
        private final List<UpnessEntry> entries;
        private int next;
        private @Nullable UpnessEntry said;

        Voice(long fromMs, long untilMs, List<UpnessEntry> entries) {
            this.fromMs = fromMs;
            this.untilMs = untilMs;
            this.entries = entries;
        }

        /// What it says at a moment; moments ascend.
        @Nullable UpnessEntry at(long ms) {
            while (next < entries.size() && entries.get(next).atMs() <= ms) {
                said = entries.get(next++);
            }
            return ms >= fromMs && ms < untilMs ? said : null;
        }
    }

    /// All that is said of one target.
    private static final class Voices {
        private final List<Voice> voices = new ArrayList<>();
        private final List<UpnessEntry> concluded = new ArrayList<>();
        private final Map<Long, Long> versions = new HashMap<>();
        private final List<List<UpnessEntry>> unsorted = new ArrayList<>();
        private final List<long[]> bounds = new ArrayList<>();

        void add(UpnessRun run, UpnessTarget target, List<UpnessEntry> entries) {
            boolean other = run.cut() && !run.observer().equals(target.host());
            long untilMs =
                    other ? Math.max(run.fromMs(), run.untilMs() - NOTICED_MS) : run.untilMs();
            entries.forEach(e -> versions.merge(e.atMs(), e.version(), Math::max));
            unsorted.add(entries);
            bounds.add(new long[] {run.fromMs(), untilMs});
        }

        private void sort() {
            for (int i = 0; i < unsorted.size(); i++) {
                List<UpnessEntry> kept = new ArrayList<>();
                for (UpnessEntry entry : unsorted.get(i)) {
                    long newest = Objects.requireNonNull(versions.get(entry.atMs()));
                    if (entry.untilMs() != 0) {
                        concluded.add(entry);
                    } else if (entry.version() == newest) {
                        kept.add(entry);
                    }
                }
                kept.sort(UpnessEntry.ORDER);
                voices.add(new Voice(bounds.get(i)[0], bounds.get(i)[1], kept));
            }
        }

        List<UpnessSpan> spans(TimeRange range) {
            sort();
            TreeSet<Long> edges = edges(range);
            List<UpnessSpan> spans = new ArrayList<>();
            UpnessSpan open = null;
            UpnessEntry last = null;
            for (long at : edges) {
                UpnessEntry best = bestAt(at);
                if (best == null && last != null && last.to() == UpnessState.LEFT) {
                    best = last;
                }
                last = best == null ? last : best;
                Long next = edges.higher(at);
                long untilMs = next == null ? range.endMs() : next;
                if (last == null || untilMs <= range.startMs() || at >= range.endMs()) {
                    continue;
                }
                UpnessSpan span = span(Math.max(at, range.startMs()), untilMs, best);
                open = append(spans, open, span);
            }
            if (open != null) {
                spans.add(open);
            }
            spans.removeIf(span -> span.state() == UpnessState.LEFT);
            return spans;
        }

        private static UpnessSpan append(
                List<UpnessSpan> spans, @Nullable UpnessSpan open, UpnessSpan span) {
            if (open != null && open.saysAs(span)) {
                return open.until(span.untilMs());
            }
            if (open != null) {
                spans.add(open);
            }
            return span;
        }

        /// Where something may change, the start of what is known among them.
        private TreeSet<Long> edges(TimeRange range) {
            TreeSet<Long> edges = new TreeSet<>();
            edges.add(range.startMs());
            for (Voice voice : voices) {
                edges.add(voice.fromMs);
                edges.add(voice.untilMs);
                voice.entries.forEach(entry -> edges.add(entry.atMs()));
            }
            for (UpnessEntry entry : concluded) {
                edges.add(entry.atMs());
                edges.add(entry.untilMs());
            }
            edges.removeIf(edge -> edge >= range.endMs());
            return edges;
        }

        private @Nullable UpnessEntry bestAt(long ms) {
            UpnessEntry best = null;
            for (Voice voice : voices) {
                UpnessEntry said = voice.at(ms);
                if (said != null && (best == null || BETTER.compare(said, best) > 0)) {
                    best = said;
                }
            }
            for (UpnessEntry entry : concluded) {
                if (entry.atMs() <= ms
                        && ms < entry.untilMs()
                        && (best == null || BETTER.compare(entry, best) > 0)) {
                    best = entry;
                }
            }
            return best;
        }

        private UpnessSpan span(long fromMs, long untilMs, @Nullable UpnessEntry best) {
            if (best == null) {
                return new UpnessSpan(
                        fromMs,
                        untilMs,
                        UpnessState.UNKNOWN,
                        UpnessSpan.NOT_LOGGED,
                        UpnessProvenance.NONE,
                        "",
                        "");
            }
            return new UpnessSpan(
                    fromMs,
                    untilMs,
                    best.to(),
                    best.cause(),
                    best.provenance(),
                    best.zone(),
                    best.rack());
        }
    }
}
