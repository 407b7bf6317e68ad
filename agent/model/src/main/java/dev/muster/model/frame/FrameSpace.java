package dev.muster.model.frame;

import dev.muster.model.series.BudgetExceededException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// Room for everything that was received as frames and is not read yet: memory first, then files.
/// All [FrameStore]s of a process share it, so that the number of senders does not decide how much
/// memory their answers take. Thread-safe.
public final class FrameSpace {
    /// Name of the limit of memory, as [BudgetExceededException#limit()] gives it.
    public static final String MEMORY = "agent-answers-memory";

    /// Name of the limit of files, as [BudgetExceededException#limit()] gives it.
    public static final String DISK = "agent-answers-disk";

    private static final FrameSpace HEAP =
            new FrameSpace(Path.of("."), Long.MAX_VALUE, Long.MAX_VALUE);

    private final Path directory;
    private final long memoryLimitBytes;
    private final long diskLimitBytes;
    private final AtomicLong memoryBytes = new AtomicLong();
    private final AtomicLong diskBytes = new AtomicLong();
    private final LongAdder spilledBytes = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /// @param directory for files that have no name; made when the first is needed
    /// @param memoryLimitBytes most memory of all; frames leave half of it to labels, which cannot
    ///   go to a file
    /// @param diskLimitBytes most bytes of all files
    public FrameSpace(Path directory, long memoryLimitBytes, long diskLimitBytes) {
        if (memoryLimitBytes <= 0 || diskLimitBytes < 0) {
            throw new IllegalArgumentException(
                    "frame space: memory must be positive and files must not be negative:"
                            + " memoryLimitBytes="
                            + memoryLimitBytes
                            + ", diskLimitBytes="
                            + diskLimitBytes);
        }
        this.directory = directory;
        this.memoryLimitBytes = memoryLimitBytes;
        this.diskLimitBytes = diskLimitBytes;
    }

    /// A store without limits that never uses a file.
    static FrameStore heap() {
        return HEAP.open();
    }

    /// A store for the answers to one question.
    public FrameStore open() {
        return new FrameStore(this);
    }

    /// Memory taken now.
    public long memoryBytes() {
        return memoryBytes.get();
    }

    /// Bytes of files taken now.
    public long diskBytes() {
        return diskBytes.get();
    }

    /// All bytes that were ever written to files.
    public long spilledBytes() {
        return spilledBytes.sum();
    }

    /// How often there was no room.
    public long refused() {
        return refused.sum();
    }

    /// @return false if frames may not take so much more memory
    boolean takeForFrame(long bytes) {
        if (memoryBytes.addAndGet(bytes) > memoryLimitBytes / 2) {
            memoryBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void take(long bytes) {
        if (memoryBytes.addAndGet(bytes) > memoryLimitBytes) {
            memoryBytes.addAndGet(-bytes);
            throw refused(MEMORY, "memory", memoryLimitBytes);
        }
    }

    void release(long bytes) {
        memoryBytes.addAndGet(-bytes);
    }

    void takeDisk(long bytes) {
        if (diskBytes.addAndGet(bytes) > diskLimitBytes) {
            diskBytes.addAndGet(-bytes);
            throw refused(DISK, "bytes on disk", diskLimitBytes);
        }
        spilledBytes.add(bytes);
    }

    void releaseDisk(long bytes) {
        diskBytes.addAndGet(-bytes);
    }

    private BudgetExceededException refused(String limit, String what, long limitBytes) {
        refused.increment();
        return new BudgetExceededException(
                limit,
                "answers of agents must not take more "
                        + what
                        + " than all queries may have together: limitBytes="
                        + limitBytes);
    }

    /// A file that is gone when it is closed, or when the process ends.
    FileChannel openFile() throws IOException {
        Files.createDirectories(directory);
        Path file = Files.createTempFile(directory, "answers", ".frames");
        try {
            return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } finally {
            Files.delete(file);
        }
    }
}
