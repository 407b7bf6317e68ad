package dev.muster.model.merge;

import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.ReadBudget;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Runs tasks at the same time, a virtual thread each, and waits for all of them. When one throws,
/// or the query must stop, the others are interrupted and waited for.
public final class Together {
    /// How often the query is asked whether to go on.
    private static final long CHECK_MS = 20;

    private Together() {}

    /// A task; reacts to interruption soon.
    @FunctionalInterface
    public interface Task<T> {
        T run() throws IOException;
    }

    /// @return the answers in the order of the tasks
    /// @throws BudgetExceededException if `budget` says so
    public static <T> List<T> run(List<? extends Task<T>> tasks, ReadBudget budget)
            throws IOException {
        if (tasks.size() == 1) {
            return List.of(tasks.getFirst().run());
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> running = new ArrayList<>();
            for (Task<T> task : tasks) {
                running.add(threads.submit(task::run));
            }
            try {
                List<T> answers = new ArrayList<>();
                for (Future<T> future : running) {
                    answers.add(await(future, budget));
                }
                return answers;
            } finally {
                running.forEach(future -> future.cancel(true));
            }
        }
    }

    private static <T> T await(Future<T> future, ReadBudget budget) throws IOException {
        while (true) {
            try {
                return future.get(CHECK_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                budget.check();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                budget.check();
                throw new InterruptedIOException("interrupted while sources were asked");
            } catch (ExecutionException e) {
                throw rethrown(e.getCause());
            }
        }
    }

    private static IOException rethrown(@Nullable Throwable cause) throws IOException {
        return switch (cause) {
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> new IOException(cause);
        };
    }
}
