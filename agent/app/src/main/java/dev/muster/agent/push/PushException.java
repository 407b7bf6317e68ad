package dev.muster.agent.push;

/// A push that is refused, and why.
public final class PushException extends Exception {
    private final PushFault fault;

    public PushException(PushFault fault, String message) {
        super(message, null, false, false);
        this.fault = fault;
    }

    public PushFault fault() {
        return fault;
    }
}
