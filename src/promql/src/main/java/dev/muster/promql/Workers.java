package dev.muster.promql;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// The threads that help those of queries. There are as many as processors, for all queries of the
/// process together; they start when first needed and end when idle.
final class Workers {
    /// Most requests for help that wait; a query gets no further help beyond that.
    private static final int WAITING_LIMIT = 1_000;

    private static final long IDLE_SECONDS = 30;

    private Workers() {}

    /// Loaded with the first query that asks for help.
    private static final class Pool {
        private static final AtomicInteger NUMBER = new AtomicInteger();
        private static final ThreadPoolExecutor THREADS = threads();

        private static ThreadPoolExecutor threads() {
            int size = Math.max(1, Runtime.getRuntime().availableProcessors());
            ThreadPoolExecutor threads =
                    new ThreadPoolExecutor(
                            size,
                            size,
                            IDLE_SECONDS,
                            TimeUnit.SECONDS,
                            new ArrayBlockingQueue<>(WAITING_LIMIT),
                            task ->
                                    Thread.ofPlatform()
                                            .name("promql-" + NUMBER.incrementAndGet())
                                            .daemon(true)
                                            .unstarted(task));
            threads.allowCoreThreadTimeOut(true);
            return threads;
        }
    }

    /// Help that was asked for. It may never come, if all threads are busy.
    static final class Helper implements Runnable {
        private final Runnable work;
        private final AtomicBoolean taken = new AtomicBoolean();
        private final CountDownLatch done = new CountDownLatch(1);

        private Helper(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (taken.compareAndSet(false, true)) {
                try {
                    work.run();
                } finally {
                    done.countDown();
                }
            }
        }

        /// Does without it if it has not begun, else waits for its end.
        ///
        /// @param onInterrupt called if the waiting thread is interrupted, to make it end soon
        void finish(Runnable onInterrupt) {
            if (taken.compareAndSet(false, true)) {
                Pool.THREADS.remove(this);
                return;
            }
            boolean interrupted = false;
            while (true) {
                try {
                    done.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                    onInterrupt.run();
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Asks for one more thread that runs `work`, which must not throw.
    static Helper ask(Runnable work) {
        Helper helper = new Helper(work);
        try {
            Pool.THREADS.execute(helper);
        } catch (RejectedExecutionException e) {
            helper.taken.set(true);
            helper.done.countDown();
        }
        return helper;
    }
}
