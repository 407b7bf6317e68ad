package dev.muster.agent.scrape;

import dev.muster.agent.scrape.append.ScrapeOutcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The last outcomes of a target's scrapes: written once a scrape, read when somebody asks.
/// Thread-safe.
final class OutcomeLog {
    private final Deque<ScrapeOutcome> recent = new ArrayDeque<>(ScrapeProgress.LIMIT);
    private final Deque<ScrapeOutcome> changes = new ArrayDeque<>(2);

    synchronized void add(ScrapeOutcome outcome) {
        if (recent.isEmpty() || !sameWay(recent.getFirst(), outcome)) {
            push(changes, outcome);
        }
        push(recent, outcome);
    }

    /// Goes on for another log.
    synchronized void inherit(OutcomeLog earlier) {
        recent.addAll(earlier.recent());
        changes.addAll(earlier.changes());
    }

    synchronized List<ScrapeOutcome> recent() {
        return new ArrayList<>(recent);
    }

    synchronized List<ScrapeOutcome> changes() {
        return new ArrayList<>(changes);
    }

    private static void push(Deque<ScrapeOutcome> log, ScrapeOutcome outcome) {
        if (log.size() == ScrapeProgress.LIMIT) {
            log.removeLast();
        }
        log.addFirst(outcome);
    }

    private static boolean sameWay(ScrapeOutcome before, ScrapeOutcome after) {
        return before.fault().equals(after.fault())
                && before.storeError().equals(after.storeError());
    }
}
