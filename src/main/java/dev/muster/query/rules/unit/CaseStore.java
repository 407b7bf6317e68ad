package dev.muster.query.rules.unit;

import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.sample.Staleness;
import dev.muster.promql.QueryException;
import dev.muster.promql.SeriesLine;
import dev.muster.query.rules.RuleSample;
import dev.muster.query.rules.RuleStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/// The samples of one case: the input as far as virtual time has come, and what rules record.
/// Confined to one thread.
final class CaseStore implements RuleStore {
    private final MemorySource source = new MemorySource();
    private final Map<Labels, Input> inputs = new LinkedHashMap<>();
    private final long startMs;
    private final long intervalMs;

    /// A series with the number of its next sample.
    private static final class Input {
        private final SeriesLine line;
        private int next;

        private Input(SeriesLine line) {
            this.line = line;
        }
    }

    private CaseStore(long startMs, Duration interval) {
        this.startMs = startMs;
        intervalMs = interval.toMillis();
    }

    /// The store of a case before its first sample.
    ///
    /// @throws QueryException if a series is wrong
    static CaseStore of(TestFile.Case test) throws QueryException {
        CaseStore store = new CaseStore(test.startMs(), test.interval());
        for (String line : lines(test.input())) {
            SeriesLine series = SeriesLine.parse(line);
            store.inputs.put(series.labels(), new Input(series));
        }
        return store;
    }

    /// The lines as a script would have them: what follows an empty line is not part of it.
    private static List<String> lines(List<String> input) {
        List<String> lines = new ArrayList<>();
        for (String series : input) {
            for (String line : series.split("\n", -1)) {
                String plain = line.strip();
                if (plain.isEmpty() || plain.startsWith("#")) {
                    return lines;
                }
                lines.add(plain);
            }
        }
        return lines;
    }

    MemorySource source() {
        return source;
    }

    /// Takes the input up to a time.
    ///
    /// @return why a sample was refused; empty if none was
    Optional<String> advance(long timeMs) {
        Optional<String> failure = Optional.empty();
        for (Input input : inputs.values()) {
            List<SeriesLine.Value> values = input.line.values();
            while (input.next < values.size()) {
                long sampleMs = startMs + input.next * intervalMs;
                if (sampleMs > timeMs) {
                    break;
                }
                Optional<String> refused = add(input.line, values.get(input.next++), sampleMs);
                failure = failure.or(() -> refused);
            }
        }
        return failure;
    }

    private Optional<String> add(SeriesLine line, SeriesLine.Value value, long timeMs) {
        return switch (value) {
            case SeriesLine.Value.Omitted _ -> Optional.empty();
            case SeriesLine.Value.Float(double number) ->
                    append(new RuleSample(line.labels(), number, null), timeMs);
            case SeriesLine.Value.Histogram(var histogram, _) ->
                    append(new RuleSample(line.labels(), 0, histogram), timeMs);
        };
    }

    @Override
    public Optional<String> append(RuleSample sample, long timeMs) {
        SortedMap<Long, MemorySource.Sample> there = source.series().get(sample.labels());
        if (there != null && !there.isEmpty() && there.lastKey() >= timeMs) {
            if (there.lastKey() > timeMs) {
                return Optional.of("out of order sample");
            }
            MemorySource.Sample last = there.get(timeMs);
            return last != null && same(last, sample)
                    ? Optional.empty()
                    : Optional.of("duplicate sample for timestamp");
        }
        if (sample.histogram() == null) {
            source.add(sample.labels(), timeMs, sample.value());
        } else {
            source.add(sample.labels(), timeMs, sample.histogram());
        }
        return Optional.empty();
    }

    private static boolean same(MemorySource.Sample there, RuleSample sample) {
        if (sample.histogram() != null) {
            return Objects.equals(sample.histogram(), there.histogram());
        }
        boolean stale = Staleness.isStale(sample.value()) == Staleness.isStale(there.value());
        return there.histogram() == null
                && stale
                && Double.doubleToLongBits(there.value())
                        == Double.doubleToLongBits(sample.value());
    }
}
