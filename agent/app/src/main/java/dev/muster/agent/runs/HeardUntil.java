package dev.muster.agent.runs;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/// Until when an agent could hear of runs, to some seconds: the time of change of an empty file,
/// which outlives the process however it ends. Confined to the lock of its owner.
final class HeardUntil {
    private static final Logger LOG = System.getLogger(HeardUntil.class.getName());
    private static final long EVERY_MS = 5_000;

    private final Path file;
    private long markedMs = Long.MIN_VALUE;
    private boolean failed;

    HeardUntil(Path directory) {
        file = directory.resolve("heard");
    }

    /// When it was marked last, Unix time; 0 if it never was.
    long lastMs() {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (IOException e) {
            return 0;
        }
    }

    /// Marks that runs are heard of now. To be called every second: it writes less often.
    void mark(long nowMs) {
        if (Math.abs(nowMs - markedMs) < EVERY_MS) {
            return;
        }
        markedMs = nowMs;
        try {
            if (!Files.exists(file)) {
                Files.createFile(file);
            }
            Files.setLastModifiedTime(file, FileTime.fromMillis(nowMs));
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                LOG.log(Level.WARNING, () -> "runs: time could not be marked file=" + file, e);
            }
            failed = true;
        }
    }
}
