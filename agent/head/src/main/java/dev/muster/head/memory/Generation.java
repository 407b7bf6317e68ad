package dev.muster.head.memory;

import dev.muster.head.chunk.ChunkFile;
import dev.muster.head.chunk.SealedChunk;
import org.jspecify.annotations.Nullable;

/// The life of one open chunk, from its first tick until it is sealed. A reader that saw it open
/// finds it sealed through this object. Guarded by the lock of the origin.
final class Generation {
    private final ChunkFile file;
    private final long windowMs;
    private @Nullable SealedChunk sealed;

    /// @param file where it will be sealed to
    /// @param windowMs start of the window that holds its ticks
    Generation(ChunkFile file, long windowMs) {
        this.file = file;
        this.windowMs = windowMs;
    }

    ChunkFile file() {
        return file;
    }

    long windowMs() {
        return windowMs;
    }

    void sealed(SealedChunk chunk) {
        sealed = chunk;
    }

    @Nullable SealedChunk sealed() {
        return sealed;
    }
}
