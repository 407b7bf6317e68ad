package dev.muster.query.forward;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What agents want to see of who sends to them: the text of a file, read again every few seconds.
/// Thread-safe.
final class ForwardToken {
    private static final System.Logger LOG = System.getLogger(ForwardToken.class.getName());
    private static final long READ_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Optional<Path> file;
    private String token = "";
    private boolean failing;
    private long readNanos;

    ForwardToken(Optional<Path> file) {
        this.file = file;
        readNanos = System.nanoTime() - READ_NANOS;
    }

    /// The token; empty where there is none.
    synchronized String text() {
        if (file.isPresent() && System.nanoTime() - readNanos >= READ_NANOS) {
            readNanos = System.nanoTime();
            read(file.get());
        }
        return token;
    }

    private void read(Path path) {
        try {
            token = Files.readString(path).strip();
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        () -> "muster.forward.token-file: cannot be read: " + e);
            }
            failing = true;
        }
    }
}
