package dev.muster.agent.scrape.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A value that no message shows.
public sealed interface Secret {
    /// A secret of no characters.
    Secret EMPTY = new Text("");

    /// The value, read now.
    ///
    /// @throws IOException if its file cannot be read; the message has the path only
    String reveal() throws IOException;

    /// A secret that stands in the configuration file.
    record Text(String value) implements Secret {
        @Override
        public String reveal() {
            return value;
        }

        @Override
        public String toString() {
            return "Text[]";
        }
    }

    /// A secret in a file of its own, read anew for each use, without white space around it.
    record InFile(Path file) implements Secret {
        @Override
        public String reveal() throws IOException {
            return Files.readString(file).strip();
        }
    }
}
