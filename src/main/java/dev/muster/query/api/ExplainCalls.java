package dev.muster.query.api;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.merge.QuerySource;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadEstimate;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.time.Steps;
import dev.muster.promql.Delegated;
import dev.muster.promql.ExplainNode;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryException;
import dev.muster.promql.QueryOptions;
import dev.muster.promql.QueryResult;
import dev.muster.promql.QueryStats;
import dev.muster.promql.QueryTrace;
import dev.muster.promql.TraceCounters;
import dev.muster.query.load.CostRates;
import java.io.IOException;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/// Says how a query is answered instead of answering it: `explain=plan` shows its operators,
/// `explain=cost` what they would read, without reading samples, and `explain=analyze` runs it and
/// shows what each operator did.
final class ExplainCalls {
    private static final double NANOS_PER_SECOND = 1e9;

    /// Of many who are asked the slowest are shown.
    private static final int PARTS_SHOWN = 100;

    private final PromQlEngine engine;
    private final QuerySource source;
    private final CostRates rates;

    ExplainCalls(PromQlEngine engine, QuerySource source, CostRates rates) {
        this.engine = engine;
        this.source = source;
        this.rates = rates;
    }

    Answer answer(Call call, Steps steps, boolean instant, QueryOptions options)
            throws ApiException, QueryException, IOException {
        String mode = call.parameters().text("explain");
        String query = call.parameters().text("query");
        return switch (mode) {
            case "plan" -> plan(engine.explain(source, query, steps, instant, options));
            case "cost" -> cost(engine.explain(source, query, steps, instant, options), call);
            case "analyze" -> analyze(query, steps, instant, options, call);
            default ->
                    throw ApiException.invalid(
                            "explain", "must be plan, cost or analyze: found=" + mode);
        };
    }

    private static Answer plan(ExplainNode plan) {
        return Answer.of(json -> {
            json.beginObject().name("mode").value("plan").name("plan");
            write(plan, Extra.NONE, json);
            json.endObject();
        });
    }

    /// What a selector would read.
    private record Cost(long series, ReadEstimate reads) {
        static final Cost NONE = new Cost(0, ReadEstimate.NONE);

        Cost plus(Cost other) {
            return new Cost(series + other.series, reads.plus(other.reads));
        }

        void write(CostRates rates, JsonWriter json) throws IOException {
            CostRates.Estimate estimate = rates.estimate(series, reads);
            json.beginObject();
            json.name("series").value(series);
            json.name("blocks").value(reads.blocks());
            json.name("samples").value(reads.samples());
            json.name("bytes").value(reads.bytes());
            json.name("agents").value(reads.agents());
            json.name("agentsSkipped").value(reads.agentsSkipped());
            json.name("seconds").number(estimate.seconds());
            json.name("coldSeconds").number(estimate.coldSeconds());
            json.endObject();
        }
    }

    private Answer cost(ExplainNode plan, Call call) throws IOException {
        Map<ExplainNode, Cost> costs = new IdentityHashMap<>();
        Cost total = estimate(plan, call.budget(), _ -> OptionalInt.empty(), costs);
        Cost elsewhere = elsewhere(plan, false, costs);
        return Answer.of(json -> {
            json.beginObject().name("mode").value("cost").name("total");
            total.write(rates, json);
            json.name("elsewhere");
            elsewhere.write(rates, json);
            json.name("limits").strings(passed(total, call)).name("plan");
            write(plan, estimates(costs), json);
            json.endObject();
        });
    }

    private Extra estimates(Map<ExplainNode, Cost> costs) {
        return (node, json) -> {
            Cost cost = costs.get(node);
            if (cost != null) {
                json.name("estimate");
                cost.write(rates, json);
            }
        };
    }

    /// @param found how many series a selector is known to find
    private Cost estimate(
            ExplainNode node,
            CallBudget budget,
            Function<ExplainNode.Reads, OptionalInt> found,
            Map<ExplainNode, Cost> costs)
            throws IOException {
        Cost sum = Cost.NONE;
        if (node.reads().isPresent()) {
            ExplainNode.Reads reads = node.reads().get();
            SelectRequest request =
                    new SelectRequest(reads.range(), reads.matchers(), true, budget);
            OptionalInt known = found.apply(reads);
            long series = known.isPresent() ? known.getAsInt() : series(request);
            sum = new Cost(series, source.estimate(request));
            costs.put(node, sum);
        }
        for (ExplainNode child : node.children()) {
            sum = sum.plus(estimate(child, budget, found, costs));
        }
        return sum;
    }

    private long series(SelectRequest request) throws IOException {
        try (SeriesSet set = source.select(request.withoutSamples())) {
            return set.size();
        }
    }

    /// What of it is read by those who are asked to answer, not here. Of operators that are
    /// answered elsewhere at their last steps alone it is all, too.
    private static Cost elsewhere(
            ExplainNode node, boolean delegated, Map<ExplainNode, Cost> costs) {
        boolean below = delegated || node.counters().delegated().isPresent();
        Cost sum = below ? costs.getOrDefault(node, Cost.NONE) : Cost.NONE;
        for (ExplainNode child : node.children()) {
            sum = sum.plus(elsewhere(child, below, costs));
        }
        return sum;
    }

    /// Names of the limits at which the query would be stopped.
    private static List<String> passed(Cost total, Call call) {
        return call.budget().passedBy(total.series, total.reads.samples(), total.reads.bytes());
    }

    /// After the query the index is looked at, for what it would have been estimated to take; how
    /// many series there are the query has found.
    private Answer analyze(
            String query, Steps steps, boolean instant, QueryOptions options, Call call)
            throws QueryException, IOException {
        QueryTrace trace = new QueryTrace();
        QueryOptions traced = options.withTrace(trace);
        QueryResult result =
                instant
                        ? engine.instant(source, query, steps.startMs(), traced)
                        : engine.range(source, query, steps, traced);
        QueryStats stats = result.stats();
        ExplainNode plan = trace.plan().orElseThrow();
        Map<ExplainNode, Cost> costs = new IdentityHashMap<>();
        Optional<Cost> estimated = estimated(plan, call, trace::seriesFound, costs);
        Extra extra = estimates(costs);
        return new Answer(
                false,
                json -> {
                    json.beginObject().name("mode").value("analyze").name("total");
                    json.beginObject();
                    json.name("seconds").number(stats.elapsedNanos() / NANOS_PER_SECOND);
                    json.name("threadSeconds").number(plan.totalNanos() / NANOS_PER_SECOND);
                    json.name("series").value(stats.seriesRead());
                    json.name("samples").value(stats.samplesRead());
                    json.name("peakMemoryBytes").value(stats.peakMemoryBytes());
                    if (estimated.isPresent()) {
                        json.name("estimated");
                        estimated.get().write(rates, json);
                    }
                    json.endObject().name("plan");
                    write(
                            plan,
                            (node, out) -> {
                                counters(node, out);
                                extra.write(node, out);
                            },
                            json);
                    json.endObject();
                },
                result.warnings(),
                result.infos(),
                Optional.of(result.completeness()));
    }

    /// What it was to take; empty where finding that out would pass a limit.
    private Optional<Cost> estimated(
            ExplainNode plan,
            Call call,
            Function<ExplainNode.Reads, OptionalInt> found,
            Map<ExplainNode, Cost> costs)
            throws IOException {
        try {
            return Optional.of(estimate(plan, call.budget(), found, costs));
        } catch (BudgetExceededException e) {
            return Optional.empty();
        }
    }

    private static void counters(ExplainNode node, JsonWriter json) throws IOException {
        TraceCounters counters = node.counters();
        if (counters.calls() == 0) {
            return; // It is a part of the operator above it.
        }
        json.name("selfSeconds").number(counters.selfNanos() / NANOS_PER_SECOND);
        json.name("totalSeconds").number(node.totalNanos() / NANOS_PER_SECOND);
        json.name("calls").value(counters.calls());
        json.name("workers").value(counters.workers());
        json.name("seriesRead").value(counters.seriesRead());
        json.name("seriesGiven").value(counters.seriesGiven());
        json.name("samples").value(counters.samples());
        json.name("fetchedBytes").value(counters.fetchedBytes());
        json.name("peakMemoryBytes").value(counters.peakMemoryBytes());
    }

    /// What is said of an operator beside what it is.
    @FunctionalInterface
    private interface Extra {
        Extra NONE = (node, json) -> {};

        void write(ExplainNode node, JsonWriter json) throws IOException;
    }

    private static void write(ExplainNode node, Extra extra, JsonWriter json) throws IOException {
        json.beginObject().name("operator").value(node.operator());
        json.name("expr").value(node.text());
        json.name("steps").value(node.steps().count());
        if (node.reads().isPresent()) {
            ExplainNode.Reads reads = node.reads().get();
            json.name("matchers")
                    .strings(reads.matchers().stream().map(LabelMatcher::toString).toList());
            json.name("from").seconds(reads.range().startMs());
            json.name("to").seconds(reads.range().endMs() - 1);
        }
        writeDelegated(node, json);
        extra.write(node, json);
        if (!node.children().isEmpty()) {
            json.name("children").beginArray();
            for (ExplainNode child : node.children()) {
                write(child, extra, json);
            }
            json.endArray();
        }
        json.endObject();
    }

    private static void writeDelegated(ExplainNode node, JsonWriter json) throws IOException {
        Optional<Delegated> delegated = node.counters().delegated();
        if (delegated.isEmpty()) {
            return;
        }
        json.name("delegated").beginObject();
        json.name("query").value(delegated.get().query());
        json.name("steps").value(delegated.get().steps());
        json.name("parts").value(delegated.get().parts().size());
        json.name("to").beginArray();
        for (Delegated.Work work :
                delegated.get().parts().stream()
                        .sorted(Comparator.comparingLong(Delegated.Work::nanos).reversed())
                        .limit(PARTS_SHOWN)
                        .toList()) {
            json.beginObject().name("part").value(work.part());
            if (work.nanos() > 0) {
                json.name("seconds").number(work.nanos() / NANOS_PER_SECOND);
                json.name("series").value(work.series());
                json.name("samples").value(work.samples());
                json.name("rows").value(work.rows());
            }
            json.endObject();
        }
        json.endArray().endObject();
    }
}
