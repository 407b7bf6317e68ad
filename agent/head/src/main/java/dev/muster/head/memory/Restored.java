package dev.muster.head.memory;

import java.util.List;

/// What was found when the store was opened.
///
/// @param nextSegment number of the segment that the log goes on with
/// @param nextSequence number of the next record
/// @param commits commits read back
/// @param samples samples in them
/// @param tornBytes bytes cut from the end of the log
/// @param damagedBytes bytes of the log that could not be read
/// @param lostCommits commits that could not be read, or not be understood without those
/// @param damage what is damaged, in words; empty when all is whole
public record Restored(
        int nextSegment,
        long nextSequence,
        long commits,
        long samples,
        long tornBytes,
        long damagedBytes,
        long lostCommits,
        List<String> damage) {
    public Restored {
        damage = List.copyOf(damage);
    }
}
