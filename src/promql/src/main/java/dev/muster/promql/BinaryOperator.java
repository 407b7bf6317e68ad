package dev.muster.promql;

/// The binary operators.
public enum BinaryOperator {
    ADD("+", 4, Kind.ARITHMETIC),
    SUB("-", 4, Kind.ARITHMETIC),
    MUL("*", 5, Kind.ARITHMETIC),
    DIV("/", 5, Kind.ARITHMETIC),
    MOD("%", 5, Kind.ARITHMETIC),
    ATAN2("atan2", 5, Kind.ARITHMETIC),
    POW("^", 6, Kind.ARITHMETIC),
    EQUAL_TO("==", 3, Kind.COMPARISON),
    NOT_EQUAL("!=", 3, Kind.COMPARISON),
    LESS("<", 3, Kind.COMPARISON),
    LESS_OR_EQUAL("<=", 3, Kind.COMPARISON),
    GREATER(">", 3, Kind.COMPARISON),
    GREATER_OR_EQUAL(">=", 3, Kind.COMPARISON),
    TRIM_UPPER("</", 3, Kind.TRIM),
    TRIM_LOWER(">/", 3, Kind.TRIM),
    AND("and", 2, Kind.SET),
    UNLESS("unless", 2, Kind.SET),
    OR("or", 1, Kind.SET);

    private enum Kind {
        ARITHMETIC,
        COMPARISON,
        /// Cuts the buckets of native histograms.
        TRIM,
        SET
    }

    /// Precedence of the sign before an expression: as high as multiplication.
    static final int UNARY_PRECEDENCE = 5;

    private final String text;
    private final int precedence;
    private final Kind kind;

    BinaryOperator(String text, int precedence, Kind kind) {
        this.text = text;
        this.precedence = precedence;
        this.kind = kind;
    }

    /// The operator in queries.
    public String text() {
        return text;
    }

    /// The higher, the tighter it binds.
    int precedence() {
        return precedence;
    }

    boolean isComparison() {
        return kind == Kind.COMPARISON;
    }

    boolean isSet() {
        return kind == Kind.SET;
    }

    /// Is the result another metric than the operands, so that the name goes?
    boolean dropsName() {
        return kind == Kind.ARITHMETIC;
    }

    /// The value of arithmetic, or 1 or 0 of a comparison.
    double apply(double left, double right) {
        return switch (this) {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> left / right;
            case MOD -> left % right;
            case POW -> Numbers.pow(left, right);
            case ATAN2 -> Math.atan2(left, right);
            case EQUAL_TO, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                    holds(left, right) ? 1 : 0;
            case TRIM_UPPER, TRIM_LOWER, AND, UNLESS, OR ->
                    throw new IllegalStateException("not an operator of numbers: operator=" + text);
        };
    }

    boolean holds(double left, double right) {
        return switch (this) {
            case EQUAL_TO -> left == right;
            case NOT_EQUAL -> left != right;
            case LESS -> left < right;
            case LESS_OR_EQUAL -> left <= right;
            case GREATER -> left > right;
            case GREATER_OR_EQUAL -> left >= right;
            case ADD, SUB, MUL, DIV, MOD, POW, ATAN2, TRIM_UPPER, TRIM_LOWER, AND, UNLESS, OR ->
                    throw new IllegalStateException("not a comparison: operator=" + text);
        };
    }
}
