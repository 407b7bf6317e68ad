package dev.muster.agent.scrape.file;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A configuration or target file is wrong or cannot be read. The message names the file, the line
/// and the column, what was expected and what was found.
public final class ScrapeFileException extends IOException {
    private final int line;
    private final int column;

    ScrapeFileException(String file, int line, String message, @Nullable Throwable cause) {
        this(file, line, 0, message, cause);
    }

    ScrapeFileException(
            String file, int line, int column, String message, @Nullable Throwable cause) {
        super(
                "file="
                        + file
                        + (line > 0 ? " line=" + line : "")
                        + (column > 0 ? " column=" + column : "")
                        + ": "
                        + message,
                cause);
        this.line = line;
        this.column = column;
    }

    /// The line at fault, from 1; 0 if the whole file is.
    public int line() {
        return line;
    }

    /// The character in that line where it begins, from 1; 0 if the whole line is at fault.
    public int column() {
        return column;
    }
}
