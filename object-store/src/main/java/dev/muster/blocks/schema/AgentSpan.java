package dev.muster.blocks.schema;

import dev.muster.model.time.TimeRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A time of one agent that a block holds, whether there are samples in it or not.
///
/// @param host the agent's
public record AgentSpan(String host, TimeRange range) {
    private static final Comparator<AgentSpan> ORDER =
            Comparator.comparing(AgentSpan::host).thenComparing(AgentSpan::range);

    /// The same time in as few spans as may be: those of one agent that touch become one, those
    /// that overlap stay two.
    public static List<AgentSpan> joined(List<AgentSpan> spans) {
        List<AgentSpan> sorted = new ArrayList<>(spans);
        sorted.sort(ORDER);
        List<AgentSpan> joined = new ArrayList<>();
        for (AgentSpan span : sorted) {
            AgentSpan last = joined.isEmpty() ? null : joined.getLast();
            if (last != null
                    && last.host.equals(span.host)
                    && last.range.endMs() == span.range.startMs()) {
                TimeRange both = new TimeRange(last.range.startMs(), span.range.endMs());
                joined.set(joined.size() - 1, new AgentSpan(span.host, both));
            } else {
                joined.add(span);
            }
        }
        return List.copyOf(joined);
    }
}
