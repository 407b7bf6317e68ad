package dev.muster.agent.scrape.file;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A configuration or target file is wrong or cannot be read. The message names the file and the
/// line, what was expected and what was found.
public final class ScrapeFileException extends IOException {
    private final int line;

    ScrapeFileException(String file, int line, String message, @Nullable Throwable cause) {
        super("file=" + file + (line > 0 ? " line=" + line : "") + ": " + message, cause);
        this.line = line;
    }

    /// The line at fault, from 1; 0 if the whole file is.
    public int line() {
        return line;
    }
}
