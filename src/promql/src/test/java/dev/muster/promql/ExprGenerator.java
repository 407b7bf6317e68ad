package dev.muster.promql;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;

/// Makes random expressions that are well typed.
final class ExprGenerator {
    private static final Position NOWHERE = new Position(0, 0);
    private static final String[] NAMES = {"up", "http_requests_total", "a:b", "sum", "by", "fill"};
    private static final String[] LABELS = {"job", "le", "on", "instance", "utf.8"};
    private static final String[] VALUES = {"a", "", "x|y", "\"q\"", "line\nbreak", "ä€"};

    private final RandomGenerator random;

    ExprGenerator(RandomGenerator random) {
        this.random = random;
    }

    private <T> T oneOf(T[] values) {
        return values[random.nextInt(values.length)];
    }

    Expr any(int depth) {
        return random.nextInt(4) == 0 ? scalar(depth) : vector(depth);
    }

    private Expr scalar(int depth) {
        return switch (depth <= 0 ? random.nextInt(2) : random.nextInt(6)) {
            case 0 -> number();
            case 1 -> new Expr.Call(Function.TIME, List.of(), NOWHERE);
            case 2 -> new Expr.Paren(scalar(depth - 1), NOWHERE);
            case 3 -> new Expr.Call(Function.SCALAR, List.of(vector(depth - 1)), NOWHERE);
            case 4 ->
                    new Expr.Paren(
                            new Expr.Binary(
                                    arithmetic(),
                                    new Expr.Paren(scalar(depth - 1), NOWHERE),
                                    new Expr.Paren(scalar(depth - 1), NOWHERE),
                                    false,
                                    Optional.empty()),
                            NOWHERE);
            default ->
                    new Expr.Unary(
                            random.nextBoolean(),
                            new Expr.Paren(scalar(depth - 1), NOWHERE),
                            NOWHERE);
        };
    }

    private Expr number() {
        return switch (random.nextInt(4)) {
            case 0 -> new Expr.NumberLiteral(random.nextInt(1000) / 8.0, false, NOWHERE);
            case 1 -> new Expr.NumberLiteral(Double.POSITIVE_INFINITY, false, NOWHERE);
            case 2 -> new Expr.NumberLiteral(random.nextInt(1, 100_000), true, NOWHERE);
            default -> new Expr.NumberLiteral(random.nextDouble() * 1e-9, false, NOWHERE);
        };
    }

    private BinaryOperator arithmetic() {
        return BinaryOperator.values()[random.nextInt(7)];
    }

    private Expr vector(int depth) {
        if (depth <= 0) {
            return selector(true);
        }
        return switch (random.nextInt(9)) {
            case 0 -> selector(true);
            case 1 -> new Expr.Paren(vector(depth - 1), NOWHERE);
            case 2 -> new Expr.Unary(true, new Expr.Paren(vector(depth - 1), NOWHERE), NOWHERE);
            case 3 -> aggregate(depth);
            case 4 -> binary(depth);
            case 5 -> new Expr.Call(Function.RATE, List.of(matrix(depth)), NOWHERE);
            case 6 ->
                    new Expr.Call(
                            Function.QUANTILE_OVER_TIME,
                            List.of(scalar(depth - 1), matrix(depth)),
                            NOWHERE);
            case 7 ->
                    new Expr.Call(
                            Function.LABEL_REPLACE,
                            List.of(vector(depth - 1), text(), text(), text(), text()),
                            NOWHERE);
            default -> new Expr.Call(Function.ABS, List.of(vector(depth - 1)), NOWHERE);
        };
    }

    private Expr text() {
        return new Expr.StringLiteral(oneOf(VALUES), NOWHERE);
    }

    private Expr.VectorSelector selector(boolean shifted) {
        String metric = random.nextInt(4) == 0 ? "" : oneOf(NAMES);
        List<LabelMatcher> matchers = new ArrayList<>();
        int count = random.nextInt(3);
        for (int i = 0; i < count; i++) {
            matchers.add(matcher());
        }
        if (metric.isEmpty()) {
            matchers.add(LabelMatcher.equal("job", "x"));
        } else {
            matchers.add(LabelMatcher.equal(Labels.METRIC, metric));
        }
        return new Expr.VectorSelector(
                metric,
                matchers,
                shifted ? shift() : Expr.Shift.NONE,
                random.nextInt(8) == 0 ? Expr.Extension.SMOOTHED : Expr.Extension.NONE,
                NOWHERE);
    }

    private LabelMatcher matcher() {
        String name = oneOf(LABELS);
        return switch (random.nextInt(4)) {
            case 0 -> LabelMatcher.equal(name, oneOf(VALUES));
            case 1 -> LabelMatcher.notEqual(name, oneOf(VALUES));
            case 2 -> LabelMatcher.regex(name, oneOf(VALUES));
            default -> LabelMatcher.notRegex(name, oneOf(VALUES));
        };
    }

    private Expr.Shift shift() {
        DurationExpr offset =
                switch (random.nextInt(4)) {
                    case 0 -> new DurationExpr.Literal(random.nextInt(1, 10_000));
                    case 1 -> new DurationExpr.Literal(-random.nextInt(1, 10_000));
                    case 2 -> new DurationExpr.Paren(duration(2));
                    default -> DurationExpr.ZERO;
                };
        At at =
                switch (random.nextInt(4)) {
                    case 0 -> new At.Time(random.nextInt(-1000, 1_000_000));
                    case 1 -> new At.Start();
                    case 2 -> new At.End();
                    default -> At.STEP;
                };
        return new Expr.Shift(offset, at);
    }

    private DurationExpr duration(int depth) {
        return switch (depth <= 0 ? 0 : random.nextInt(6)) {
            case 1 -> new DurationExpr.Step();
            case 2 -> new DurationExpr.Range();
            case 3 ->
                    new DurationExpr.Arithmetic(
                            arithmeticOfDurations(),
                            new DurationExpr.Paren(duration(depth - 1)),
                            new DurationExpr.Paren(duration(depth - 1)));
            case 4 ->
                    new DurationExpr.Extreme(
                            random.nextBoolean(), duration(depth - 1), duration(depth - 1));
            case 5 -> new DurationExpr.Paren(duration(depth - 1));
            default -> new DurationExpr.Literal(random.nextInt(1, 100_000) / 1000.0);
        };
    }

    private BinaryOperator arithmeticOfDurations() {
        return random.nextBoolean() ? BinaryOperator.ADD : BinaryOperator.POW;
    }

    private Expr matrix(int depth) {
        if (depth > 1 && random.nextInt(3) == 0) {
            return new Expr.Subquery(
                    new Expr.Paren(vector(depth - 1), NOWHERE),
                    duration(2),
                    random.nextBoolean() ? Optional.of(duration(1)) : Optional.empty(),
                    shift(),
                    NOWHERE);
        }
        return new Expr.MatrixSelector(selector(true), duration(2), NOWHERE);
    }

    private Expr aggregate(int depth) {
        Aggregator operator = oneOf(Aggregator.values());
        Optional<Expr> parameter =
                switch (operator.parameter()) {
                    case SCALAR -> Optional.of(scalar(depth - 1));
                    case STRING -> Optional.of(text());
                    default -> Optional.empty();
                };
        boolean without = random.nextBoolean();
        return new Expr.Aggregate(
                operator, vector(depth - 1), parameter, labels(), without, NOWHERE);
    }

    private List<String> labels() {
        List<String> labels = new ArrayList<>();
        for (String label : LABELS) {
            if (random.nextInt(3) == 0) {
                labels.add(label);
            }
        }
        return labels;
    }

    private Expr binary(int depth) {
        BinaryOperator operator = oneOf(BinaryOperator.values());
        Expr left = new Expr.Paren(vector(depth - 1), NOWHERE);
        if (!operator.isSet() && random.nextInt(3) == 0) {
            return new Expr.Binary(
                    operator,
                    left,
                    new Expr.Paren(scalar(depth - 1), NOWHERE),
                    operator.isComparison() && random.nextBoolean(),
                    Optional.empty());
        }
        return new Expr.Binary(
                operator,
                left,
                new Expr.Paren(vector(depth - 1), NOWHERE),
                operator.isComparison() && random.nextBoolean(),
                Optional.of(matching(operator)));
    }

    private VectorMatching matching(BinaryOperator operator) {
        boolean on = random.nextBoolean();
        if (operator.isSet()) {
            return new VectorMatching(
                    VectorMatching.Cardinality.MANY_TO_MANY,
                    on,
                    labels(),
                    List.of(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty());
        }
        VectorMatching.Cardinality cardinality =
                VectorMatching.Cardinality.values()[random.nextInt(3)];
        boolean grouping = cardinality != VectorMatching.Cardinality.ONE_TO_ONE;
        return new VectorMatching(
                cardinality,
                on,
                labels(),
                grouping ? List.of("other") : List.of(),
                random.nextInt(4) == 0 ? OptionalDouble.of(1.5) : OptionalDouble.empty(),
                random.nextInt(4) == 0 ? OptionalDouble.of(-2) : OptionalDouble.empty());
    }
}
