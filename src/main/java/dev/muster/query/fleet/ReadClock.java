package dev.muster.query.fleet;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Knows of each event loop until when it has handed over what came on its connections.
/// Thread-safe.
final class ReadClock {
    /*
     * A timer of the loop looks at the clock. Between two of its turns the loop has handed over what was there at the
     * first of them: timers and connections take turns. So what came before the last turn but one is known to be read.
     */
    static final long TURN_MS = 100;

    private final Map<Thread, Loop> loops = new ConcurrentHashMap<>();

    /// The two last turns of a loop, milliseconds of a clock that does not step. Written by the
    /// loop.
    static final class Loop {
        private volatile long readMs;
        private volatile long turnMs;

        Loop(long nowMs) {
            readMs = nowMs;
            turnMs = nowMs;
        }

        void turn(long nowMs) {
            readMs = turnMs;
            turnMs = nowMs;
        }

        /// Until when all was handed over.
        long readMs(long nowMs) {
            // between two turns of a loop that is not late nothing can be said but that it is not
            // late
            return nowMs - turnMs <= 2 * TURN_MS && nowMs - readMs <= 4 * TURN_MS ? nowMs : readMs;
        }
    }

    /// The loop that calls this; null if the caller is none.
    @Nullable Loop current() {
        Context context = Vertx.currentContext();
        return context == null || !context.isEventLoopContext()
                ? null
                : loops.computeIfAbsent(Thread.currentThread(), _ -> started(context));
    }

    private static Loop started(Context context) {
        Loop loop = new Loop(nowMs());
        var _ = context.owner().setPeriodic(TURN_MS, _ -> loop.turn(nowMs()));
        return loop;
    }

    static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
