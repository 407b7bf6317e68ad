package dev.muster.launcher.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Holds a data directory for one launcher at a time. The system frees it when the launcher dies,
/// however it dies.
public final class RunLock implements AutoCloseable {
    private final FileChannel channel;
    private final FileLock lock;

    private RunLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /// Takes the lock or refuses, saying who holds it.
    ///
    /// @param runDirectory where the lock file lies; must exist
    /// @param about what to tell one who comes second, such as the address of the page
    public static RunLock acquire(Path runDirectory, String about) throws IOException {
        var note = runDirectory.resolve("up.txt");
        var channel =
                FileChannel.open(
                        runDirectory.resolve("up.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        var lock = tryLock(channel);
        if (lock == null) {
            channel.close();
            var holder = Files.exists(note) ? Files.readString(note).strip() : "by another process";
            throw new RefusedException("muster already runs here: " + holder);
        }
        Files.writeString(note, "pid=" + ProcessHandle.current().pid() + ", " + about + "\n");
        return new RunLock(channel, lock);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
