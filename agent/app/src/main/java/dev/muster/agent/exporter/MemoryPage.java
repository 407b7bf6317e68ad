package dev.muster.agent.exporter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/// The size of the kernel's memory pages, from the vector that it gives every process.
final class MemoryPage {
    /// AT_PAGESZ of getauxval(3).
    private static final long PAGE_SIZE = 6;

    private static final long USUAL_BYTES = 4096;

    private MemoryPage() {}

    /// The size in bytes; 4096 where the kernel does not say.
    static long sizeBytes() {
        try {
            ByteBuffer entries =
                    ByteBuffer.wrap(Files.readAllBytes(Path.of("/proc/self/auxv")))
                            .order(ByteOrder.nativeOrder());
            while (entries.remaining() >= 16) {
                long key = entries.getLong();
                long value = entries.getLong();
                if (key == PAGE_SIZE) {
                    return value;
                }
            }
        } catch (IOException e) {
            // another operating system
        }
        return USUAL_BYTES;
    }
}
