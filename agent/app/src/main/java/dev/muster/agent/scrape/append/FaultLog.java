package dev.muster.agent.scrape.append;

import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Samples of one target that were refused one by one: how many of each kind, and a few of them.
/// Confined to the thread that appends.
final class FaultLog {
    private static final int EXAMPLES = 3;

    /// Examples older than this make room for newer ones.
    private static final long EXAMPLE_AGE_MS = 60_000;

    private final Map<SampleFaultKind, Entry> entries = new EnumMap<>(SampleFaultKind.class);

    /// Counts a sample.
    ///
    /// @return is an example of it wanted?
    boolean count(SampleFaultKind kind, long tickMs) {
        Entry entry = entries.computeIfAbsent(kind, _ -> new Entry());
        entry.samples++;
        entry.lastMs = tickMs;
        if (tickMs - entry.examplesMs >= EXAMPLE_AGE_MS) {
            entry.examples.clear();
            entry.examplesMs = tickMs;
        }
        return entry.examples.size() < EXAMPLES;
    }

    void example(SampleFaultKind kind, Labels exposed, long timestampMs) {
        entries.computeIfAbsent(kind, _ -> new Entry())
                .examples
                .add(new SampleFaults.Example(exposed, timestampMs));
    }

    List<SampleFaults> all() {
        List<SampleFaults> all = new ArrayList<>();
        entries.forEach((kind, entry) ->
                all.add(new SampleFaults(kind, entry.samples, entry.lastMs, entry.examples)));
        return all;
    }

    private static final class Entry {
        private final List<SampleFaults.Example> examples = new ArrayList<>(EXAMPLES);
        private long samples;
        private long lastMs;
        private long examplesMs = Long.MIN_VALUE / 2;
    }
}
