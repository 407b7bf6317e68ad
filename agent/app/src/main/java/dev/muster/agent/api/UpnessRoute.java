package dev.muster.agent.api;

import dev.muster.agent.json.JsonText;
import dev.muster.agent.upness.UpnessReader;
import dev.muster.blocks.upness.UpnessEncoder;
import dev.muster.blocks.upness.UpnessEntry;
import dev.muster.blocks.upness.UpnessRun;
import dev.muster.blocks.upness.UpnessTarget;
import dev.muster.model.time.TimeRange;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/// `GET /api/v1/upness`: the log of upness, as JSON lines, or with `format=log` as it lies on disk.
final class UpnessRoute {
    static final String LOG_TYPE = "application/vnd.muster.upness";
    private static final String LINES_TYPE = "application/x-ndjson";
    private static final long DEFAULT_MS = 3_600_000;

    private final Executor executor;
    private final ApiMetrics metrics;
    private final InstantSource clock;

    UpnessRoute(Executor executor, ApiMetrics metrics, InstantSource clock) {
        this.executor = executor;
        this.metrics = metrics;
        this.clock = clock;
    }

    void handle(HttpServerRequest request, UpnessReader reader) {
        HttpServerResponse response = request.response();
        try {
            long nowMs = clock.millis();
            long toMs = time(request, "to", nowMs + 1);
            TimeRange range = new TimeRange(time(request, "from", toMs - DEFAULT_MS), toMs);
            boolean log = "log".equals(request.getParam("format"));
            Predicate<UpnessTarget> wanted =
                    wanted(parameter(request, "cell"), parameter(request, "host"));
            Answers.onWorker(
                    executor,
                    metrics,
                    response,
                    () -> answer(range, wanted, log, reader, response));
        } catch (IllegalArgumentException e) {
            Answers.json(response, 400, Answers.error("bad_data", String.valueOf(e.getMessage())));
        }
    }

    private static String parameter(HttpServerRequest request, String name) {
        return Objects.requireNonNullElse(request.getParam(name), "");
    }

    private static Predicate<UpnessTarget> wanted(String cell, String host) {
        return target ->
                (cell.isEmpty() || cell.equals(target.cell()))
                        && (host.isEmpty() || host.equals(target.host()));
    }

    /// A time as Prometheus takes it: seconds, or RFC 3339.
    private static long time(HttpServerRequest request, String name, long otherwise) {
        String text = parameter(request, name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            return text.indexOf('T') > 0
                    ? Instant.parse(text).toEpochMilli()
                    : Math.round(Double.parseDouble(text) * 1000);
        } catch (DateTimeParseException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "time must be seconds or RFC 3339: " + name + "=" + text, e);
        }
    }

    private static void answer(
            TimeRange range,
            Predicate<UpnessTarget> wanted,
            boolean log,
            UpnessReader reader,
            HttpServerResponse response) {
        try {
            Collection<UpnessRun> runs = reader.read(range, wanted);
            response.setChunked(true);
            response.putHeader("Content-Type", log ? LOG_TYPE : LINES_TYPE);
            ResponseStream out = new ResponseStream(response);
            if (log) {
                writeLog(runs, out);
            } else {
                writeLines(runs, out);
            }
            out.flush();
            response.end();
        } catch (IOException e) {
            Answers.cut(response, 500, String.valueOf(e.getMessage()));
        }
    }

    private static void writeLog(Collection<UpnessRun> runs, OutputStream out) throws IOException {
        UpnessEncoder encoder = new UpnessEncoder();
        out.write(encoder.magic());
        for (UpnessRun run : runs) {
            out.write(encoder.begin(run.cell(), run.observer(), run.incarnation(), run.fromMs()));
            for (UpnessEntry entry : run.entries()) {
                // held: it does not say that the run was still watched then
                out.write(encoder.entry(entry, true));
            }
            out.write(
                    run.open()
                            ? encoder.goesOn(run.untilMs())
                            : encoder.end(run.untilMs(), run.cut()));
        }
        out.write(encoder.done());
    }

    private static void writeLines(Collection<UpnessRun> runs, OutputStream out)
            throws IOException {
        for (UpnessRun run : runs) {
            line(out, watch(run));
            for (UpnessEntry entry : run.entries()) {
                line(out, change(run, entry));
            }
        }
        line(out, new JsonObject().put("kind", "done").put("runs", runs.size()));
    }

    private static JsonObject watch(UpnessRun run) {
        return new JsonObject()
                .put("kind", "watch")
                .put("cell", run.cell())
                .put("observer", run.observer())
                .put("incarnation", run.incarnation())
                .put("fromMs", run.fromMs())
                .put("untilMs", run.untilMs())
                .put("cut", run.cut())
                .put("open", run.open());
    }

    private static JsonObject change(UpnessRun run, UpnessEntry entry) {
        JsonObject json =
                new JsonObject()
                        .put("kind", entry.decidedMs() < run.fromMs() ? "held" : "change")
                        .put("host", entry.target().host());
        if (!entry.target().isHost()) {
            json.put("job", entry.target().job()).put("instance", entry.target().instance());
        }
        json.put("atMs", entry.atMs()).put("decidedMs", entry.decidedMs());
        if (entry.untilMs() != 0) {
            json.put("untilMs", entry.untilMs());
        }
        return json.put("from", entry.from().label())
                .put("to", entry.to().label())
                .put("cause", entry.cause())
                .put("reason", entry.reason())
                .put("provenance", entry.provenance().label())
                .put("version", entry.version())
                .put("zone", entry.zone())
                .put("rack", entry.rack())
                .put("witnesses", new JsonArray(entry.witnesses()));
    }

    private static void line(OutputStream out, JsonObject json) throws IOException {
        out.write((JsonText.of(json) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
