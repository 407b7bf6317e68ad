package dev.muster.head;

import java.util.Random;

/// Seeds of property tests: `-Dseed=` repeats one run, `-Dseeds=` says how many there are.
public final class Seeds {
    private Seeds() {}

    /// The seeds to run: the one that was set, or some new ones, printed.
    ///
    /// @param count how many, unless `-Dseeds=` says so
    public static long[] some(String test, int count) {
        Long set = Long.getLong("seed");
        if (set != null) {
            return new long[] {set};
        }
        long[] seeds = new Random().longs(Long.getLong("seeds", count)).toArray();
        for (long seed : seeds) {
            System.out.println(test + ": -Dseed=" + seed);
        }
        return seeds;
    }
}
