package dev.muster.agent.takeover;

import dev.muster.agent.scrape.fetch.BodySource;
import dev.muster.agent.scrape.fetch.FetchFault;
import dev.muster.agent.scrape.fetch.FetchResult;
import dev.muster.federation.detect.ProbeResult;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Fetches the body of a target in place of its lost agent: within budgets, more rarely while its
/// host is known to be down, and without a verdict where silence may be the network's.
final class GatedSource implements BodySource {
    static final String CAPACITY = "capacity: this agent scrapes as much for lost peers as it may";
    static final String SILENT = "silent: nothing of its host answers, and the cell has no verdict";
    static final String HOST_DOWN = "host is down";

    private final BodySource source;
    private final boolean onHost;
    private final HostLife life;
    private final Budgets budgets;
    private final long downNanos;
    private final LongSupplier nanoTime;
    private final TakeoverMetrics metrics;

    private volatile String untold = "";
    private volatile boolean byHost;
    private boolean tried;
    private long triedNanos;

    /// What scrapes of one host may take.
    record Budgets(RateBudget all, RateBudget host) {
        boolean take() {
            if (!host.take()) {
                return false;
            }
            if (!all.take()) {
                host.giveBack();
                return false;
            }
            return true;
        }
    }

    /// @param onHost is the target on the lost agent's host?
    /// @param downNanos from one look to the next while the host is down
    GatedSource(
            BodySource source,
            boolean onHost,
            HostLife life,
            Budgets budgets,
            long downNanos,
            LongSupplier nanoTime,
            TakeoverMetrics metrics) {
        this.source = source;
        this.onHost = onHost;
        this.life = life;
        this.budgets = budgets;
        this.downNanos = downNanos;
        this.nanoTime = nanoTime;
        this.metrics = metrics;
    }

    /// Why nothing could be said the last time; empty if something could.
    String untold() {
        return untold;
    }

    /// Was it concluded the last time from the death of the host?
    boolean byHost() {
        return byHost;
    }

    @Override
    public void fetch(Consumer<FetchResult> done) {
        long now = nanoTime.getAsLong();
        if (isDown() && tried && now - triedNanos < downNanos) {
            tell(done, down());
        } else if (!budgets.take()) {
            metrics.overCapacity.increment();
            untell(done, CAPACITY);
        } else {
            tried = true;
            triedNanos = now;
            metrics.scrapes.increment();
            source.fetch(result -> judge(result, done));
        }
    }

    private boolean isDown() {
        return onHost && life.isConfirmedDown();
    }

    private static FetchResult down() {
        return new FetchResult.Failed(FetchFault.CONNECT, HOST_DOWN, Optional.empty());
    }

    private void judge(FetchResult result, Consumer<FetchResult> done) {
        if (!(result instanceof FetchResult.Failed(var fault, var reason, _))) {
            noticeAnswer(ProbeResult.ALIVE);
            tell(done, result);
            return;
        }
        switch (kind(fault)) {
            case ANSWER -> {
                noticeAnswer(ProbeResult.ALIVE);
                tell(done, result);
            }
            case REFUSAL -> {
                noticeAnswer(ProbeResult.REFUSED);
                tell(done, result);
            }
            case SILENCE -> {
                if (isDown()) {
                    tell(done, down());
                } else if (onHost && !life.answers()) {
                    metrics.silent.increment();
                    untell(done, SILENT);
                } else {
                    tell(done, result);
                }
            }
            case OWN_TROUBLE -> untell(done, "capacity: " + reason);
        }
    }

    private enum Kind {
        /// The service gave an answer.
        ANSWER,
        /// The host answered that nobody listens.
        REFUSAL,
        /// Nobody did.
        SILENCE,
        /// This agent could not ask.
        OWN_TROUBLE
    }

    private static Kind kind(FetchFault fault) {
        return switch (fault) {
            case TLS, CLOSED, PROTOCOL, STATUS, REDIRECT, BODY_SIZE, ENCODING, CONTENT_TYPE ->
                    Kind.ANSWER;
            case REFUSED -> Kind.REFUSAL;
            case CONNECT, HOST_NOT_FOUND, TIMEOUT -> Kind.SILENCE;
            case STOPPING, HOST_EXPORTER, CREDENTIALS, PROXY, BODY_MEMORY, OTHER ->
                    Kind.OWN_TROUBLE;
        };
    }

    private void noticeAnswer(ProbeResult how) {
        if (onHost) {
            life.answered(how);
        }
    }

    private void tell(Consumer<FetchResult> done, FetchResult result) {
        untold = "";
        byHost = result instanceof FetchResult.Failed(_, var reason, _) && reason.equals(HOST_DOWN);
        done.accept(result);
    }

    private void untell(Consumer<FetchResult> done, String reason) {
        untold = reason;
        byHost = false;
        done.accept(new FetchResult.Untold(reason));
    }
}
