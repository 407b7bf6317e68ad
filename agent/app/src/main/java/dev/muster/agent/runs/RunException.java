package dev.muster.agent.runs;

/// An announcement that is not taken.
public final class RunException extends Exception {
    private final int status;
    private final String reason;

    private RunException(int status, String reason, String message) {
        super(message, null, false, false);
        this.status = status;
        this.reason = reason;
    }

    static RunException bad(String rule, String found) {
        String shown = found.length() > 100 ? found.substring(0, 100) + "…" : found;
        return new RunException(400, "bad", rule + ": found=" + shown);
    }

    static RunException limit(String rule) {
        return new RunException(429, "limit", rule);
    }

    static RunException unknown(String job) {
        return new RunException(404, "unknown", "job must be known: found=" + job);
    }

    static RunException disk(Exception e) {
        return new RunException(
                500, "disk", "announcement could not be written to disk: " + e.getMessage());
    }

    /// Of an HTTP answer.
    public int status() {
        return status;
    }

    /// One of a few words, for a metric.
    public String reason() {
        return reason;
    }
}
