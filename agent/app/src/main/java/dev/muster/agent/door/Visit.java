package dev.muster.agent.door;

import dev.muster.agent.scrape.fetch.BodyEncoding;
import dev.muster.agent.scrape.fetch.BodyPool;
import dev.muster.agent.scrape.fetch.FetchException;
import dev.muster.agent.scrape.fetch.FetchFault;
import dev.muster.agent.scrape.fetch.PooledBody;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One push on its way through the door: received on the event loop, handled by a thread of its
/// own.
final class Visit {
    /*
     * The body belongs to the event loop until its end, then to the handling thread. Whatever ends the
     * reception, a limit, the deadline, the client's leaving or the end of the body, ends it once.
     */
    private static final Logger LOG = System.getLogger(Visit.class.getName());
    private static final ThreadFactory THREADS =
            Thread.ofVirtual().name("muster-push-", 0).factory();

    /// From an answer before the end of a body until its connection is closed.
    private static final long LINGER_MS = 1_000;

    /// Most that is read and dropped after an answer.
    private static final long DRAIN_LIMIT_BYTES = 1 << 20;

    private final Vertx vertx;
    private final DoorPlan plan;
    private final BodyPool pool;
    private final DoorMetrics metrics;
    private final PushRoute route;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final AtomicBoolean over = new AtomicBoolean();
    private final long begunNanos = System.nanoTime();
    private BodyEncoding encoding = BodyEncoding.IDENTITY;
    private @Nullable PooledBody body;
    private long timer;
    private long drained;

    Visit(
            Vertx vertx,
            DoorPlan plan,
            BodyPool pool,
            DoorMetrics metrics,
            PushRoute route,
            HttpServerRequest request) {
        this.vertx = vertx;
        this.plan = plan;
        this.pool = pool;
        this.metrics = metrics;
        this.route = route;
        this.request = request;
        response = request.response();
    }

    /// Receives the body and has it handled.
    void receive(PushHandler handler) {
        Optional<BodyEncoding> found =
                header("Content-Encoding").isEmpty()
                        ? Optional.of(route.unsaidEncoding())
                        : BodyEncoding.ofPushed(header("Content-Encoding"));
        if (found.isEmpty()) {
            stop(415, "encoding", "content encoding must be gzip, zstd, snappy or identity");
            return;
        }
        if (announcedBytes() > plan.bodySizeLimitBytes()) {
            stop(413, "body_size", tooLarge());
            return;
        }
        encoding = found.get();
        try {
            body = PooledBody.open(pool, plan.bodySizeLimitBytes());
        } catch (FetchException e) {
            stop(e);
            return;
        }
        if (header("Expect").equalsIgnoreCase("100-continue")) {
            response.writeContinue();
        }
        timer = vertx.setTimer(plan.bodyTimeout().toMillis(), _ -> late());
        request.exceptionHandler(_ -> gone());
        request.handler(this::chunk);
        request.endHandler(_ -> whole(handler));
    }

    private String header(String name) {
        return Objects.requireNonNullElse(request.getHeader(name), "").strip();
    }

    private long announcedBytes() {
        String length = header("Content-Length");
        return length.matches("[0-9]{1,18}") ? Long.parseLong(length) : 0;
    }

    private String tooLarge() {
        return "body must have at most bytes=" + plan.bodySizeLimitBytes();
    }

    private void chunk(Buffer chunk) {
        PooledBody receiving = body;
        if (over.get() || receiving == null) {
            return;
        }
        metrics.receivedBytes.add(chunk.length());
        try {
            receiving.append(chunk.getBytes());
        } catch (FetchException e) {
            stop(e);
        }
    }

    private void late() {
        stop(408, "body_timeout", "body must arrive within ms=" + plan.bodyTimeout().toMillis());
    }

    private void gone() {
        if (over.compareAndSet(false, true)) {
            metrics.refused(route.protocol(), "client_gone");
            leave();
        }
    }

    private void whole(PushHandler handler) {
        PooledBody received = body;
        if (received != null && over.compareAndSet(false, true)) {
            vertx.cancelTimer(timer);
            body = null;
            THREADS.newThread(() -> handle(handler, received)).start();
        }
    }

    private void handle(PushHandler handler, PooledBody received) {
        try (received) {
            received.inflate(encoding);
            metrics.inflatedBytes.add(received.length());
            answer(handler.handle(pushed(received)));
        } catch (PushRefusedException e) {
            refuse(e.status(), e.reason(), e.text());
        } catch (FetchException e) {
            refuse(status(e.fault()), reason(e.fault()), text(e));
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, () -> "push failed protocol=" + route.protocol(), e);
            refuse(500, "internal", "internal error: " + e.getClass().getSimpleName());
        } finally {
            leave();
        }
    }

    private PushRequest pushed(PooledBody received) {
        Map<String, List<String>> parameters = new HashMap<>();
        request.params()
                .names()
                .forEach(name -> parameters.put(name, request.params().getAll(name)));
        Map<String, String> headers = new HashMap<>();
        request.headers()
                .forEach(each ->
                        headers.putIfAbsent(
                                each.getKey().toLowerCase(Locale.ROOT), each.getValue()));
        return new PushRequest(
                request.method().name(),
                Objects.requireNonNullElse(request.path(), ""),
                parameters,
                headers,
                Door.isRemote(request),
                received.bytes(),
                received.length());
    }

    /// Ends the reception with a refusal; the rest of the body is not waited for.
    private void stop(int status, String reason, String text) {
        if (over.compareAndSet(false, true)) {
            refuse(status, reason, text);
            leave();
        }
    }

    private void stop(FetchException e) {
        stop(status(e.fault()), reason(e.fault()), text(e));
    }

    private void leave() {
        vertx.cancelTimer(timer);
        PooledBody unread = body;
        body = null;
        if (unread != null) {
            unread.close();
        }
        metrics.nanos.add(System.nanoTime() - begunNanos);
        metrics.inProgress.decrementAndGet();
    }

    private static int status(FetchFault fault) {
        return switch (fault) {
            case BODY_SIZE -> 413;
            case BODY_MEMORY -> 429;
            default -> 400;
        };
    }

    private static String reason(FetchFault fault) {
        return fault.label();
    }

    private String text(FetchException e) {
        return e.fault() == FetchFault.BODY_SIZE ? tooLarge() : e.reason();
    }

    /// Answers with a refusal, and closes the connection where the body has not come to its end.
    void refuse(int status, String reason, String text) {
        metrics.refused(route.protocol(), reason);
        PushAnswer answer = PushAnswer.text(status, text);
        if (status == 401) {
            answer = answer.with("WWW-Authenticate", "Bearer, Basic realm=\"muster\"");
        }
        if (status == 429 || status == 503) {
            answer = answer.with("Retry-After", "1");
        }
        boolean unread = !request.isEnded();
        if (unread) {
            request.handler(this::drain);
            request.endHandler(_ -> {});
        }
        answer(answer);
        if (unread) {
            vertx.setTimer(LINGER_MS, _ -> close());
        }
    }

    /// A client that still sends gets to read the answer; one that goes on and on is not read.
    private void drain(Buffer chunk) {
        drained += chunk.length();
        if (drained > DRAIN_LIMIT_BYTES) {
            request.pause();
        }
    }

    private void close() {
        if (request.isEnded()) {
            return;
        }
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset(0);
        } else {
            request.connection().close();
        }
    }

    private void answer(PushAnswer answer) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(answer.status());
        answer.headers().forEach(response::putHeader);
        response.end(Buffer.buffer(answer.body()));
    }
}
