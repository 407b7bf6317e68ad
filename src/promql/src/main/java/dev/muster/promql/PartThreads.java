package dev.muster.promql;

import dev.muster.model.series.BudgetExceededException;
import dev.muster.promql.part.Part;
import dev.muster.promql.part.PartException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The threads that ask the parts of one expression. The first failure interrupts all; none runs
/// any longer after [#close].
final class PartThreads implements AutoCloseable {
    /// Most parts that are asked at the same time.
    private static final int ASKED_LIMIT = 64;

    private static final long CHECK_MS = 20;

    private final QueryBudget budget;
    private final List<Thread> threads = new ArrayList<>();
    private final Semaphore turns = new Semaphore(ASKED_LIMIT);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /// Asks a part and blocks.
    @FunctionalInterface
    interface Asking {
        void ask() throws IOException;
    }

    /// A part cannot answer; nothing is wrong with the query.
    static final class CannotAnswer extends IOException {
        CannotAnswer(String part, IOException cause) {
            super("part=" + part, cause);
        }
    }

    PartThreads(QueryBudget budget) {
        this.budget = budget;
    }

    void start(Part part, Asking asking) {
        threads.add(
                Thread.ofVirtual()
                        .name("promql-part-" + part.name())
                        .start(() -> run(part, asking)));
    }

    private void run(Part part, Asking asking) {
        try {
            turns.acquire();
        } catch (InterruptedException e) {
            return;
        }
        try {
            asking.ask();
        } catch (PartException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        } catch (IOException e) {
            failure.compareAndSet(null, new CannotAnswer(part.name(), e));
        } finally {
            turns.release();
        }
    }

    /// Waits for all answers, as long as the query may go on.
    ///
    /// @throws CannotAnswer if a part cannot answer
    /// @throws QueryException if the query has no answer at a part
    void join() throws QueryException, IOException {
        try {
            for (Thread thread : threads) {
                while (!thread.join(Duration.ofMillis(CHECK_MS))) {
                    rethrow();
                    budget.check();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BudgetExceededException(
                    QueryBudget.CANCELLED, "query was canceled in expression evaluation");
        }
        rethrow();
    }

    private void rethrow() throws QueryException, IOException {
        switch (failure.get()) {
            case null -> {}
            case PartException e ->
                    throw new QueryException(
                            QueryException.Kind.valueOf(e.kind().name()), e.getMessage(), null, e);
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        boolean interrupted = false;
        for (Thread thread : threads) {
            thread.interrupt();
        }
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
