package dev.muster.agent.upness;

import dev.muster.blocks.upness.UpnessEntry;
import dev.muster.blocks.upness.UpnessProvenance;
import dev.muster.blocks.upness.UpnessRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/// When peers looked after a service, as the log of upness tells it.
public final class TakenSpans {
    private TakenSpans() {}

    /// A time in which peers looked after a service.
    ///
    /// @param fromMs when it began, Unix time
    /// @param untilMs when the service's own agent, or nobody, went on; 0 if they still do
    /// @param peers hosts whose agents looked
    public record Span(long fromMs, long untilMs, List<String> peers) {
        public Span {
            peers = List.copyOf(peers);
        }
    }

    /// Of the entries of one service, the oldest first.
    public static List<Span> of(Collection<UpnessRun> runs) {
        TreeMap<Long, UpnessEntry> byTime = new TreeMap<>();
        for (UpnessRun run : runs) {
            for (UpnessEntry entry : run.entries()) {
                if (entry.untilMs() == 0) {
                    byTime.merge(entry.atMs(), entry, TakenSpans::later);
                }
            }
        }
        List<Span> spans = new ArrayList<>();
        TreeSet<String> peers = new TreeSet<>();
        OptionalLong fromMs = OptionalLong.empty();
        for (UpnessEntry entry : byTime.values()) {
            if (entry.provenance() == UpnessProvenance.PEER) {
                fromMs = fromMs.isPresent() ? fromMs : OptionalLong.of(entry.atMs());
                peers.addAll(entry.witnesses());
            } else if (fromMs.isPresent()) {
                spans.add(new Span(fromMs.getAsLong(), entry.atMs(), List.copyOf(peers)));
                fromMs = OptionalLong.empty();
                peers.clear();
            }
        }
        if (fromMs.isPresent()) {
            spans.add(new Span(fromMs.getAsLong(), 0, List.copyOf(peers)));
        }
        return spans;
    }

    private static UpnessEntry later(UpnessEntry one, UpnessEntry other) {
        return UpnessEntry.ORDER.compare(one, other) < 0 ? other : one;
    }
}
