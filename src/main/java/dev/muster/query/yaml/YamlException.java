package dev.muster.query.yaml;

import org.jspecify.annotations.Nullable;

/// A YAML file is wrong. The message names the file, the line and the column, what was expected and
/// what was found.
public final class YamlException extends Exception {
    YamlException(String file, int line, int column, String message, @Nullable Throwable cause) {
        super(file + ":" + line + ":" + column + ": " + message, cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
