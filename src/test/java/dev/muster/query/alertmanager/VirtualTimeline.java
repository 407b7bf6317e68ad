package dev.muster.query.alertmanager;

import dev.muster.query.alertmanager.dispatch.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/// Time that stands still until a test moves it; everything runs on the test's thread, in order.
final class VirtualTimeline {
    private record Task(Instant at, long number, BooleanSupplier alive, Runnable run) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparing(Task::at).thenComparing(Task::number));
    private Instant now;
    private long number;

    VirtualTimeline(Instant start) {
        now = start;
    }

    Instant now() {
        return now;
    }

    /// The time of one process: what it wanted to do is forgotten when it is dead.
    Timeline of(BooleanSupplier alive) {
        return new Timeline() {
            @Override
            public Instant now() {
                return now;
            }

            @Override
            public void at(Instant time, Runnable task) {
                tasks.add(new Task(time.isBefore(now) ? now : time, number++, alive, task));
            }

            @Override
            public void fork(Runnable task) {
                at(now, task);
            }
        };
    }

    void advance(Duration time) {
        Instant end = now.plus(time);
        while (!tasks.isEmpty() && !tasks.peek().at().isAfter(end)) {
            Task task = tasks.remove();
            now = task.at();
            if (task.alive().getAsBoolean()) {
                task.run().run();
            }
        }
        now = end;
    }
}
