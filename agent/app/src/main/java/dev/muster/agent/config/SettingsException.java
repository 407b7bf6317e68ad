package dev.muster.agent.config;

/// A configuration key is unknown or its value is wrong. The message is one line that names it.
public final class SettingsException extends RuntimeException {
    SettingsException(String message) {
        super(message, null, false, false);
    }

    /// @param message one line for the operator
    public static SettingsException of(String message) {
        return new SettingsException(message);
    }
}
