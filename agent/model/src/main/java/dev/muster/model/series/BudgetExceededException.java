package dev.muster.model.series;

/// A query was stopped: a limit was reached, its time is over, or its client has left.
public final class BudgetExceededException extends RuntimeException {
    private final String limit;

    /// @param limit name of the limit, such as `samples` or `timeout`
    /// @param message says the limit's value and what was asked
    public BudgetExceededException(String limit, String message) {
        super(message);
        this.limit = limit;
    }

    public String limit() {
        return limit;
    }
}
