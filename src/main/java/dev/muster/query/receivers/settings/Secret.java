package dev.muster.query.receivers.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What must not be shown: a password, a token, an address that holds one. Stands in the
/// configuration file or in a file of its own, which is read at each use, so that it may be
/// changed. `toString` tells nothing.
public final class Secret {
    private static final long SIZE_LIMIT_BYTES = 1 << 16;

    private final String value;
    private final Optional<Path> file;

    private Secret(String value, Optional<Path> file) {
        this.value = value;
        this.file = file;
    }

    /// One that is written down.
    public static Secret of(String value) {
        return new Secret(value, Optional.empty());
    }

    /// One that a file holds, the space around it aside.
    public static Secret in(Path file) {
        return new Secret("", Optional.of(file));
    }

    /// The secret itself.
    ///
    /// @throws IOException if its file cannot be read; the message names the file
    public String read() throws IOException {
        if (file.isEmpty()) {
            return value;
        }
        if (Files.size(file.get()) > SIZE_LIMIT_BYTES) {
            throw new IOException(
                    "file=" + file.get() + ": must have at most bytes=" + SIZE_LIMIT_BYTES);
        }
        return Files.readString(file.get()).strip();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret
                && value.equals(secret.value)
                && file.equals(secret.file);
    }

    @Override
    public int hashCode() {
        return 31 * value.hashCode() + file.hashCode();
    }

    @Override
    public String toString() {
        return "<secret>";
    }
}
