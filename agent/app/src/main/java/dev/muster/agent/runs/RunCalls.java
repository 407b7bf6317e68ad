package dev.muster.agent.runs;

import dev.muster.agent.door.PushAnswer;
import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.door.PushRequest;
import dev.muster.agent.exposition.EncodedBody;
import dev.muster.agent.exposition.EncodedFamily;
import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ExpositionFormat;
import dev.muster.agent.exposition.FamilyEncoder;
import dev.muster.agent.json.JsonText;
import dev.muster.agent.scrape.file.PrometheusDuration;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The calls by which jobs announce themselves. Thread-safe.
public final class RunCalls {
    private static final String PATH = "/api/v1/runs/";
    private static final int ID_LIMIT = 100;
    private static final long METRICS_LIMIT_BYTES = 1 << 20;

    /// So much ahead of this host's clock a time may be.
    private static final long AHEAD_MS = Duration.ofMinutes(5).toMillis();

    private static final long PAST_MS = Duration.ofDays(31).toMillis();

    private final RunStore store;
    private final String host;
    private final InstantSource clock;

    /// @param host instance of jobs that name none
    public RunCalls(RunStore store, String host, InstantSource clock) {
        this.store = store;
        this.host = host;
        this.clock = clock;
    }

    /// `PUT` announces a job, `DELETE` forgets it, `POST …/start` and `…/finish` tell of a run.
    public PushAnswer call(PushRequest request) throws PushRefusedException {
        try {
            return answer(request);
        } catch (RunException e) {
            throw new PushRefusedException(e.status(), e.reason(), String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw PushRefusedException.bad("bad", String.valueOf(e.getMessage()));
        }
    }

    private PushAnswer answer(PushRequest request) throws RunException {
        String[] parts = request.path().substring(PATH.length()).split("/", -1);
        String instance = request.parameter("instance");
        RunKey key = new RunKey(decoded(parts[0]), instance.isEmpty() ? host : instance);
        String verb = parts.length == 2 ? parts[1] : "";
        if (request.method().equals("PUT") && parts.length == 1) {
            store.declare(key, Optional.of(plan(request)));
            return PushAnswer.text(200, "announced");
        }
        if (request.method().equals("DELETE") && parts.length == 1) {
            store.remove(key);
            return PushAnswer.text(200, "forgotten");
        }
        String given = request.parameter("id");
        String id = given.isEmpty() ? UUID.randomUUID().toString() : given;
        if (id.length() > ID_LIMIT) {
            throw RunException.bad("id must have at most " + ID_LIMIT + " characters", id);
        }
        Optional<JobPlan> plan =
                request.parameter("schedule").isEmpty() && request.parameter("expected").isEmpty()
                        ? Optional.empty()
                        : Optional.of(plan(request));
        if (request.method().equals("POST") && verb.equals("start")) {
            store.start(key, plan, id, time(request, "started", clock.millis()));
            return PushAnswer.text(200, id);
        }
        if (request.method().equals("POST") && verb.equals("finish")) {
            finish(request, key, plan, id);
            return PushAnswer.text(200, id);
        }
        throw RunException.bad("path must end with start or finish", request.path());
    }

    private static String decoded(String segment) throws RunException {
        try {
            String path = URI.create("/" + segment).getPath();
            if (path != null && path.indexOf('\ufffd') < 0) {
                return path.substring(1);
            }
        } catch (IllegalArgumentException e) {
            throw RunException.bad("name of a job must be percent-encoded", segment);
        }
        throw RunException.bad("name of a job must be UTF-8", segment);
    }

    private void finish(PushRequest request, RunKey key, Optional<JobPlan> plan, String id)
            throws RunException {
        long nowMs = time(request, "finished", clock.millis());
        long told = time(request, "started", nowMs);
        long fromMs = store.startedMs(key, id).orElse(told);
        String exit = request.parameter("exit");
        if (!exit.matches("-?[0-9]{1,9}|")) {
            throw RunException.bad("exit must be a number", exit);
        }
        store.finish(
                key,
                plan,
                id,
                Math.min(fromMs, nowMs),
                nowMs,
                exit.isEmpty() ? 0 : Integer.parseInt(exit),
                families(request, key, Math.min(fromMs, nowMs)));
    }

    /// The body as metrics of the run: what counts, counts from its start.
    private static List<EncodedFamily> families(PushRequest request, RunKey key, long startMs)
            throws RunException {
        if (request.length() == 0) {
            return List.of();
        }
        ExpositionFormat format =
                ExpositionFormat.of(
                        request.header("Content-Type"), ExpositionFormat.PROMETHEUS_TEXT);
        if (format == ExpositionFormat.PROMETHEUS_PROTOBUF) {
            throw RunException.bad("metrics of a run must be text", "protobuf");
        }
        try {
            EncodedBody body =
                    FamilyEncoder.encodeText(
                            format,
                            request.bytes(),
                            request.length(),
                            key.labels(),
                            METRICS_LIMIT_BYTES,
                            startMs);
            if (body.tooLarge()) {
                throw RunException.limit(
                        "metrics of a run must have at most bytes=" + METRICS_LIMIT_BYTES);
            }
            if (body.hasTimestamps() || !body.repeated().isEmpty()) {
                throw RunException.bad(
                        "metrics of a run must have no timestamps, and each series once",
                        body.repeated());
            }
            return body.families();
        } catch (ExpositionException e) {
            throw RunException.bad("body must be an exposition", String.valueOf(e.getMessage()));
        }
    }

    private JobPlan plan(PushRequest request) throws RunException {
        String zone = request.parameter("zone");
        JobPlan plan =
                new JobPlan(
                        request.parameter("schedule").strip(),
                        zone.isEmpty() ? JobPlan.NONE.zone() : zone,
                        duration(request, "grace", JobPlan.NONE.grace()),
                        duration(request, "expected", Duration.ZERO));
        if (!plan.schedule().isEmpty()) {
            Schedule read = plan.parsed();
            if (read.next(clock.instant()).isEmpty()) {
                throw RunException.bad("schedule must have a time to come", plan.schedule());
            }
        }
        return plan;
    }

    private static Duration duration(PushRequest request, String name, Duration otherwise)
            throws RunException {
        String text = request.parameter(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        Optional<Duration> parsed =
                text.matches("[0-9]{1,9}")
                        ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
                        : PrometheusDuration.parse(text);
        if (parsed.isEmpty()) {
            throw RunException.bad(name + " must be a duration such as 90s or 1h30m", text);
        }
        return parsed.get();
    }

    private long time(PushRequest request, String name, long otherwise) throws RunException {
        String text = request.parameter(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        long now = clock.millis();
        long ms = text.matches("[0-9]{1,15}") ? Long.parseLong(text) : -1;
        if (ms < now - PAST_MS || ms > now + AHEAD_MS) {
            throw RunException.bad(name + " must be Unix milliseconds of the last 31 days", text);
        }
        return Math.min(ms, now);
    }

    /// All jobs as JSON.
    public PushAnswer list() {
        JsonArray jobs = new JsonArray();
        store.jobs().forEach(job -> jobs.add(json(job)));
        return PushAnswer.json(
                200, JsonText.of(new JsonObject().put("status", "success").put("data", jobs)));
    }

    private static JsonObject json(JobView job) {
        JsonObject running = new JsonObject();
        job.running().forEach((id, ms) -> running.put(id, text(ms)));
        return new JsonObject()
                .put("job", job.key().job())
                .put("instance", job.key().instance())
                .put("schedule", job.plan().schedule())
                .put("zone", job.plan().zone())
                .put("grace", PrometheusDuration.format(job.plan().grace()))
                .put("expected", PrometheusDuration.format(job.plan().expected()))
                .put("up", job.up())
                .put("overdue", job.overdue())
                .put("nextDue", text(job.dueMs()))
                .put("lastStart", text(job.startedMs()))
                .put("lastFinish", text(job.finishedMs()))
                .put("lastSuccess", text(job.succeededMs()))
                .put("lastExitCode", job.exitCode())
                .put("durationSeconds", job.durationMs() / 1e3)
                .put("successes", job.successes())
                .put("failures", job.failures())
                .put("running", running);
    }

    private static String text(long ms) {
        return ms == 0 ? "" : Instant.ofEpochMilli(ms).toString();
    }
}
