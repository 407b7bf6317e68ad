package dev.muster.query.cluster;

/// A request of another node that is not answered.
public final class RefusedException extends Exception {
    private final int status;

    RefusedException(int status, String message) {
        super(message);
        this.status = status;
    }

    /// The status of HTTP.
    public int status() {
        return status;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
