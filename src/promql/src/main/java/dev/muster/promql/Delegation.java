package dev.muster.promql;

import dev.muster.model.series.Completeness;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.time.Steps;
import dev.muster.model.time.TimeRange;
import dev.muster.promql.part.Part;
import dev.muster.promql.part.PartPlan;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartRemark;
import dev.muster.promql.part.PartSelector;
import dev.muster.promql.part.PartSeries;
import dev.muster.promql.part.PartSink;
import dev.muster.promql.part.PartSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Has expressions answered where the series are, as far as the source knows such places.
final class Delegation {
    private static final System.Logger LOGGER = System.getLogger(Delegation.class.getName());

    private final Evaluation evaluation;
    private final PartSource source;

    /// Whether a part could not answer, so that this query asks no more.
    private boolean givenUp;

    private Delegation(Evaluation evaluation, PartSource source) {
        this.evaluation = evaluation;
        this.source = source;
    }

    /// Null where the source has no parts.
    static @Nullable Delegation of(Evaluation evaluation) {
        return evaluation.run().source() instanceof PartSource source
                ? new Delegation(evaluation, source)
                : null;
    }

    /// What is to be asked of whom.
    ///
    /// @param query with all steps of the expression
    /// @param late number of the first step that parts answer
    /// @param range of the samples that the first selector needs
    private record Planned(
            SeriesLocal local, PartQuery query, PartPlan plan, int late, TimeRange range) {
        Delegated to(List<Delegated.Work> work) {
            return new Delegated(local.text(), query.steps().count() - late, work);
        }
    }

    private Optional<Planned> plan(Expr expr, Steps steps) throws QueryException, IOException {
        if (givenUp || steps.count() > PartQuery.STEPS_LIMIT) {
            return Optional.empty();
        }
        QueryRun run = evaluation.run();
        Optional<SeriesLocal> local = SeriesLocal.of(expr, steps, run);
        if (local.isEmpty()) {
            return Optional.empty();
        }
        PartQuery query =
                new PartQuery(
                        local.get().text(),
                        steps,
                        Duration.ofMillis(run.lookbackMs()),
                        Duration.ofMillis(run.defaultSubqueryStepMs()),
                        run.instant(),
                        run.budget().left());
        List<PartSelector> selectors = selectors(expr, steps);
        PartPlan plan = source.plan(query, selectors, run.budget().reading());
        int late = firstFrom(plan.fromMs(), steps);
        return plan.parts().isEmpty() || late == steps.count()
                ? Optional.empty()
                : Optional.of(
                        new Planned(local.get(), query, plan, late, selectors.getFirst().range()));
    }

    /// Has an expression answered in parts.
    ///
    /// @return what pushes the answer; null if it is to be evaluated here
    Evaluation.@Nullable Pushing ask(Expr expr, Steps steps) throws QueryException, IOException {
        Optional<Planned> planned = plan(expr, steps);
        if (planned.isEmpty()) {
            return null;
        }
        PartMerge merge = new PartMerge(evaluation, expr, steps);
        return new Asked(planned.get(), expr, merge).all() ? merge::push : null;
    }

    /// Notes of a plan who would be asked for what, without asking.
    void explain(ExplainNode node) throws QueryException, IOException {
        Optional<Planned> planned = plan(node.expr(), node.steps());
        if (planned.isPresent()) {
            node.counters()
                    .delegated(
                            planned.get()
                                    .to(
                                            planned.get().plan().parts().stream()
                                                    .map(part ->
                                                            new Delegated.Work(
                                                                    part.name(), 0, 0, 0, 0))
                                                    .toList()));
            return;
        }
        for (ExplainNode child : node.children()) {
            explain(child);
        }
    }

    /// Number of the first step at or after a time.
    private static int firstFrom(long fromMs, Steps steps) {
        if (fromMs <= steps.startMs()) {
            return 0;
        }
        if (fromMs > steps.endMs()) {
            return steps.count();
        }
        return (int)
                Math.min(steps.count(), Math.ceilDiv(fromMs - steps.startMs(), steps.stepMs()));
    }

    private List<PartSelector> selectors(Expr expr, Steps steps) {
        QueryRun run = evaluation.run();
        List<PartSelector> selectors = new ArrayList<>();
        collect(
                ExplainNode.of(expr, steps, run.lookbackMs(), run.defaultSubqueryStepMs()),
                selectors);
        return selectors;
    }

    private static void collect(ExplainNode node, List<PartSelector> into) {
        node.reads()
                .ifPresent(reads -> into.add(new PartSelector(reads.matchers(), reads.range())));
        node.children().forEach(child -> collect(child, into));
    }

    /// One expression that is answered in parts.
    private final class Asked {
        private final Planned planned;
        private final Expr expr;
        private final PartMerge merge;

        Asked(Planned planned, Expr expr, PartMerge merge) {
            this.planned = planned;
            this.expr = expr;
            this.merge = merge;
        }

        /// @return false if a part could not answer, so that all is to be evaluated here
        boolean all() throws QueryException, IOException {
            PartQuery query = planned.query();
            Steps steps = query.steps();
            int late = planned.late();
            PartQuery lateQuery =
                    query.withSteps(new Steps(steps.at(late), steps.endMs(), steps.stepMs()));
            QueryBudget budget = evaluation.run().budget();
            try (PartThreads threads = new PartThreads(budget)) {
                List<Answer> answers = new ArrayList<>();
                for (Part part : planned.plan().parts()) {
                    Answer answer = new Answer(part);
                    answers.add(answer);
                    threads.start(part, () -> answer.ask(lateQuery, budget.reading()));
                }
                if (late > 0) {
                    Steps early = new Steps(steps.startMs(), steps.at(late - 1), steps.stepMs());
                    PartAnswer.send(evaluation.withoutParts(), expr, early, new Early());
                }
                threads.join();
                answers.forEach(Answer::count);
                note(answers);
                return true;
            } catch (PartThreads.CannotAnswer e) {
                LOGGER.log(
                        System.Logger.Level.DEBUG,
                        () ->
                                "part cannot answer, its steps are evaluated here: "
                                        + e.getMessage()
                                        + ", reason="
                                        + e.getCause());
                givenUp = true;
                return false;
            }
        }

        private void note(List<Answer> answers) {
            QueryTrace trace = evaluation.run().budget().trace();
            TraceCounters operator = trace == null ? null : trace.current();
            if (operator != null) {
                operator.delegated(planned.to(answers.stream().map(Answer::work).toList()));
            }
        }

        /// What was evaluated here goes the same way.
        private final class Early implements PartSink {
            @Override
            public void series(PartSeries series) throws IOException {
                merge.add(series, 0);
            }

            @Override
            public void remark(PartRemark remark) {}

            @Override
            public void spent(long series, long samples) {}
        }

        /// The answer of one part.
        private final class Answer implements PartSink {
            private final Part part;
            private long nanos;
            private long foundSeries;
            private long decodedSamples;
            private long rows;
            private volatile boolean missing;

            /// As the part says; null if it does not.
            private volatile @Nullable Completeness told;

            Answer(Part part) {
                this.part = part;
            }

            void ask(PartQuery query, ReadBudget budget) throws IOException {
                long startNanos = System.nanoTime();
                part.ask(query, this, budget);
                nanos = System.nanoTime() - startNanos;
            }

            Delegated.Work work() {
                return new Delegated.Work(part.name(), nanos, foundSeries, decodedSamples, rows);
            }

            @Override
            public void series(PartSeries series) throws IOException {
                rows++;
                merge.add(series, planned.late());
            }

            @Override
            public void remark(PartRemark remark) {
                Annotations annotations = evaluation.run().annotations();
                if (remark.level() == PartRemark.Level.STORAGE) {
                    missing = true;
                    annotations.source(List.of(remark.text()), Completeness.NONE);
                    return;
                }
                Position place =
                        planned.local().place(remark.start(), remark.end(), expr.position());
                annotations.add(
                        new PartRemark(remark.level(), remark.text(), place.start(), place.end()));
            }

            @Override
            public void completeness(Completeness part) {
                Completeness before = told;
                told = before == null ? part : before.plus(part);
            }

            @Override
            public void spent(long series, long samples) {
                QueryBudget budget = evaluation.run().budget();
                budget.chargeSeries((int) Math.min(Integer.MAX_VALUE, series));
                budget.chargeSamples((int) Math.min(Integer.MAX_VALUE, samples));
                foundSeries += series;
                decodedSamples += samples;
            }

            /// Says how whole the answer was.
            void count() {
                Completeness known = told;
                if (known == null) {
                    known =
                            missing
                                    ? Completeness.missing(planned.range())
                                    : Completeness.present(planned.range());
                }
                evaluation.run().annotations().source(List.of(), known);
            }
        }
    }
}
