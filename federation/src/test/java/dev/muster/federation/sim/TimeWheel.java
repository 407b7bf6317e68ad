package dev.muster.federation.sim;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Events on virtual time: by millisecond and, within one, in the order in which they were made.
/// Nothing is allocated for an event of the near future. Confined to one thread.
final class TimeWheel {
    /*
     * A wheel of SPAN slots of a millisecond each, every slot a list of events linked through `next`. An event further
     * ahead than the wheel waits in `later`; when its millisecond comes it goes first, since it was made before all in the
     * slot. Free places of the pool are linked through `next` too.
     */

    private static final int SPAN = 1 << 13;
    private static final int NONE = -1;

    /// What is done with an event.
    interface Handler {
        /// @param kind what happens
        /// @param target to whom
        /// @param run the run of the target that it is meant for
        /// @param what with what
        void handle(int kind, int target, int run, @Nullable Object what);
    }

    private record Later(
            long atMs, long order, int kind, int target, int run, @Nullable Object what) {}

    private final int[] first = new int[SPAN];
    private final int[] last = new int[SPAN];
    private final PriorityQueue<Later> later =
            new PriorityQueue<>(
                    Comparator.comparingLong(Later::atMs).thenComparingLong(Later::order));

    private int[] next = new int[0];
    private int[] kinds = new int[0];
    private int[] targets = new int[0];
    private int[] runs = new int[0];
    private @Nullable Object[] whats = new @Nullable Object[0];
    private int free = NONE;
    private long order;
    private long nowMs;
    private long handled;

    TimeWheel() {
        Arrays.fill(first, NONE);
        Arrays.fill(last, NONE);
    }

    /// Virtual time, from 0.
    long nowMs() {
        return nowMs;
    }

    /// How many events have happened.
    long handled() {
        return handled;
    }

    /// Plans an event.
    void in(long delayMs, int kind, int target, int run, @Nullable Object what) {
        if (delayMs < 0) {
            throw new IllegalArgumentException("delay must not be negative: delayMs=" + delayMs);
        }
        if (delayMs >= SPAN) {
            later.add(new Later(nowMs + delayMs, order++, kind, target, run, what));
            return;
        }
        if (free == NONE) {
            grow();
        }
        int event = free;
        free = next[event];
        kinds[event] = kind;
        targets[event] = target;
        runs[event] = run;
        whats[event] = what;
        next[event] = NONE;
        int slot = (int) (nowMs + delayMs) & (SPAN - 1);
        if (first[slot] == NONE) {
            first[slot] = event;
        } else {
            next[last[slot]] = event;
        }
        last[slot] = event;
    }

    /// Lets time pass, and all that is planned for it happen.
    void run(long ms, Handler handler) {
        long endMs = nowMs + ms;
        while (true) {
            moment(handler);
            if (nowMs >= endMs) {
                return;
            }
            nowMs++;
        }
    }

    private void moment(Handler handler) {
        for (Later due = later.peek(); due != null && due.atMs <= nowMs; due = later.peek()) {
            later.remove();
            handled++;
            handler.handle(due.kind, due.target, due.run, due.what);
        }
        int slot = (int) nowMs & (SPAN - 1);
        for (int event = first[slot]; event != NONE; event = first[slot]) {
            int kind = kinds[event];
            int target = targets[event];
            int run = runs[event];
            Object what = whats[event];
            first[slot] = next[event];
            whats[event] = null;
            next[event] = free;
            free = event;
            handled++;
            handler.handle(kind, target, run, what);
        }
    }

    private void grow() {
        int before = next.length;
        int size = Math.max(1024, Math.multiplyExact(before, 2));
        next = Arrays.copyOf(next, size);
        kinds = Arrays.copyOf(kinds, size);
        targets = Arrays.copyOf(targets, size);
        runs = Arrays.copyOf(runs, size);
        whats = Arrays.copyOf(whats, size);
        for (int event = size - 1; event >= before; event--) {
            next[event] = free;
            free = event;
        }
    }
}
