package dev.muster.agent.door;

/// A push is not taken, or not now.
public final class PushRefusedException extends Exception {
    private final int status;
    private final String reason;

    /// @param status of the answer, 400 to 599
    /// @param reason one of a fixed set of words, for the label of a metric
    /// @param message what must hold and what was found, for the one who pushed
    public PushRefusedException(int status, String reason, String message) {
        super(message);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status must be 400 to 599: status=" + status);
        }
        this.status = status;
        this.reason = reason;
    }

    /// Something is wrong with what was pushed: pushing it again would not help.
    public static PushRefusedException bad(String reason, String message) {
        return new PushRefusedException(400, reason, message);
    }

    public int status() {
        return status;
    }

    public String reason() {
        return reason;
    }

    /// The message, which is always there.
    public String text() {
        return String.valueOf(getMessage());
    }
}
