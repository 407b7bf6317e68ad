package dev.muster.query.api;

import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.Completeness;
import dev.muster.promql.PromQl;
import dev.muster.promql.QueryException;
import dev.muster.query.load.ActiveQuery;
import dev.muster.query.load.Gate;
import dev.muster.query.load.HeapGuard;
import dev.muster.query.load.QueryLoad;
import dev.muster.query.load.TextLimits;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Runs operations on virtual threads, maps what goes wrong to answers, in one place, and writes
/// answers. A call whose client leaves is stopped. Thread-safe.
final class Dispatcher {
    private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());

    /// The share of what should have answered that did, 0 to 1.
    private static final String COMPLETENESS = "X-Muster-Completeness";

    private static final long CLIENT_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /// Room for expressions as deep as the parser lets pass; only what is used takes memory.
    private static final long STACK_BYTES = 8 << 20;

    private final ApiLimits limits;
    private final ApiMetrics metrics;
    private final QueryLoad load;

    /// Calls that read compute on threads of the system: these share the processors fairly, which
    /// virtual threads do not while they compute. The gate bounds how many there are.
    private final ExecutorService readers =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform()
                            .name("query-", 0)
                            .stackSize(STACK_BYTES)
                            .daemon(true)
                            .factory());

    Dispatcher(ApiLimits limits, ApiMetrics metrics, QueryLoad load) {
        this.limits = limits;
        this.metrics = metrics;
        this.load = load;
    }

    /// @param name of the call, for metrics
    /// @param reads whether it reads series, so that it must wait for its turn
    void handle(RoutingContext context, String name, boolean reads, Operation operation) {
        CallBudget budget =
                new CallBudget(limits, Origins.priority(context.request()), load.memory());
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
        CallThread thread = new CallThread();
        budget.onStop(thread::interrupt);
        context.addEndHandler(ended -> {
            if (ended.failed()) {
                budget.cancel();
                metrics.abandoned();
            }
        });
        Running running =
                new Running(context.response(), call, name, operation, System.nanoTime(), thread);
        if (reads) {
            ActiveQuery query =
                    load.active().begin(Origins.origin(context.request(), call, name), budget);
            Thread.ofVirtual().name("gate-" + name).start(() -> await(running, query));
        } else {
            Thread.ofVirtual()
                    .name("call-" + name)
                    .start(() -> end(running, run(running, () -> {})));
        }
    }

    /// A call on its way.
    private record Running(
            HttpServerResponse response,
            Call call,
            String name,
            Operation operation,
            long startNanos,
            CallThread thread) {}

    private static Map<String, List<String>> mapOf(MultiMap parameters) {
        Map<String, List<String>> map = new HashMap<>();
        for (String name : parameters.names()) {
            map.put(name, parameters.getAll(name));
        }
        return map;
    }

    /// Waits for the turn of a call that reads, and hands it over.
    private void await(Running running, ActiveQuery query) {
        CallBudget budget = running.call.budget();
        Optional<Gate.Place> place = Optional.empty();
        ApiException failure = ApiException.badData("");
        running.thread.begin();
        try {
            checkText(running.call);
            budget.check();
            place = Optional.of(load.gate().enter(budget.priority(), budget.left()));
        } catch (LimitException e) {
            metrics.limited(e.limit());
            failure = e.answer();
        } catch (Gate.RefusedException e) {
            load.metrics().refused(budget.priority());
            failure = ofGate(e);
        } catch (InterruptedException e) {
            failure =
                    budget.stopped()
                            .map(this::ofBudget)
                            .orElse(
                                    new ApiException(
                                            ErrorType.CANCELED,
                                            "query was canceled in query queue"));
        } catch (BudgetExceededException e) {
            failure = ofBudget(e);
        } finally {
            running.thread.end();
        }
        if (place.isPresent()) {
            Gate.Place held = place.get();
            load.metrics().waited(budget.priority(), query.elapsedNanos());
            load.active().running(query);
            readers.execute(() -> read(running, query, held));
        } else {
            writeError(running.response, running.call, failure);
            load.active().end(query, failure.type().text());
            end(running, failure.type().text());
        }
    }

    private void read(Running running, ActiveQuery query, Gate.Place place) {
        String outcome = ErrorType.INTERNAL.text();
        try (place) {
            outcome = run(running, query::answering);
        } finally {
            load.active().end(query, outcome);
            end(running, outcome);
        }
    }

    private void end(Running running, String outcome) {
        running.call.budget().close();
        metrics.ended(running.name, outcome, System.nanoTime() - running.startNanos);
    }

    private void checkText(Call call) throws LimitException {
        for (String name : List.of("query", "match[]")) {
            for (String text : call.parameters().texts(name)) {
                check(load.text().length(text));
                try {
                    check(
                            name.equals("query")
                                    ? load.text().selectors(load.parsed().expr(text))
                                    : load.text().selectors(List.of(PromQl.parseSelector(text))));
                } catch (QueryException e) {
                    // The call itself says what is wrong with it.
                    LOG.log(System.Logger.Level.DEBUG, "text is wrong", e);
                }
            }
        }
    }

    private static void check(Optional<TextLimits.Passed> passed) throws LimitException {
        if (passed.isPresent()) {
            throw new LimitException(
                    passed.get().limit(),
                    new ApiException(ErrorType.EXECUTION, passed.get().message()));
        }
    }

    private ApiException ofGate(Gate.RefusedException e) {
        return switch (e.reason()) {
            case FULL -> {
                metrics.limited("max-waiting");
                yield new ApiException(ErrorType.UNAVAILABLE, String.valueOf(e.getMessage()));
            }
            case TIMEOUT -> {
                metrics.limited("max-concurrent");
                yield new ApiException(ErrorType.TIMEOUT, String.valueOf(e.getMessage()));
            }
        };
    }

    private String run(Running running, Runnable answering) {
        HttpServerResponse response = running.response;
        Call call = running.call;
        ApiException failure;
        running.thread.begin();
        try {
            Answer answer = running.operation.answer(call);
            answering.run();
            write(response, call, answer);
            return "success";
        } catch (ApiException e) {
            failure = e;
        } catch (QueryException e) {
            failure = ofQuery(e);
        } catch (BudgetExceededException e) {
            failure = ofBudget(e);
        } catch (IOException e) {
            failure = ofWorld(call, e);
        } catch (StackOverflowError e) {
            metrics.limited("nesting");
            failure = ApiException.badData("query must not be nested so deeply");
        } catch (OutOfMemoryError e) {
            metrics.limited(HeapGuard.LIMIT);
            LOG.log(System.Logger.Level.ERROR, "call ran out of memory name=" + running.name, e);
            failure = new ApiException(ErrorType.EXECUTION, "the heap of the query node is full");
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "call failed name=" + running.name, e);
            failure = new ApiException(ErrorType.INTERNAL, "internal error: " + e);
        } finally {
            running.thread.end();
        }
        failure = call.budget().stopped().map(this::ofBudget).orElse(failure);
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
        Answer.Plain plain = answer.plain();
        if (plain != null) {
            response.setStatusCode(plain.status());
            plain.headers().forEach(response::putHeader);
            ResponseStream out = new ResponseStream(response, call.budget(), CLIENT_PATIENCE_NANOS);
            plain.body().write(out);
            out.end();
            return;
        }
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
