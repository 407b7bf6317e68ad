package dev.muster.query.api;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.merge.QuerySource;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.time.Steps;
import dev.muster.promql.Expr;
import dev.muster.promql.MatrixSeries;
import dev.muster.promql.MatrixValue;
import dev.muster.promql.PromQl;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryException;
import dev.muster.promql.QueryOptions;
import dev.muster.promql.QueryResult;
import dev.muster.promql.QueryStats;
import dev.muster.promql.QueryValue;
import dev.muster.promql.ScalarValue;
import dev.muster.promql.StepSamples;
import dev.muster.promql.StringValue;
import dev.muster.promql.VectorValue;
import dev.muster.query.cache.ResultCache;
import dev.muster.query.load.QueryLoad;
import dev.muster.query.load.TextLimits;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/// Queries: `query`, `query_range`, `format_query`, `parse_query`.
final class QueryCalls {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private final PromQlEngine engine;
    private final ResultCache results;
    private final QuerySource source;
    private final int maxPoints;
    private final TextLimits text;
    private final ExplainCalls explain;
    private final InstantSource clock;

    QueryCalls(
            PromQlEngine engine,
            ResultCache results,
            QuerySource source,
            int maxPoints,
            QueryLoad load,
            InstantSource clock) {
        this.engine = engine;
        this.results = results;
        this.source = source;
        this.maxPoints = maxPoints;
        text = load.text();
        explain = new ExplainCalls(engine, source, load.rates());
        this.clock = clock;
    }

    Answer instant(Call call) throws ApiException, QueryException, IOException {
        Parameters parameters = call.parameters();
        int limit = parameters.limit();
        long timeMs = parameters.timeMs("time", clock.millis());
        QueryOptions options = options(call, limit);
        if (parameters.has("explain")) {
            return explain.answer(call, Steps.instant(timeMs), true, options);
        }
        return answer(engine.instant(source, parameters.text("query"), timeMs, options), call);
    }

    Answer range(Call call) throws ApiException, QueryException, IOException {
        Parameters parameters = call.parameters();
        int limit = parameters.limit();
        Steps steps = steps(parameters);
        QueryOptions options = options(call, limit);
        if (parameters.has("explain")) {
            return explain.answer(call, steps, false, options);
        }
        String query = parameters.text("query");
        QueryResult result =
                parameters.text("nocache").equals("1") || options.countsSteps()
                        ? engine.range(source, query, steps, options)
                        : results.range(source, query, steps, options);
        return answer(result, call);
    }

    Answer format(Call call) throws ApiException, QueryException {
        String text = parse(call.parameters()).toString();
        return Answer.of(json -> json.value(text));
    }

    /// The parsed query as JSON.
    Answer parsed(Call call) throws ApiException {
        Expr expr = parse(call.parameters());
        return Answer.of(json -> ExprJson.write(expr, json));
    }

    private static Expr parse(Parameters parameters) throws ApiException {
        try {
            return PromQl.parse(parameters.text("query"));
        } catch (QueryException e) {
            throw ApiException.invalid("query", e.getMessage());
        }
    }

    private Steps steps(Parameters parameters) throws ApiException {
        long startMs = parameters.timeMs("start");
        long endMs = parameters.timeMs("end");
        if (endMs < startMs) {
            throw ApiException.invalid("end", "end timestamp must not be before start time");
        }
        long stepMs = parameters.durationNanos("step") / NANOS_PER_MILLI;
        if (stepMs <= 0) {
            throw ApiException.invalid(
                    "step",
                    "zero or negative query resolution step widths are not accepted."
                            + " Try a positive integer");
        }
        if ((endMs - startMs) / stepMs > maxPoints) {
            throw ApiException.badData(
                    String.format(
                            Locale.ROOT,
                            "exceeded maximum resolution of %,d points per timeseries."
                                    + " Try decreasing the query resolution (?step=XX)",
                            maxPoints));
        }
        return new Steps(startMs, endMs, stepMs);
    }

    private static QueryOptions options(Call call, int limit) throws ApiException {
        Parameters parameters = call.parameters();
        if (parameters.has("timeout")) {
            call.budget()
                    .shorten(Duration.ofNanos(Math.max(0, parameters.durationNanos("timeout"))));
        }
        QueryOptions options =
                QueryOptions.DEFAULT
                        .withBudget(call.budget())
                        .withTimeout(call.budget().left())
                        .withLimit(limit);
        if (!parameters.text("stats").isEmpty() && !parameters.has("explain")) {
            options = options.countingSteps();
        }
        return parameters.has("lookback_delta")
                ? options.withLookback(lookback(parameters.text("lookback_delta")))
                : options;
    }

    private static Duration lookback(String text) throws ApiException {
        try {
            return Duration.ofNanos(Times.durationNanos(text));
        } catch (IllegalArgumentException e) {
            throw ApiException.badData("error parsing lookback delta duration: " + e.getMessage());
        }
    }

    private Answer answer(QueryResult result, Call call) {
        checkPoints(result.value());
        String stats = call.parameters().text("stats");
        return new Answer(
                false,
                json -> {
                    json.beginObject();
                    json.name("resultType").value(result.value().type().text()).name("result");
                    write(result.value(), json);
                    if (!stats.isEmpty()) {
                        write(result.stats(), stats.equals("all"), json);
                    }
                    json.endObject();
                },
                result.warnings(),
                result.infos(),
                Optional.of(result.completeness()));
    }

    private void checkPoints(QueryValue value) {
        if (value instanceof MatrixValue matrix) {
            long points = 0;
            for (MatrixSeries series : matrix.series()) {
                points += series.size();
            }
            text.result(points)
                    .ifPresent(passed -> {
                        throw new BudgetExceededException(passed.limit(), passed.message());
                    });
        }
    }

    private static void write(QueryValue value, JsonWriter json) throws IOException {
        switch (value) {
            case ScalarValue scalar -> json.point(scalar.timestampMs(), scalar.value());
            case StringValue text ->
                    json.beginArray().seconds(text.timestampMs()).value(text.value()).endArray();
            case VectorValue vector -> write(vector, json);
            case MatrixValue matrix -> write(matrix, json);
        }
    }

    private static void write(VectorValue vector, JsonWriter json) throws IOException {
        json.beginArray();
        for (int i = 0; i < vector.size(); i++) {
            json.beginObject().name("metric").labels(vector.labels(i));
            NativeHistogram histogram = vector.histogram(i);
            if (histogram == null) {
                json.name("value").point(vector.timestampMs(), vector.value(i));
            } else {
                json.name("histogram");
                HistogramJson.point(vector.timestampMs(), histogram, json);
            }
            json.endObject();
        }
        json.endArray();
    }

    private static void write(MatrixValue matrix, JsonWriter json) throws IOException {
        json.beginArray();
        TimeTexts times = TimeTexts.of(matrix);
        for (MatrixSeries series : matrix.series()) {
            json.beginObject().name("metric").labels(series.labels());
            writeNumbers(series, times, json);
            writeHistograms(series, json);
            json.endObject();
        }
        json.endArray();
    }

    private static void writeNumbers(
            MatrixSeries series, @Nullable TimeTexts times, JsonWriter json) throws IOException {
        boolean any = false;
        for (int i = 0; i < series.size(); i++) {
            if (series.histogram(i) == null) {
                if (!any) {
                    json.name("values").beginArray();
                    any = true;
                }
                json.point(series.timestampMs(i), series.value(i), times);
            }
        }
        if (any) {
            json.endArray();
        }
    }

    private static void writeHistograms(MatrixSeries series, JsonWriter json) throws IOException {
        boolean any = false;
        for (int i = 0; i < series.size(); i++) {
            NativeHistogram histogram = series.histogram(i);
            if (histogram != null) {
                if (!any) {
                    json.name("histograms").beginArray();
                    any = true;
                }
                HistogramJson.point(series.timestampMs(i), histogram, json);
            }
        }
        if (any) {
            json.endArray();
        }
    }

    private static void write(QueryStats stats, boolean eachStep, JsonWriter json)
            throws IOException {
        StepSamples samples = stats.perStep().orElseThrow();
        double seconds = stats.elapsedNanos() / NANOS_PER_SECOND;
        json.name("stats").beginObject().name("timings").beginObject();
        json.name("evalTotalTime").number(seconds);
        json.name("resultSortTime").number(0);
        json.name("queryPreparationTime").number(0);
        json.name("innerEvalTime").number(seconds);
        json.name("execQueueTime").number(0);
        json.name("execTotalTime").number(seconds).endObject();
        json.name("samples").beginObject();
        json.name("totalQueryableSamples").value(samples.queryable());
        json.name("peakSamples").value(stats.samplesRead());
        json.name("samplesRead").value(samples.read());
        if (eachStep) {
            write("totalQueryableSamplesPerStep", samples.steps(), samples::queryable, json);
            write("samplesReadPerStep", samples.steps(), samples::read, json);
        }
        json.endObject().endObject();
    }

    private static void write(String name, Steps steps, IntToLongFunction counts, JsonWriter json)
            throws IOException {
        json.name(name).beginArray();
        for (int step = 0; step < steps.count(); step++) {
            json.beginArray().seconds(steps.at(step)).value(counts.applyAsLong(step)).endArray();
        }
        json.endArray();
    }
}
