package dev.muster.promql;

import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.Looks;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.histogram.CounterResets;
import dev.muster.promql.histogram.Histograms;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the series of one selector, each once, with as many threads as the query may have. Each
/// thread decodes into columns that it uses again.
final class SeriesScan {
    /// Series between two looks at whether to go on.
    private static final int SERIES_BETWEEN_CHECKS = 8;

    private final QueryRun run;
    private final List<LabelMatcher> matchers;
    private final TimeRange range;
    private final @Nullable Looks looks;

    /// Takes the samples of one series.
    @FunctionalInterface
    interface Reading {
        /// @param set where labels of the series are
        /// @param index number of the series in the set
        /// @param samples valid until the call returns
        void accept(SeriesSet set, int index, SampleColumns samples)
                throws QueryException, IOException;
    }

    /// What is done with the samples of series.
    @FunctionalInterface
    interface Operator {
        /// The operator for one lane, with scratch space of its own.
        Reading before(SeriesSink sink);
    }

    /// @param range of the samples to read
    SeriesScan(QueryRun run, List<LabelMatcher> matchers, TimeRange range) {
        this(run, matchers, range, null);
    }

    /// @param looks which samples suffice; null for all
    SeriesScan(QueryRun run, List<LabelMatcher> matchers, TimeRange range, @Nullable Looks looks) {
        this.run = run;
        this.matchers = matchers;
        this.range = range;
        this.looks = looks;
    }

    private SeriesSet select() throws IOException {
        SelectRequest request =
                new SelectRequest(range, matchers, true, run.budget().reading(), looks);
        SeriesSet set = run.source().select(request);
        QueryTrace trace = run.budget().trace();
        if (trace != null) {
            trace.found(new ExplainNode.Reads(matchers, range), set.size());
        }
        return set;
    }

    /// Reads all series into lanes.
    ///
    /// @param steps how many values a series makes at most
    <L> L run(int steps, Operator operator, Gather<L> gather) throws QueryException, IOException {
        QueryTrace trace = run.budget().trace();
        TraceCounters owner = trace == null ? null : trace.current();
        try (SeriesSet set = select()) {
            L all =
                    new Lanes<>(
                                    gather,
                                    () -> new SetWorker(set, operator, owner),
                                    set.size(),
                                    steps + 20L,
                                    run.parallelism())
                            .run();
            run.annotations().source(set.warnings(), set.completeness());
            return all;
        }
    }

    /// Reads all series one after another, on this thread.
    void run(Reading reading) throws QueryException, IOException {
        try (SeriesSet set = select()) {
            new SetWorker(set, _ -> reading, null)
                    .push(0, set.size(), (_, _, _) -> {}, () -> false);
            run.annotations().source(set.warnings(), set.completeness());
        }
    }

    /// Reads series on one thread.
    private final class SetWorker implements Lanes.Worker {
        private final SeriesSet set;
        private final Operator operator;
        private final SampleReader reader;
        private final SampleColumns samples = new SampleColumns();
        private final @Nullable TraceCounters owner;
        private long chargedBytes;

        /// @param owner the operator that the work is noted of
        SetWorker(SeriesSet set, Operator operator, @Nullable TraceCounters owner) {
            this.set = set;
            this.operator = operator;
            this.owner = owner;
            reader = set.reader();
        }

        @Override
        public void push(int from, int to, SeriesSink sink, Lanes.Stopped stopped)
                throws QueryException, IOException {
            QueryTrace trace = run.budget().trace();
            TraceCounters before = trace == null ? null : trace.pass(owner);
            try {
                pushUntraced(from, to, sink, stopped);
            } finally {
                if (trace != null) {
                    trace.pass(before);
                }
            }
        }

        private void pushUntraced(int from, int to, SeriesSink sink, Lanes.Stopped stopped)
                throws QueryException, IOException {
            Reading reading = operator.before(sink);
            QueryBudget budget = run.budget();
            try {
                for (int i = from; i < to && !stopped.now(); i++) {
                    if ((i - from) % SERIES_BETWEEN_CHECKS == 0) {
                        budget.check();
                    }
                    samples.clear();
                    reader.read(i, samples);
                    if (samples.size() > 0) {
                        charge();
                        if (samples.hasHistograms()) {
                            noteResets(samples);
                        }
                        reading.accept(set, i, samples);
                    }
                }
            } finally {
                budget.releaseMemory(chargedBytes);
                chargedBytes = 0;
            }
        }

        /// Charges what the samples of the largest series hold.
        private void charge() {
            long bytes = 16L * samples.timestampsMs().length;
            if (samples.hasHistograms()) {
                for (int i = 0; i < samples.size(); i++) {
                    NativeHistogram histogram = samples.histogram(i);
                    bytes += 8 + (histogram == null ? 0 : Histograms.sizeBytes(histogram));
                }
            }
            if (bytes > chargedBytes) {
                run.budget().chargeMemory(bytes - chargedBytes);
                chargedBytes = bytes;
            }
        }
    }

    /// Compares each histogram that says nothing of resets with the one before it.
    private static void noteResets(SampleColumns samples) {
        NativeHistogram before = null;
        for (int i = 0; i < samples.size(); i++) {
            NativeHistogram histogram = samples.histogram(i);
            if (histogram != null
                    && before != null
                    && histogram.counterReset() == CounterReset.UNKNOWN) {
                boolean reset = CounterResets.isReset(histogram, before);
                samples.setHistogram(
                        i,
                        histogram.withCounterReset(
                                reset ? CounterReset.RESET : CounterReset.NOT_RESET));
            }
            before = histogram;
        }
    }

    /// Drops staleness markers: windows do not see them.
    static void dropStale(SampleColumns samples) {
        double[] values = samples.values();
        int size = samples.size();
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (!Staleness.isStale(values[i])) {
                if (kept < i) {
                    samples.copy(i, kept);
                }
                kept++;
            }
        }
        samples.resize(kept);
    }
}
