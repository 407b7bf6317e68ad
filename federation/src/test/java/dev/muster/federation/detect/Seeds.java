package dev.muster.federation.detect;

import java.util.stream.LongStream;

/// Seeds of random runs: four, as many as `-Dseeds=` says, or the one given with `-Dseed=`. A
/// failing run names its own. Both go by `-Dmuster.test.jvm=-Dseeds=100`.
public final class Seeds {
    private Seeds() {}

    /// The seeds of this run.
    public static LongStream few() {
        Long given = Long.getLong("seed");
        return given != null
                ? LongStream.of(given)
                : LongStream.rangeClosed(1, Long.getLong("seeds", 4));
    }
}
