package dev.muster.promql;

import dev.muster.model.series.Completeness;
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

    /// Has an expression answered in parts.
    ///
    /// @return what pushes the answer; null if it is to be evaluated here
    Evaluation.@Nullable Pushing ask(Expr expr, Steps steps) throws QueryException, IOException {
        if (givenUp || steps.count() > PartQuery.STEPS_LIMIT) {
            return null;
        }
        QueryRun run = evaluation.run();
        Optional<SeriesLocal> local = SeriesLocal.of(expr, steps, run);
        if (local.isEmpty()) {
            return null;
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
        if (plan.parts().isEmpty() || late == steps.count()) {
            return null;
        }
        PartMerge merge = new PartMerge(evaluation, expr, steps);
        Asked asked = new Asked(local.get(), expr, merge, late, selectors.getFirst().range());
        return asked.all(query, plan) ? merge::push : null;
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
        private final SeriesLocal local;
        private final Expr expr;
        private final PartMerge merge;

        /// The first step that parts answer.
        private final int late;

        private final TimeRange range;

        Asked(SeriesLocal local, Expr expr, PartMerge merge, int late, TimeRange range) {
            this.local = local;
            this.expr = expr;
            this.merge = merge;
            this.late = late;
            this.range = range;
        }

        /// @return false if a part could not answer, so that all is to be evaluated here
        boolean all(PartQuery query, PartPlan plan) throws QueryException, IOException {
            Steps steps = query.steps();
            PartQuery lateQuery =
                    query.withSteps(new Steps(steps.at(late), steps.endMs(), steps.stepMs()));
            QueryBudget budget = evaluation.run().budget();
            try (PartThreads threads = new PartThreads(budget)) {
                List<Answer> answers = new ArrayList<>();
                for (Part part : plan.parts()) {
                    Answer answer = new Answer();
                    answers.add(answer);
                    threads.start(part, () -> part.ask(lateQuery, answer, budget.reading()));
                }
                if (late > 0) {
                    Steps early = new Steps(steps.startMs(), steps.at(late - 1), steps.stepMs());
                    PartAnswer.send(evaluation.withoutParts(), expr, early, new Early());
                }
                threads.join();
                answers.forEach(Answer::count);
                return true;
            } catch (PartThreads.CannotAnswer e) {
                LOGGER.log(
                        System.Logger.Level.INFO,
                        () ->
                                "part cannot answer, its steps are evaluated here: "
                                        + e.getMessage()
                                        + ", reason="
                                        + e.getCause());
                givenUp = true;
                return false;
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
            private volatile boolean missing;

            @Override
            public void series(PartSeries series) throws IOException {
                merge.add(series, late);
            }

            @Override
            public void remark(PartRemark remark) {
                Annotations annotations = evaluation.run().annotations();
                if (remark.level() == PartRemark.Level.STORAGE) {
                    missing = true;
                    annotations.storage(remark.text());
                    return;
                }
                Position place = local.place(remark.start(), remark.end(), expr.position());
                annotations.add(
                        new PartRemark(remark.level(), remark.text(), place.start(), place.end()));
            }

            @Override
            public void spent(long series, long samples) {
                QueryBudget budget = evaluation.run().budget();
                budget.chargeSeries((int) Math.min(Integer.MAX_VALUE, series));
                budget.chargeSamples((int) Math.min(Integer.MAX_VALUE, samples));
            }

            /// Says how whole the answer was.
            void count() {
                evaluation
                        .run()
                        .annotations()
                        .source(
                                List.of(),
                                missing
                                        ? Completeness.missing(range)
                                        : Completeness.present(range));
            }
        }
    }
}
