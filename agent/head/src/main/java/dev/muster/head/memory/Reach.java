package dev.muster.head.memory;

import dev.muster.head.chunk.ChunkFile;
import dev.muster.head.chunk.SealedChunk;
import org.jspecify.annotations.Nullable;

/// Which chunks of an origin hold samples of a series in its slot: others may hold those of a
/// series that had the slot before or has it now.
///
/// @param from number of the first chunk
/// @param to number of the first chunk not among them; open samples are only among them where it is
///   [#OPEN]
/// @param file the only file with such chunks; null if any may have some
/// @param fromBytes where in that file the first of them starts
record Reach(int from, int to, @Nullable ChunkFile file, long fromBytes) {
    static final int OPEN = Integer.MAX_VALUE;

    private static final Reach ALL = new Reach(0, OPEN, null, 0);

    /// That of a series which is in memory.
    static Reach since(int born) {
        return born == 0 ? ALL : new Reach(born, OPEN, null, 0);
    }

    /// That of a series in a chunk of series.
    static Reach before(SealedChunk series, long fromBytes) {
        return new Reach(0, series.number(), series.file(), fromBytes);
    }

    boolean holds(SealedChunk chunk) {
        return chunk.number() >= from
                && chunk.number() < to
                && (file == null || (chunk.file() == file && chunk.offsetBytes() >= fromBytes));
    }

    boolean isOpen() {
        return to == OPEN;
    }
}
