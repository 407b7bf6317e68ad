package dev.muster.federation.sim;

import java.util.function.Consumer;

/// One promise: what happens to a cell, and how soon it must be shown.
///
/// @param name for the command line
/// @param promise in words
/// @param bound what must hold
/// @param script plays it in a world that is whole, and leaves the world whole
record Scenario(String name, String promise, Bound bound, Consumer<CellWorld> script) {
    private static final long NONE = Long.MAX_VALUE;
    private static final int P99_COPIES = 7;

    /// Times in milliseconds that shares of all latencies must not exceed.
    ///
    /// @param of which times are meant
    record Bound(Measure of, long p50Ms, long p99Ms, long maxMs) {
        /// No bound but that nothing false is shown.
        static Bound nothingFalse() {
            return new Bound(Measure.AT_QUERIES, NONE, NONE, NONE);
        }

        static Bound p99(long ms) {
            return new Bound(Measure.AT_QUERIES, NONE, ms, NONE);
        }

        static Bound max(long ms) {
            return new Bound(Measure.AT_QUERIES, NONE, NONE, ms);
        }

        static Bound other(long maxMs) {
            return new Bound(Measure.OTHER, NONE, NONE, maxMs);
        }

        boolean holds(Tally tally) {
            Latencies times = of.of(tally);
            return tally.missed == 0
                    && times.at(0.5) <= p50Ms
                    && times.at(0.99) <= p99Ms
                    && times.max() <= maxMs;
        }

        /// As in a table.
        String text() {
            StringBuilder text = new StringBuilder();
            append(text, "p50", p50Ms);
            append(text, "p99", p99Ms);
            append(text, "max", maxMs);
            return text.isEmpty() ? "nothing false" : text.toString();
        }

        private static void append(StringBuilder text, String what, long ms) {
            if (ms != NONE) {
                text.append(text.isEmpty() ? "" : ", ").append(what);
                text.append(' ').append(ms / 1000.0).append(" s");
            }
        }
    }

    /// Which times are meant.
    enum Measure {
        /// From a fault until the last query node shows it.
        AT_QUERIES,
        /// What the scenario says.
        OTHER;

        Latencies of(Tally tally) {
            return switch (this) {
                case AT_QUERIES -> tally.atQueries;
                case OTHER -> tally.other;
            };
        }
    }

    /// Plays it.
    Tally play(CellWorld world) {
        world.take();
        script.accept(world);
        return world.take();
    }

    /// Whether it is held against what agents log: then it needs a world of its own.
    boolean logs() {
        return name.equals("history") || name.equals("announced");
    }

    /// How often it is dealt out where cells get different ones: a share of times needs many.
    int copies() {
        return bound.p99Ms() == NONE ? 1 : P99_COPIES;
    }

    /// Whether the promise was kept.
    boolean kept(Tally tally) {
        return bound.holds(tally) && tally.falseEvents() == 0;
    }
}
