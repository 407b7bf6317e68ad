package dev.muster.query.source;

import dev.muster.model.frame.FrameFormatException;
import dev.muster.model.frame.FrameSpace;
import dev.muster.model.frame.FrameStore;
import dev.muster.model.frame.KeptBytes;
import dev.muster.model.labels.Labels;
import dev.muster.model.merge.ForeignSeriesException;
import dev.muster.model.merge.OwnedSource;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryException;
import dev.muster.promql.QueryOptions;
import dev.muster.promql.part.Part;
import dev.muster.promql.part.PartException;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartReader;
import dev.muster.promql.part.PartRemark;
import dev.muster.promql.part.PartSelector;
import dev.muster.promql.part.PartSeries;
import dev.muster.promql.part.PartSink;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The part of a query that one agent answers.
///
/// An answer is received whole before any of it counts. An agent that does not answer parts, or not
/// now, or not this one, is asked for its samples, and its part is evaluated here. One that cannot
/// be reached is a warning, as it is where samples are asked.
final class AgentPart implements Part {
    /// How agents are asked, the same for all of them.
    ///
    /// @param client asks
    /// @param space where answers are until they are whole
    /// @param turns how many are asked at one time
    /// @param fallbackTurns how many are evaluated here at one time
    /// @param samples the samples of one agent
    /// @param engine evaluates them
    /// @param shared told of selectors that cannot be answered by parts
    record Way(
            AgentClient client,
            FrameSpace space,
            Turns turns,
            Turns fallbackTurns,
            Function<AgentPlace, SeriesSource> samples,
            PromQlEngine engine,
            SharedSelectors shared,
            MissingAgent missing,
            PartsMetrics metrics) {}

    private final AgentPlace agent;
    private final List<PartSelector> selectors;
    private final TimeRange gap;
    private final Way way;

    /// @param gap time of which samples are missing without this agent
    AgentPart(AgentPlace agent, List<PartSelector> selectors, TimeRange gap, Way way) {
        this.agent = agent;
        this.selectors = selectors;
        this.gap = gap;
        this.way = way;
    }

    static String name(AgentPlace agent) {
        return "agent host=" + agent.host() + " cell=" + agent.cell();
    }

    @Override
    public String name() {
        return name(agent);
    }

    @Override
    public void ask(PartQuery query, PartSink sink, ReadBudget budget) throws IOException {
        try (FrameStore store = way.space.open()) {
            KeptBytes answer = receive(query, store, budget);
            CountingSink counted = new CountingSink(sink);
            try {
                PartReader.read(answer.open(), query, counted, new NoBytes(budget));
                way.metrics.answered("answered");
                return;
            } catch (PartException e) {
                refuseUnless(counted.nothing() && e.kind() != PartException.Kind.EXECUTION, e);
            } catch (FrameFormatException e) {
                refuseUnless(counted.nothing(), e);
            }
        } catch (RefusedPartException e) {
            if (e.shared()) {
                throw shared(e, e.concerned());
            }
        } catch (BudgetExceededException e) {
            throw e;
        } catch (UnreachedException e) {
            way.metrics.answered("missing");
            sink.remark(PartRemark.storage(e.getMessage()));
            return;
        }
        budget.check();
        evaluate(query, sink, budget);
    }

    /// An answer that has failed may be had in another way, if nothing of it counts yet.
    private void refuseUnless(boolean otherWay, IOException failure) throws IOException {
        if (!otherWay) {
            way.metrics.answered("failed");
            throw failure;
        }
    }

    private KeptBytes receive(PartQuery query, FrameStore store, ReadBudget budget)
            throws IOException, UnreachedException {
        try (var _ = way.turns.take(budget)) {
            long startNanos = System.nanoTime();
            String outcome = "failed";
            try {
                KeptBytes answer = way.client.part(agent, query, store, budget);
                outcome = "answered";
                return answer;
            } catch (RefusedPartException e) {
                outcome = "refused";
                throw e;
            } catch (IOException | SlowAgentException e) {
                budget.check();
                throw new UnreachedException(
                        way.missing.silent(agent, e, way.missing.time("samples", gap)));
            } finally {
                way.metrics.asked(outcome, System.nanoTime() - startNanos);
            }
        }
    }

    /// What the agent would have answered, from its samples.
    private void evaluate(PartQuery query, PartSink sink, ReadBudget budget) throws IOException {
        way.metrics.answered("evaluated_here");
        Labels owner = Labels.of("cell", agent.cell(), "host", agent.host());
        SeriesSource own = OwnedSource.of(way.samples.apply(agent), owner);
        try (var _ = way.fallbackTurns.take(budget)) {
            way.engine.part(
                    own, query, sink, QueryOptions.DEFAULT.withBudget(new OnlyBytes(budget)));
        } catch (QueryException e) {
            throw new PartException(
                    PartException.Kind.valueOf(e.kind().name()), String.valueOf(e.getMessage()));
        } catch (ForeignSeriesException e) {
            throw shared(e, Optional.empty());
        }
    }

    private IOException shared(IOException cause, Optional<TimeRange> concerned) {
        way.shared.add(selectors, concerned);
        way.metrics.answered("shared_series");
        return cause;
    }

    /// The agent did not answer; the message is the warning.
    private static final class UnreachedException extends Exception {
        UnreachedException(String warning) {
            super(warning);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    /// Knows whether anything went through.
    private static final class CountingSink implements PartSink {
        private final PartSink sink;
        private boolean any;

        CountingSink(PartSink sink) {
            this.sink = sink;
        }

        boolean nothing() {
            return !any;
        }

        @Override
        public void series(PartSeries series) throws IOException {
            any = true;
            sink.series(series);
        }

        @Override
        public void remark(PartRemark remark) throws IOException {
            any = true;
            sink.remark(remark);
        }

        @Override
        public void spent(long series, long samples) throws IOException {
            any = true;
            sink.spent(series, samples);
        }
    }

    /// The bytes are charged when they are received.
    private record NoBytes(ReadBudget query) implements ReadBudget {
        @Override
        public void chargeSeries(int count) {
            query.chargeSeries(count);
        }

        @Override
        public void chargeSamples(int count) {
            query.chargeSamples(count);
        }

        @Override
        public void chargeFetchedBytes(long bytes) {
            query.check();
        }

        @Override
        public void check() {
            query.check();
        }
    }

    /// Series and samples are charged when the sink hears of them.
    private record OnlyBytes(ReadBudget query) implements ReadBudget {
        @Override
        public void chargeSeries(int count) {
            query.check();
        }

        @Override
        public void chargeSamples(int count) {
            query.check();
        }

        @Override
        public void chargeFetchedBytes(long bytes) {
            query.chargeFetchedBytes(bytes);
        }

        @Override
        public void check() {
            query.check();
        }
    }
}
