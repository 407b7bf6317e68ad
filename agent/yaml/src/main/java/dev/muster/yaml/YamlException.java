package dev.muster.yaml;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A configuration file is wrong or cannot be read. The message names the file, the line and the
/// column, what was expected and what was found.
public final class YamlException extends IOException {
    private final String file;
    private final int line;
    private final int column;
    private final String problem;

    /// @param line at fault, from 1; 0 if the whole file is
    public YamlException(String file, int line, String problem, @Nullable Throwable cause) {
        this(file, line, 0, problem, cause);
    }

    YamlException(String file, int line, int column, String problem, @Nullable Throwable cause) {
        super(
                "file="
                        + file
                        + (line > 0 ? " line=" + line : "")
                        + (column > 0 ? " column=" + column : "")
                        + ": "
                        + problem,
                cause);
        this.file = file;
        this.line = line;
        this.column = column;
        this.problem = problem;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /// The line at fault, from 1; 0 if the whole file is.
    public int line() {
        return line;
    }

    /// The character in that line where it begins, from 1; 0 if the whole line is at fault.
    public int column() {
        return column;
    }

    /// The error as compilers write it, and `promtool`: `node.yml:5:3: …`.
    public String asCompiler() {
        return file
                + (line > 0 ? ":" + line + (column > 0 ? ":" + column : "") : "")
                + ": "
                + problem;
    }
}
