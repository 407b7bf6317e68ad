package dev.muster.query.api;

/// A limit has refused a call.
final class LimitException extends Exception {
    private final String limit;
    private final ApiException answer;

    LimitException(String limit, ApiException answer) {
        super(answer.getMessage());
        this.limit = limit;
        this.answer = answer;
    }

    String limit() {
        return limit;
    }

    ApiException answer() {
        return answer;
    }
}
