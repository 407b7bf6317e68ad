package dev.muster.agent.intake;

import dev.muster.agent.door.PushRefusedException;
import dev.muster.agent.exposition.ExpositionWriter;
import dev.muster.agent.scrape.append.AppendContext;
import dev.muster.agent.scrape.append.PushAdmission;
import dev.muster.model.series.SampleSink;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Takes pushed samples into the head, whatever protocol they came by. Thread-safe.
public final class Intake implements AutoCloseable {
    /*
     * Samples are appended by the thread that appends scrapes, as the memory budget is that thread's.
     * A batch is one task of it, and batches are small, so a scrape waits for milliseconds at most.
     */
    private static final Logger LOG = System.getLogger(Intake.class.getName());
    private static final String FOLDED = "push folded";
    private static final long WAIT_SECONDS = 20;

    private final InstantSource clock;
    private final Executor appending;
    private final IntakeMetrics metrics = new IntakeMetrics();
    private final Origins origins;
    private final PushAdmission admission;
    private final BatchAppender batches;
    private volatile boolean closed;

    /// @param sink the head
    /// @param appending the one thread that appends
    /// @throws IOException if the head is closed
    public Intake(
            IntakePlan plan,
            SampleSink sink,
            AppendContext context,
            Executor appending,
            InstantSource clock)
            throws IOException {
        this.clock = clock;
        this.appending = appending;
        origins = new Origins(sink, plan.originsLimit(), plan.originMemory(), metrics);
        admission =
                new PushAdmission(sink.appender(FOLDED), plan.external(), plan.limits(), context);
        batches = new BatchAppender(origins, admission, metrics);
    }

    /// Stores the samples of a batch. When this returns they survive the death of this process.
    ///
    /// @param receipt gets what became of them
    /// @throws PushRefusedException if they could not be stored for now: some may be, and all may
    ///   be pushed again
    public void accept(PushBatch batch, IntakeReceipt receipt) throws PushRefusedException {
        CompletableFuture<IntakeReceipt> done = new CompletableFuture<>();
        AtomicBoolean taken = new AtomicBoolean();
        appending.execute(() -> {
            if (taken.compareAndSet(false, true)) {
                append(batch, done);
            }
        });
        try {
            receipt.add(await(done, taken));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notNow("agent is being stopped");
        } catch (ExecutionException e) {
            throw notNow("samples could not be stored: " + e.getCause());
        }
    }

    /// Once the batch is taken it is waited for, as it may not be used again before.
    private IntakeReceipt await(CompletableFuture<IntakeReceipt> done, AtomicBoolean taken)
            throws PushRefusedException, InterruptedException, ExecutionException {
        try {
            return done.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            if (taken.compareAndSet(false, true)) {
                metrics.busy.increment();
                throw notNow("agent must come to append within seconds=" + WAIT_SECONDS);
            }
            return done.get();
        }
    }

    private static PushRefusedException notNow(String why) {
        return new PushRefusedException(503, "store", why);
    }

    private void append(PushBatch batch, CompletableFuture<IntakeReceipt> done) {
        long begun = System.nanoTime();
        IntakeReceipt receipt = new IntakeReceipt();
        @Nullable Exception failure = null;
        try {
            if (closed) {
                throw new IOException("agent is being stopped");
            }
            batches.append(batch, clock.millis(), receipt);
        } catch (IOException | RuntimeException e) {
            metrics.commitFailures.increment();
            LOG.log(Level.WARNING, "pushed samples could not be stored", e);
            failure = e;
        }
        // before the answer, so that who has it finds it counted
        metrics.count(receipt);
        metrics.nanos.add(System.nanoTime() - begun);
        if (failure == null) {
            done.complete(receipt);
        } else {
            done.completeExceptionally(failure);
        }
    }

    /// Writes the counts of what folded and closes what rests. To be called every second.
    public void round() {
        appending.execute(() -> {
            if (closed) {
                return;
            }
            try {
                admission.round(clock.millis());
                origins.sweep(clock.millis());
            } catch (IOException e) {
                LOG.log(Level.WARNING, "counts of folded series could not be stored", e);
            }
        });
    }

    public void writeMetrics(ExpositionWriter out) {
        metrics.write(out, origins.count(), origins.openCount(), origins.limit());
    }

    /// Takes no more samples. To be called before the thread that appends ends.
    @Override
    public void close() {
        appending.execute(() -> {
            if (!closed) {
                closed = true;
                origins.close();
                admission.close();
            }
        });
    }
}
