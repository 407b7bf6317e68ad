package dev.muster.query.api;

/// The kinds of errors of Prometheus' API.
enum ErrorType {
    BAD_DATA("bad_data", 400),
    EXECUTION("execution", 422),
    CANCELED("canceled", 499),
    TIMEOUT("timeout", 503),
    UNAVAILABLE("unavailable", 503),
    NOT_FOUND("not_found", 404),
    INTERNAL("internal", 500);

    private final String text;
    private final int status;

    ErrorType(String text, int status) {
        this.text = text;
        this.status = status;
    }

    /// The value of `errorType`.
    String text() {
        return text;
    }

    /// The status of the HTTP answer.
    int status() {
        return status;
    }
}
