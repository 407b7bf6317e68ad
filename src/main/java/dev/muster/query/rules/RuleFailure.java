package dev.muster.query.rules;

/// A rule that cannot be evaluated. The message is Prometheus' where Prometheus has one.
final class RuleFailure extends Exception {
    RuleFailure(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
