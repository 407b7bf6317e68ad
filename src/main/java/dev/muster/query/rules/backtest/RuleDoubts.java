package dev.muster.query.rules.backtest;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.promql.BinaryOperator;
import dev.muster.promql.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Finds, without a look at data, why an expression can have no result: comparisons that are never
/// true, matchers that contradict each other. Says nothing where it is not sure.
public final class RuleDoubts {
    private RuleDoubts() {}

    /// Why the expression never has a result; nothing if it may have one.
    public static List<String> of(Expr expr) {
        List<String> reasons = new ArrayList<>();
        boolean ignored = isEmpty(expr, reasons);
        return ignored ? List.copyOf(reasons) : List.of();
    }

    /// Is there never a result? Then the reasons are added.
    private static boolean isEmpty(Expr expr, List<String> reasons) {
        return switch (expr) {
            case Expr.VectorSelector selector -> contradicts(selector, reasons);
            case Expr.MatrixSelector matrix -> contradicts(matrix.selector(), reasons);
            case Expr.Subquery subquery -> isEmpty(subquery.expr(), reasons);
            case Expr.Aggregate aggregate -> isEmpty(aggregate.expr(), reasons);
            case Expr.Unary unary -> isEmpty(unary.expr(), reasons);
            case Expr.Paren paren -> isEmpty(paren.expr(), reasons);
            case Expr.StepInvariant invariant -> isEmpty(invariant.expr(), reasons);
            case Expr.Call call -> isEmpty(call, reasons);
            case Expr.Binary binary -> isEmpty(binary, reasons);
            case Expr.NumberLiteral _, Expr.StringLiteral _ -> false;
        };
    }

    /// Functions that have a result of nothing are not looked into.
    private static boolean isEmpty(Expr.Call call, List<String> reasons) {
        String name = call.function().text();
        boolean sure =
                !name.startsWith("absent")
                        && !name.equals("scalar")
                        && !name.equals("vector")
                        && !call.arguments().isEmpty();
        return sure
                && call.arguments().stream()
                        .filter(each -> !(each instanceof Expr.NumberLiteral))
                        .filter(each -> !(each instanceof Expr.StringLiteral))
                        .anyMatch(each -> isEmpty(each, reasons));
    }

    private static boolean isEmpty(Expr.Binary binary, List<String> reasons) {
        return switch (binary.operator()) {
            case OR -> {
                List<String> both = new ArrayList<>();
                boolean empty = isEmpty(binary.left(), both) & isEmpty(binary.right(), both);
                reasons.addAll(empty ? both : List.of());
                yield empty;
            }
            case UNLESS -> isEmpty(binary.left(), reasons) || isSame(binary, reasons);
            case AND ->
                    isEmpty(binary.left(), reasons)
                            || isEmpty(binary.right(), reasons)
                            || isDisjoint(binary, reasons);
            case EQUAL_TO, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                    isEmpty(binary.left(), reasons)
                            || isEmpty(binary.right(), reasons)
                            || isFalse(binary, reasons);
            case ADD, SUB, MUL, DIV, MOD, ATAN2, POW, TRIM_UPPER, TRIM_LOWER ->
                    isEmpty(binary.left(), reasons) || isEmpty(binary.right(), reasons);
        };
    }

    private static boolean isSame(Expr.Binary binary, List<String> reasons) {
        boolean same = binary.left().toString().equals(binary.right().toString());
        if (same) {
            reasons.add("both sides are the same: " + binary);
        }
        return same;
    }

    private static boolean isFalse(Expr.Binary binary, List<String> reasons) {
        OptionalDouble left = constant(binary.left());
        OptionalDouble right = constant(binary.right());
        boolean never =
                !binary.returnBool()
                        && left.isPresent()
                        && right.isPresent()
                        && !holds(binary.operator(), left.getAsDouble(), right.getAsDouble());
        if (never) {
            reasons.add("comparison is never true: " + binary);
        }
        return never;
    }

    private static boolean holds(BinaryOperator operator, double left, double right) {
        return switch (operator) {
            case EQUAL_TO -> left == right;
            case NOT_EQUAL -> left != right;
            case LESS -> left < right;
            case LESS_OR_EQUAL -> left <= right;
            case GREATER -> left > right;
            case GREATER_OR_EQUAL -> left >= right;
            default -> true;
        };
    }

    /// The value of an expression that has the same everywhere.
    private static OptionalDouble constant(Expr expr) {
        return switch (expr) {
            case Expr.NumberLiteral number -> OptionalDouble.of(number.value());
            case Expr.Paren paren -> constant(paren.expr());
            case Expr.StepInvariant invariant -> constant(invariant.expr());
            case Expr.Unary unary -> {
                OptionalDouble inner = constant(unary.expr());
                yield inner.isPresent() && unary.negative()
                        ? OptionalDouble.of(-inner.getAsDouble())
                        : inner;
            }
            case Expr.Call call when call.function().text().equals("vector") ->
                    constant(call.arguments().getFirst());
            case Expr.Binary binary -> constant(binary);
            default -> OptionalDouble.empty();
        };
    }

    private static OptionalDouble constant(Expr.Binary binary) {
        OptionalDouble left = constant(binary.left());
        OptionalDouble right = constant(binary.right());
        if (left.isEmpty() || right.isEmpty()) {
            return OptionalDouble.empty();
        }
        double one = left.getAsDouble();
        double other = right.getAsDouble();
        return switch (binary.operator()) {
            case ADD -> OptionalDouble.of(one + other);
            case SUB -> OptionalDouble.of(one - other);
            case MUL -> OptionalDouble.of(one * other);
            case DIV -> OptionalDouble.of(one / other);
            default -> OptionalDouble.empty();
        };
    }

    /// `x > 5 and x < 3`.
    private static boolean isDisjoint(Expr.Binary and, List<String> reasons) {
        Optional<Bound> left = Bound.of(and.left());
        Optional<Bound> right = Bound.of(and.right());
        boolean never =
                left.isPresent()
                        && right.isPresent()
                        && left.get().of().equals(right.get().of())
                        && left.get().excludes(right.get());
        if (never) {
            reasons.add("both comparisons are never true at once: " + and);
        }
        return never;
    }

    /// A comparison of something with a number.
    ///
    /// @param of what is compared, as text
    private record Bound(String of, BinaryOperator operator, double limit) {
        private static Optional<Bound> of(Expr expr) {
            Expr inner = expr;
            while (inner instanceof Expr.Paren paren) {
                inner = paren.expr();
            }
            if (inner instanceof Expr.Binary binary && !binary.returnBool()) {
                OptionalDouble right = constant(binary.right());
                return right.isPresent()
                        ? Optional.of(
                                new Bound(
                                        binary.left().toString(),
                                        binary.operator(),
                                        right.getAsDouble()))
                        : Optional.empty();
            }
            return Optional.empty();
        }

        private boolean excludes(Bound other) {
            if (isAbove() && other.isBelow()) {
                return !meets(limit, other.limit, other);
            }
            if (isBelow() && other.isAbove()) {
                return !meets(other.limit, limit, other);
            }
            if (operator == BinaryOperator.EQUAL_TO && other.isComparison()) {
                return !holds(other.operator, limit, other.limit);
            }
            return other.operator == BinaryOperator.EQUAL_TO
                    && isComparison()
                    && !holds(operator, other.limit, limit);
        }

        /// May a value be above one and below the other?
        private boolean meets(double least, double most, Bound other) {
            boolean closed = operator.text().endsWith("=") && other.operator.text().endsWith("=");
            return closed ? least <= most : least < most;
        }

        private boolean isComparison() {
            return isAbove()
                    || isBelow()
                    || operator == BinaryOperator.EQUAL_TO
                    || operator == BinaryOperator.NOT_EQUAL;
        }

        private boolean isAbove() {
            return operator == BinaryOperator.GREATER
                    || operator == BinaryOperator.GREATER_OR_EQUAL;
        }

        private boolean isBelow() {
            return operator == BinaryOperator.LESS || operator == BinaryOperator.LESS_OR_EQUAL;
        }
    }

    /// `{a="x",a="y"}`.
    private static boolean contradicts(Expr.VectorSelector selector, List<String> reasons) {
        for (LabelMatcher matcher : selector.matchers()) {
            if (!(matcher instanceof LabelMatcher.Equal(var name, var value))) {
                continue;
            }
            for (LabelMatcher other : selector.matchers()) {
                if (other.name().equals(name) && !other.matches(value)) {
                    reasons.add("matchers contradict each other: " + matcher + " and " + other);
                    return true;
                }
            }
        }
        return false;
    }
}
