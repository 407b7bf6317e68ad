package dev.muster.agent.intake.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What a message costs from one thread to the next: a channel of Reactive Messaging beside a queue
/// of the JDK.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StageChannelBenchmark {
    private static final int MESSAGES = 1_000;
    private static final int LIMIT = 10_000;
    private static final int AT_ONCE = 1_000;

    private final AtomicLong taken = new AtomicLong();
    private final BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(LIMIT);
    private final StageChannel<Integer> channel =
            new StageChannel<>("bench", LIMIT, AT_ONCE, some -> taken.addAndGet(some.size()));
    private final Thread thread = Thread.ofVirtual().start(this::drain);
    private long sent;

    private void drain() {
        List<Integer> some = new ArrayList<>();
        try {
            while (true) {
                some.add(queue.take());
                queue.drainTo(some, AT_ONCE - 1);
                taken.addAndGet(some.size());
                some.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @TearDown
    public void close() throws InterruptedException {
        channel.close();
        thread.interrupt();
        thread.join();
    }

    private void awaitAll() {
        sent += MESSAGES;
        while (taken.get() < sent) {
            Thread.onSpinWait();
        }
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void channel() {
        for (int i = 0; i < MESSAGES; i++) {
            if (!channel.send(Message.of(i))) {
                throw new IllegalStateException("channel must have room");
            }
        }
        awaitAll();
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void queue() {
        for (int i = 0; i < MESSAGES; i++) {
            queue.add(i);
        }
        awaitAll();
    }
}
