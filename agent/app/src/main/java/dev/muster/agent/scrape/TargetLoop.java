package dev.muster.agent.scrape;

import dev.muster.agent.scrape.append.AccountQuestion;
import dev.muster.agent.scrape.append.AppendContext;
import dev.muster.agent.scrape.append.AppendRules;
import dev.muster.agent.scrape.append.FaultKind;
import dev.muster.agent.scrape.append.ScrapeBody;
import dev.muster.agent.scrape.append.ScrapeFault;
import dev.muster.agent.scrape.append.ScrapeOutcome;
import dev.muster.agent.scrape.append.SeriesAccount;
import dev.muster.agent.scrape.append.TargetAppender;
import dev.muster.agent.scrape.discovery.Target;
import dev.muster.agent.scrape.fetch.BodyEncoding;
import dev.muster.agent.scrape.fetch.BodyInflater;
import dev.muster.agent.scrape.fetch.BodySource;
import dev.muster.agent.scrape.fetch.FetchException;
import dev.muster.agent.scrape.fetch.FetchFault;
import dev.muster.agent.scrape.fetch.FetchResult;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Scrapes one target, tick by tick, until it is stopped.
final class TargetLoop {
    /*
     * Ticks fire on the timers' thread, fetches end on any thread, and everything about the appender
     * happens on the one thread of `appending`. `busy` is held from a tick until its samples are
     * appended, so at most one scrape of a target is going on, and at most one task of it waits.
     */
    enum Ending {
        /// It goes on.
        NONE,
        /// The target is gone: its series end with markers at the next tick.
        MARKED,
        /// The process ends, or another loop goes on with the target.
        QUIET
    }

    /// How much too early a timer may fire.
    private static final long EARLY_MS = 20;

    private volatile Target target;
    private final ScrapeSetup setup;
    private final ScrapeMetrics metrics;
    private final Executor appending;
    private final BodyInflater inflater;
    private final FailureLog failures;
    private final BodySource source;
    private final Map<String, String> external;
    private final TickPlan plan;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final OutcomeLog log = new OutcomeLog();
    private final @Nullable TargetLoop earlier;

    private volatile Ending ending = Ending.NONE;
    private volatile boolean ended;
    private volatile TargetStatus status;
    private volatile Runnable cancel = () -> {};
    private long expectedMs;
    private volatile long lastMs = Long.MIN_VALUE;
    private volatile long firedMs = Long.MIN_VALUE;
    private @Nullable TargetAppender appender;

    /// @param spread what its ticks are spread by
    /// @param earlier loop of the same target that this one goes on for; null if there is none
    TargetLoop(
            Target target,
            int spread,
            ScrapeSetup setup,
            Map<String, String> external,
            ScrapeWorks works,
            @Nullable TargetLoop earlier) {
        this.target = target;
        this.setup = setup;
        this.external = external;
        metrics = works.metrics();
        appending = works.appending();
        inflater = works.inflater();
        failures = works.failures();
        this.earlier = earlier;
        source = setup.sources().apply(target);
        plan = TickPlan.of(target.timing().intervalMs(), spread);
        status =
                earlier == null
                        ? TargetStatus.unscraped(target, setup.clock().millis())
                        : earlier.statusFor(target);
        if (earlier != null) {
            log.inherit(earlier.log);
        }
    }

    private TargetStatus statusFor(Target successor) {
        TargetStatus now = status;
        return now.of(successor);
    }

    Target target() {
        return target;
    }

    /// The same target was found again, perhaps in another way: shown from the next scrape on.
    ///
    /// @param again scrapes like the one before
    void found(Target again) {
        target = again;
    }

    Map<String, String> external() {
        return external;
    }

    TargetStatus status() {
        return status;
    }

    /// How scraping goes.
    ScrapeProgress progress() {
        long nextMs = plan.nextTick(plan.tickAt(setup.clock().millis()));
        return new ScrapeProgress(
                nextMs, plan.fireMs(nextMs) - nextMs, log.recent(), log.changes());
    }

    /*
     * A tick counts as fired once its scrape is going on, so that it is never taken for one that has ended; lastMs is the
     * tick of a scrape that is going on, or an earlier one.
     */
    /// The time up to which all its samples are stored that will ever come; the end of all times if
    /// it was not scraped yet, or its last scrape failed: then nobody knows when the next will
    /// come.
    long storedThroughMs() {
        long fired = firedMs;
        if (fired == Long.MIN_VALUE || !status.up()) {
            return Long.MAX_VALUE;
        }
        return busy.get() ? lastMs - 1 : plan.nextTick(fired) - 1;
    }

    /// What became of the target's series: told by the thread that appends, once it gets to it.
    CompletableFuture<SeriesAccount> account(AccountQuestion question) {
        return CompletableFuture.supplyAsync(
                () -> {
                    TargetAppender current = appender;
                    return current == null ? SeriesAccount.EMPTY : current.account(question);
                },
                appending);
    }

    /// Has it marked its series as ended?
    boolean ended() {
        return ended;
    }

    /// Waits for the first tick.
    void start() {
        long nowMs = setup.clock().millis();
        schedule(nowMs, plan.nextTick(plan.tickAt(nowMs)));
    }

    /// No scrape starts any more.
    void stop(Ending how) {
        ending = how;
        if (how == Ending.QUIET) {
            cancel.run();
        }
    }

    /// Stops, and lets go of the target's clock, so that it may be scraped again later. What was
    /// appended stays.
    ///
    /// @param gone nobody goes on with the target: its series end with markers
    void release(boolean gone) {
        stop(Ending.QUIET);
        appending.execute(() -> {
            TargetAppender current = appender;
            if (current != null && !ended) {
                ended = true;
                if (gone) {
                    current.end(Math.max(plan.tickAt(setup.clock().millis()), lastMs + 1));
                }
                current.close();
            }
        });
    }

    private void schedule(long nowMs, long tickMs) {
        expectedMs = tickMs;
        cancel = setup.timers().after(Math.max(1, plan.fireMs(tickMs) - nowMs), this::fire);
    }

    private void fire() {
        long nowMs = setup.clock().millis();
        long tickMs = plan.tickAt(nowMs + EARLY_MS);
        switch (ending) {
            case QUIET -> {}
            case MARKED -> appending.execute(() -> end(tickMs));
            case NONE -> {
                noticeClock(tickMs);
                schedule(nowMs, plan.nextTick(tickMs));
                scrape(tickMs);
                firedMs = tickMs;
            }
        }
    }

    private void noticeClock(long tickMs) {
        long lateTicks = (tickMs - expectedMs) / plan.intervalMs();
        if (lateTicks > 0) {
            metrics.ticksMissed.add(lateTicks);
        } else if (lateTicks < 0) {
            metrics.clockSteps.increment();
        }
    }

    private void scrape(long tickMs) {
        if (tickMs == lastMs) {
            return;
        }
        if (!busy.compareAndSet(false, true)) {
            metrics.ticksMissed.increment();
            return;
        }
        lastMs = tickMs;
        long startNanos = setup.nanoTime().getAsLong();
        source.fetch(result -> appending.execute(() -> finish(tickMs, startNanos, result)));
    }

    private void finish(long tickMs, long startNanos, FetchResult result) {
        @Nullable ScrapeOutcome outcome = null;
        try {
            if (ending != Ending.QUIET && !(result instanceof FetchResult.Untold)) {
                outcome = append(tickMs, startNanos, result);
            }
        } finally {
            if (result instanceof FetchResult.Received received) {
                received.release();
            }
            busy.set(false);
        }
        if (outcome != null) {
            publish(outcome, result);
        }
    }

    private ScrapeOutcome append(long tickMs, long startNanos, FetchResult result) {
        TargetAppender out;
        try {
            out = appender();
        } catch (IOException e) {
            String error = String.valueOf(e.getMessage());
            Optional<ScrapeFault> fault =
                    result instanceof FetchResult.Failed(var kind, var reason, _)
                            ? Optional.of(fault(kind, reason))
                            : Optional.empty();
            return ScrapeOutcome.notStored(tickMs, fault, error);
        }
        return switch (result) {
            case FetchResult.Failed(var kind, var reason, _) ->
                    fail(out, tickMs, kind, reason, startNanos);
            case FetchResult.Written(var format, var writer) ->
                    out.append(
                            tickMs,
                            new ScrapeBody(format, writer.bytes(), writer.size()),
                            startNanos);
            case FetchResult.Kept(var format, var body) ->
                    out.append(
                            tickMs,
                            new ScrapeBody(format, body.bytes(), body.bytes().length),
                            startNanos);
            case FetchResult.Untold(var reason) ->
                    throw new IllegalStateException("nothing must be appended: reason=" + reason);
            case FetchResult.Received received ->
                    received.encoding() == BodyEncoding.IDENTITY
                            ? out.append(tickMs, body(received), startNanos)
                            : inflateAndAppend(out, tickMs, startNanos, received);
        };
    }

    private ScrapeOutcome fail(
            TargetAppender out, long tickMs, FetchFault kind, String reason, long startNanos) {
        setup.fetches().count(kind);
        return out.fail(tickMs, fault(kind, reason), startNanos);
    }

    private static ScrapeFault fault(FetchFault kind, String reason) {
        return ScrapeFault.of(
                switch (kind) {
                    case BODY_SIZE, BODY_MEMORY -> FaultKind.BODY_LIMIT;
                    case ENCODING -> FaultKind.ENCODING;
                    default -> FaultKind.FETCH;
                },
                reason);
    }

    private ScrapeOutcome inflateAndAppend(
            TargetAppender out, long tickMs, long startNanos, FetchResult.Received received) {
        FetchResult.Received inflated;
        try {
            inflated = inflater.inflate(received, target.job().limits().bodySizeBytes());
        } catch (FetchException e) {
            return fail(out, tickMs, e.fault(), e.reason(), startNanos);
        }
        try {
            return out.append(tickMs, body(inflated), startNanos);
        } finally {
            inflated.release();
        }
    }

    private static ScrapeBody body(FetchResult.Received received) {
        return new ScrapeBody(received.format(), received.bytes(), received.length());
    }

    private TargetAppender appender() throws IOException {
        TargetAppender current = appender;
        if (current == null) {
            TargetLoop before = earlier;
            @Nullable TargetAppender inherited =
                    before == null || before.ended ? null : before.appender;
            current =
                    new TargetAppender(
                            inherited == null
                                    ? setup.sink().appender(target.key())
                                    : inherited.out(),
                            new AppendRules(
                                    target.labels(),
                                    external,
                                    target.job().limits(),
                                    target.job().rules(),
                                    target.job().formats(),
                                    target.timing().timeoutMs()),
                            new AppendContext(
                                    metrics.append,
                                    setup.budget(),
                                    setup.nanoTime(),
                                    setup.seed()));
            current.describe(target.info());
            if (inherited != null) {
                current.inherit(inherited);
            }
            appender = current;
        }
        return current;
    }

    private void publish(ScrapeOutcome outcome, FetchResult result) {
        metrics.count(outcome);
        log.add(outcome);
        result.http().ifPresent(setup.fetches()::count);
        if (!outcome.up()) {
            target.job()
                    .failureLog()
                    .ifPresent(file ->
                            failures.write(file, outcome.tickMs(), target, outcome.reason()));
        }
        TargetStatus before = status;
        boolean same = before.last().isPresent() && before.up() == outcome.up();
        TargetAppender current = appender;
        FetchReport fetch = FetchReport.of(result);
        boolean refused = fetch.fault().filter(FetchFault.REFUSED::equals).isPresent();
        status =
                new TargetStatus(
                        target,
                        Optional.of(outcome),
                        fetch,
                        same ? before.sinceMs() : outcome.tickMs(),
                        current == null ? 0 : current.seriesCount(),
                        before.service().after(outcome.up(), refused, outcome.tickMs()));
    }

    /// Ends the series of a target that is gone.
    private void end(long tickMs) {
        if (ending != Ending.MARKED) {
            // the target came back, and another loop goes on with its series
            return;
        }
        ending = Ending.QUIET;
        ended = true;
        TargetAppender current = appender;
        if (current != null) {
            current.end(Math.max(tickMs, lastMs + 1));
            current.close();
        }
    }
}
