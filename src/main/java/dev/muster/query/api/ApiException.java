package dev.muster.query.api;

/// A call that is answered with an error. The message is Prometheus' where Prometheus has one.
final class ApiException extends Exception {
    private final ErrorType type;

    ApiException(ErrorType type, String message) {
        super(message);
        this.type = type;
    }

    static ApiException badData(String message) {
        return new ApiException(ErrorType.BAD_DATA, message);
    }

    /// `invalid parameter "name": why`
    static ApiException invalid(String parameter, String why) {
        return badData("invalid parameter \"" + parameter + "\": " + why);
    }

    ErrorType type() {
        return type;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
