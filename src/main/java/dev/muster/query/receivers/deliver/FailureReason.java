package dev.muster.query.receivers.deliver;

/// Why a notification was not taken, with Alertmanager's names.
enum FailureReason {
    CLIENT_ERROR("clientError"),
    SERVER_ERROR("serverError"),
    TIMEOUT("contextDeadlineExceeded"),

    /// Too many wait for the same receiver.
    QUEUE_FULL("queueFull"),
    OTHER("other");

    private final String label;

    FailureReason(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
