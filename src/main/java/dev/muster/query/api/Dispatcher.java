package dev.muster.query.api;

import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.Completeness;
import dev.muster.promql.QueryException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs operations on virtual threads, maps what goes wrong to answers, in one place, and writes
/// answers. A call whose client leaves is stopped. Thread-safe.
final class Dispatcher {
    private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());

    /// The share of what should have answered that did, 0 to 1.
    private static final String COMPLETENESS = "X-Muster-Completeness";

    private static final long CLIENT_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final ApiLimits limits;
    private final Gate gate;
    private final ApiMetrics metrics;

    Dispatcher(ApiLimits limits, ApiMetrics metrics) {
        this.limits = limits;
        this.metrics = metrics;
        this.gate = new Gate(limits.maxConcurrent(), limits.maxWaiting());
        metrics.gauge("muster_query_calls_running", "Calls that read series now.", gate::running);
        metrics.gauge(
                "muster_query_calls_waiting", "Calls that wait for their turn.", gate::waiting);
    }

    /// @param name of the call, for metrics
    /// @param reads whether it reads series, so that it must wait for its turn
    void handle(RoutingContext context, String name, boolean reads, Operation operation) {
        CallBudget budget = new CallBudget(limits);
        String path = context.pathParam("name");
        // Quarkus marks every answer as not to be compressed until somebody says otherwise
        context.response().headers().remove("Content-Encoding");
        Call call =
                new Call(
                        new Parameters(
                                mapOf(context.request().formAttributes()),
                                mapOf(context.queryParams())),
                        path == null ? "" : path,
                        budget);
        long startNanos = System.nanoTime();
        HttpServerResponse response = context.response();
        Thread thread =
                Thread.ofVirtual()
                        .name("call-" + name)
                        .unstarted(() -> {
                            String outcome = run(response, call, name, reads, operation);
                            metrics.ended(name, outcome, System.nanoTime() - startNanos);
                        });
        context.addEndHandler(ended -> {
            if (ended.failed()) {
                budget.cancel();
                thread.interrupt();
                metrics.abandoned();
            }
        });
        thread.start();
    }

    private static Map<String, List<String>> mapOf(MultiMap parameters) {
        Map<String, List<String>> map = new HashMap<>();
        for (String name : parameters.names()) {
            map.put(name, parameters.getAll(name));
        }
        return map;
    }

    private String run(
            HttpServerResponse response,
            Call call,
            String name,
            boolean reads,
            Operation operation) {
        ApiException failure;
        try {
            if (!reads) {
                write(response, call, operation.answer(call));
                return "success";
            }
            try (var _ = gate.enter(call.budget())) {
                write(response, call, operation.answer(call));
                return "success";
            }
        } catch (ApiException e) {
            failure = e;
        } catch (LimitException e) {
            metrics.limited(e.limit());
            failure = e.answer();
        } catch (QueryException e) {
            failure = ofQuery(e);
        } catch (BudgetExceededException e) {
            failure = ofBudget(e);
        } catch (IOException e) {
            failure = ofWorld(call, e);
        } catch (StackOverflowError e) {
            metrics.limited("nesting");
            failure = ApiException.badData("query must not be nested so deeply");
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "call failed name=" + name, e);
            failure = new ApiException(ErrorType.INTERNAL, "internal error: " + e);
        }
        writeError(response, call, failure);
        return failure.type().text();
    }

    private ApiException ofQuery(QueryException e) {
        return switch (e.kind()) {
            case PARSE -> ApiException.invalid("query", e.getMessage());
            case EXECUTION -> new ApiException(ErrorType.EXECUTION, e.getMessage());
            case LIMIT -> {
                metrics.limited("engine");
                yield new ApiException(ErrorType.EXECUTION, e.getMessage());
            }
            case TIMEOUT -> {
                metrics.limited(CallBudget.TIMEOUT);
                yield new ApiException(ErrorType.TIMEOUT, e.getMessage());
            }
            case CANCELLED -> new ApiException(ErrorType.CANCELED, e.getMessage());
        };
    }

    private ApiException ofBudget(BudgetExceededException e) {
        String message = String.valueOf(e.getMessage());
        metrics.limited(e.limit());
        return switch (e.limit()) {
            case CallBudget.CANCELLED -> new ApiException(ErrorType.CANCELED, message);
            case CallBudget.TIMEOUT -> new ApiException(ErrorType.TIMEOUT, message);
            default -> new ApiException(ErrorType.EXECUTION, message);
        };
    }

    private static ApiException ofWorld(Call call, IOException e) {
        ErrorType type = call.budget().cancelled() ? ErrorType.CANCELED : ErrorType.EXECUTION;
        return new ApiException(type, String.valueOf(e.getMessage()));
    }

    private static void write(HttpServerResponse response, Call call, Answer answer)
            throws IOException {
        response.setStatusCode(200).putHeader("Content-Type", "application/json");
        answer.completeness()
                .ifPresent(known -> response.putHeader(COMPLETENESS, ratio(known.ratio())));
        ResponseStream out = new ResponseStream(response, call.budget(), CLIENT_PATIENCE_NANOS);
        JsonWriter json = new JsonWriter(out);
        if (answer.bare()) {
            answer.content().write(json);
        } else {
            writeEnvelope(json, answer);
        }
        json.finish();
        out.end();
    }

    private static void writeEnvelope(JsonWriter json, Answer answer) throws IOException {
        json.beginObject().name("status").value("success").name("data");
        answer.content().write(json);
        if (!answer.warnings().isEmpty()) {
            json.name("warnings").strings(answer.warnings());
        }
        if (!answer.infos().isEmpty()) {
            json.name("infos").strings(answer.infos());
        }
        if (!answer.completeness().orElse(Completeness.NONE).whole()) {
            json.name("completeness").number(answer.completeness().orElseThrow().ratio());
        }
        json.endObject();
    }

    /// Rounded down, so that an answer with the smallest gap is not called whole.
    private static String ratio(double ratio) {
        return BigDecimal.valueOf(ratio)
                .setScale(4, RoundingMode.DOWN)
                .stripTrailingZeros()
                .toPlainString();
    }

    private static void writeError(HttpServerResponse response, Call call, ApiException failure) {
        if (response.headWritten() || response.closed()) {
            if (!response.ended() && !response.closed()) {
                // half an answer must not look like a whole one
                response.reset();
            }
            return;
        }
        response.setStatusCode(failure.type().status())
                .putHeader("Content-Type", "application/json");
        try {
            ResponseStream out = new ResponseStream(response, call.budget(), CLIENT_PATIENCE_NANOS);
            new JsonWriter(out)
                    .beginObject()
                    .name("status")
                    .value("error")
                    .name("errorType")
                    .value(failure.type().text())
                    .name("error")
                    .value(failure.getMessage())
                    .endObject()
                    .finish();
            out.end();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "client has left before the error was told", e);
        }
    }
}
