package dev.muster.query.api;

import dev.muster.query.load.ActiveQuery;
import dev.muster.query.load.QueryLoad;
import dev.muster.query.load.TopQueries;
import dev.muster.query.load.TopQueries.Order;
import dev.muster.query.load.Usage;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// What queries cost: `status/active_queries`, its `cancel`, and `status/top_queries`.
final class LoadCalls {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int DEFAULT_TOP = 20;

    private final QueryLoad load;
    private final InstantSource clock;

    LoadCalls(QueryLoad load, InstantSource clock) {
        this.load = load;
        this.clock = clock;
    }

    Answer active(Call call) {
        List<ActiveQuery> active = load.active().all();
        return Answer.of(json -> {
            json.beginArray();
            for (ActiveQuery query : active) {
                write(query, json);
            }
            json.endArray();
        });
    }

    private static void write(ActiveQuery query, JsonWriter json) throws IOException {
        ActiveQuery.Origin origin = query.origin();
        Usage usage = query.usage();
        json.beginObject().name("id").value(Long.toString(query.id()));
        json.name("call").value(origin.call());
        json.name("query").value(origin.query());
        json.name("class").value(query.priority().text());
        json.name("phase").value(query.phase().text());
        json.name("since").value(Instant.ofEpochMilli(query.startedMs()).toString());
        json.name("seconds").number(query.elapsedNanos() / NANOS_PER_SECOND);
        json.name("waitedSeconds").number(query.waitedNanos() / NANOS_PER_SECOND);
        json.name("rangeSeconds").value(origin.rangeMs() / 1_000);
        json.name("client").value(origin.client());
        json.name("userAgent").value(origin.userAgent());
        json.name("series").value(usage.series());
        json.name("samples").value(usage.samples());
        json.name("fetchedBytes").value(usage.fetchedBytes());
        json.name("memoryBytes").value(usage.memoryBytes());
        json.name("peakMemoryBytes").value(usage.peakMemoryBytes());
        json.endObject();
    }

    Answer cancel(Call call) throws ApiException {
        long id;
        try {
            id = Long.parseLong(call.path());
        } catch (NumberFormatException e) {
            throw ApiException.invalid("id", "must be a number: found=" + call.path());
        }
        if (!load.active().cancel(id)) {
            throw new ApiException(
                    ErrorType.NOT_FOUND, "no query of that number is active: id=" + id);
        }
        return Answer.of(
                json -> json.beginObject().name("cancelled").value(Long.toString(id)).endObject());
    }

    /// The names of the fields are those of VictoriaMetrics, so that its page can show them.
    Answer top(Call call) throws ApiException {
        Parameters parameters = call.parameters();
        int count = parameters.has("topN") ? number(parameters.text("topN")) : DEFAULT_TOP;
        long lifetimeMs =
                parameters.has("maxLifetime")
                        ? parameters.durationNanos("maxLifetime") / 1_000_000
                        : load.top().windowMs();
        long sinceMs = clock.millis() - lifetimeMs;
        return Answer.bare(json -> {
            json.beginObject().name("status").value("ok");
            json.name("topN").value(Integer.toString(count));
            json.name("maxLifetime").value(lifetimeMs / 1_000 + "s");
            json.name("search.queryStats.lastQueriesCount").value(load.top().limit());
            for (Order order : Order.values()) {
                json.name(field(order)).beginArray();
                for (TopQueries.Cost cost : load.top().top(order, count, sinceMs)) {
                    write(order, cost, json);
                }
                json.endArray();
            }
            json.endObject();
        });
    }

    private static int number(String text) throws ApiException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw ApiException.invalid("topN", "must be a number: found=" + text);
        }
    }

    private static String field(Order order) {
        return switch (order) {
            case COUNT -> "topByCount";
            case AVERAGE_TIME -> "topByAvgDuration";
            case TIME -> "topBySumDuration";
            case AVERAGE_MEMORY -> "topByAvgMemoryUsage";
        };
    }

    private static void write(Order order, TopQueries.Cost cost, JsonWriter json)
            throws IOException {
        json.beginObject().name("query").value(cost.query());
        json.name("timeRangeSeconds").value(cost.rangeSeconds());
        switch (order) {
            case COUNT -> {}
            case AVERAGE_TIME ->
                    json.name("avgDurationSeconds")
                            .number(cost.sumNanos() / NANOS_PER_SECOND / cost.count());
            case TIME -> json.name("sumDurationSeconds").number(cost.sumNanos() / NANOS_PER_SECOND);
            case AVERAGE_MEMORY ->
                    json.name("avgMemoryBytes").value(cost.sumMemoryBytes() / cost.count());
        }
        json.name("count").value(cost.count());
        json.name("samples").value(cost.sumSamples()).endObject();
    }
}
