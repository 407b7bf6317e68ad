package dev.muster.blocks.read;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Does the same for many blocks, several at a time.
final class BlockTasks {
    private BlockTasks() {}

    @FunctionalInterface
    interface Task {
        void run(int number) throws IOException;
    }

    /// Calls the task with 0 to `count` (exclusive). Returns when all is done. What a task throws
    /// stops the rest and is thrown here.
    static void run(int count, int parallel, Task task) throws IOException {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Runnable worker =
                () -> {
                    try {
                        for (int i = next.getAndIncrement();
                                i < count && failure.get() == null;
                                i = next.getAndIncrement()) {
                            task.run(i);
                        }
                    } catch (IOException | RuntimeException | Error e) {
                        failure.compareAndSet(null, e);
                    }
                };
        List<Thread> helpers = new ArrayList<>();
        for (int i = 1; i < Math.min(parallel, count); i++) {
            helpers.add(Thread.ofVirtual().name("blocks-", i).start(worker));
        }
        worker.run();
        join(helpers);
        switch (failure.get()) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private static void join(List<Thread> helpers) throws IOException {
        for (Thread helper : helpers) {
            try {
                helper.join();
            } catch (InterruptedException e) {
                helpers.forEach(Thread::interrupt);
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("reading blocks was interrupted");
            }
        }
    }
}
