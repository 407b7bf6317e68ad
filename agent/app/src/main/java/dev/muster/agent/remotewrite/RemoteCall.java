package dev.muster.agent.remotewrite;

import dev.muster.agent.scrape.job.HttpAnswer;
import dev.muster.agent.scrape.job.HttpQuestion;
import dev.muster.agent.scrape.job.HttpRequests;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Sends requests to one store until it took or refused them. Thread-safe.
final class RemoteCall {
    private static final Logger LOG = System.getLogger(RemoteCall.class.getName());
    private static final long WARN_NANOS = Duration.ofSeconds(60).toNanos();

    /// A refused request is divided into so many parts.
    private static final int PARTS = 64;

    /// And some of these further, down to one sample.
    private static final int FURTHER_PARTS = 200;

    private static final int UNSUPPORTED = 415;
    private static final int ANSWER_BYTES = 64 << 10;
    private static final int TEXT_LIMIT = 300;
    private static final Duration AFTER_LIMIT = Duration.ofMinutes(5);

    private final RemotePlan plan;
    private final HttpRequests requests;
    private final RemoteMetrics metrics;
    private final AtomicLong warnedNanos = new AtomicLong(System.nanoTime() - WARN_NANOS);

    RemoteCall(RemotePlan plan, HttpRequests requests, RemoteMetrics metrics) {
        this.plan = plan;
        this.requests = requests;
        this.metrics = metrics;
    }

    /// What a try came to.
    private sealed interface Outcome {
        /// The store has it.
        record Taken(Optional<Long> written) implements Outcome {}

        /// The store will never take it.
        ///
        /// @param wrong is something of it the reason?
        record Refused(String reason, boolean wrong) implements Outcome {}

        /// It may take it later.
        record Later(String reason, Duration after) implements Outcome {}

        /// It does not know this version of the protocol.
        record Unknown(String reason) implements Outcome {}
    }

    /// Returns when the store has it or refused it for good, which is counted. What is refused as
    /// wrong is divided, so that one late sample does not cost those beside it: some stores refuse
    /// a request whole.
    ///
    /// @throws UnknownVersionException if the store does not know the protocol's version 2.0
    void send(RequestBody body) throws InterruptedException, UnknownVersionException {
        send(body, Math.max(1, body.itemCount() / PARTS), new AtomicInteger(FURTHER_PARTS));
    }

    /// @param granule larger ones are divided when they are refused
    /// @param further how often smaller ones may be
    private void send(RequestBody body, int granule, AtomicInteger further)
            throws InterruptedException, UnknownVersionException {
        if (attempts(body, granule, further)) {
            int middle = body.itemCount() / 2;
            send(body.part(0, middle), granule, further);
            send(body.part(middle, body.itemCount()), granule, further);
        }
    }

    /// @return is it to be divided?
    private boolean attempts(RequestBody body, int granule, AtomicInteger further)
            throws InterruptedException, UnknownVersionException {
        byte[] packed = body.packed();
        Map<String, String> headers = new HashMap<>(plan.headers());
        headers.putAll(body.headers());
        headers.put("User-Agent", "muster-agent");
        long backoffMs = plan.queue().minBackoff().toMillis();
        while (true) {
            switch (attempt(body, packed, headers)) {
                case Outcome.Taken(var written) -> {
                    taken(body, packed.length, written);
                    return false;
                }
                case Outcome.Refused(var reason, var wrong) -> {
                    boolean small = body.itemCount() <= granule;
                    if (wrong
                            && body.itemCount() > 1
                            && (!small || further.getAndDecrement() > 0)) {
                        return true;
                    }
                    metrics.samplesFailed.add(body.size());
                    warn("samples refused and dropped", reason);
                    taken(body, packed.length, Optional.empty());
                    return false;
                }
                case Outcome.Unknown(var reason) -> {
                    warn("version 2.0 not known by the store, goes on with 1.0", reason);
                    throw new UnknownVersionException(reason);
                }
                case Outcome.Later(var reason, var after) -> {
                    metrics.samplesRetried.add(body.size());
                    warn("samples not taken, tried again", reason);
                    long jitter = ThreadLocalRandom.current().nextLong(backoffMs / 4 + 1);
                    Thread.sleep(Math.max(after.toMillis(), backoffMs + jitter));
                    backoffMs = Math.min(2 * backoffMs, plan.queue().maxBackoff().toMillis());
                }
            }
        }
    }

    private void taken(RequestBody body, int bytes, Optional<Long> written) {
        metrics.samples.add(body.samples());
        metrics.histograms.add(body.histograms());
        metrics.exemplars.add(body.exemplars());
        metrics.metadata.add(body.metadata());
        metrics.bytes.add(bytes);
        if (body.newestMs() != Long.MIN_VALUE) {
            metrics.newestMs.accumulateAndGet(body.newestMs(), Math::max);
        }
        written.ifPresent(count -> metrics.samplesFailed.add(Math.max(0, body.samples() - count)));
    }

    private Outcome attempt(RequestBody body, byte[] packed, Map<String, String> headers)
            throws InterruptedException {
        long startNanos = System.nanoTime();
        metrics.requests.increment();
        try {
            HttpAnswer answer =
                    requests.post(
                            new HttpQuestion(
                                    plan.url(),
                                    Optional.empty(),
                                    plan.access(),
                                    headers,
                                    plan.timeout(),
                                    ANSWER_BYTES),
                            packed);
            return outcome(body, answer);
        } catch (IOException e) {
            return new Outcome.Later(String.valueOf(e.getMessage()), Duration.ZERO);
        } finally {
            metrics.requestNanos.add(System.nanoTime() - startNanos);
        }
    }

    private Outcome outcome(RequestBody body, HttpAnswer answer) {
        int status = answer.status();
        if (status / 100 == 2) {
            return new Outcome.Taken(number(answer, "X-Prometheus-Remote-Write-Samples-Written"));
        }
        String reason = "status=" + status + ": " + text(answer);
        if (status == UNSUPPORTED && body instanceof SecondBody) {
            return new Outcome.Unknown(reason);
        }
        boolean later = status / 100 == 5 || (status == 429 && plan.queue().retryOn429());
        return later
                ? new Outcome.Later(reason, after(answer))
                : new Outcome.Refused(reason, status == 400 || status == 413);
    }

    private static Duration after(HttpAnswer answer) {
        Duration after = Duration.ofSeconds(Math.max(0, number(answer, "Retry-After").orElse(0L)));
        return after.compareTo(AFTER_LIMIT) > 0 ? AFTER_LIMIT : after;
    }

    private static Optional<Long> number(HttpAnswer answer, String header) {
        try {
            String text = answer.header(header).strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static String text(HttpAnswer answer) {
        String text = new String(answer.body(), StandardCharsets.UTF_8).strip();
        return text.length() <= TEXT_LIMIT ? text : text.substring(0, TEXT_LIMIT) + "…";
    }

    private void warn(String what, String reason) {
        long now = System.nanoTime();
        long before = warnedNanos.get();
        if (now - before >= WARN_NANOS && warnedNanos.compareAndSet(before, now)) {
            LOG.log(
                    Level.WARNING,
                    () -> "remote write: " + what + ": name=" + plan.name() + ", " + reason);
        }
    }
}
