package dev.muster.launcher.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Ends processes: asks all at once, waits a bounded time, kills what is left.
public final class Ending {
    private static final Duration KILL_WAIT = Duration.ofSeconds(5);

    private Ending() {}

    /// @param processes what to end; ended ones do no harm
    /// @param patience how long they may take after being asked
    /// @return those that had to be killed
    public static List<ProcessHandle> endAll(
            Collection<ProcessHandle> processes, Duration patience) {
        processes.forEach(ProcessHandle::destroy);
        awaitAll(processes, patience);
        var stubborn = new ArrayList<ProcessHandle>();
        for (var process : processes) {
            if (process.isAlive()) {
                stubborn.add(process);
                process.destroyForcibly();
            }
        }
        awaitAll(stubborn, KILL_WAIT);
        return List.copyOf(stubborn);
    }

    private static void awaitAll(Collection<ProcessHandle> processes, Duration patience) {
        var exits = processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(exits).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return; // the caller looks at what still lives
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for processes to end failed", e);
        }
    }
}
