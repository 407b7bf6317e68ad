package dev.muster.promql;

import dev.muster.model.time.Steps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A planned expression that can be answered in parts, as text, with the way back from places in
/// that text to places in the query.
///
/// @param text what parts are asked
/// @param places by place in the text
record SeriesLocal(String text, Map<Position, Position> places) {
    /// Series and not an aggregation are asked of parts only where steps are at least so far apart:
    /// else parts would send as much as their samples.
    private static final long LEAST_STEP_MS = 10_000;

    SeriesLocal {
        places = Map.copyOf(places);
    }

    /// The expression, if it can be answered in parts and that sends less than its samples.
    static Optional<SeriesLocal> of(Expr expr, Steps steps, QueryRun run) throws QueryException {
        boolean oneStep = steps.count() == 1;
        boolean fits =
                expr instanceof Expr.Aggregate aggregate
                        ? isAggregate(aggregate, oneStep)
                        : (oneStep || steps.stepMs() >= LEAST_STEP_MS)
                                && expr.type() == ValueType.VECTOR
                                && isLocal(expr, oneStep);
        if (!fits) {
            return Optional.empty();
        }
        String text = new Writer(run).written(expr).toString();
        Map<Position, Position> places = new HashMap<>();
        zip(Planner.plan(PromQl.parse(text), steps, run.instant()), expr, places);
        return Optional.of(new SeriesLocal(text, places));
    }

    private static boolean isAggregate(Expr.Aggregate aggregate, boolean oneStep) {
        return aggregate.operator() != Aggregator.QUANTILE
                && aggregate.parameter().map(SeriesLocal::isConstant).orElse(true)
                && isLocal(aggregate.expr(), oneStep);
    }

    /// Does it come from one scan, series by series, so that nothing is held?
    static boolean streams(Expr expr) {
        return isLocal(expr, true);
    }

    /// @param oneStep whether it is evaluated at one step, so that `@` may stand in it
    private static boolean isLocal(Expr expr, boolean oneStep) {
        return switch (expr) {
            case Expr.VectorSelector selector -> oneStep || !selector.shift().hasAt();
            case Expr.MatrixSelector matrix -> isLocal(matrix.selector(), oneStep);
            case Expr.Subquery subquery ->
                    (oneStep || !subquery.shift().hasAt()) && isLocal(subquery.expr(), false);
            case Expr.Paren paren -> isLocal(paren.expr(), oneStep);
            case Expr.Unary unary -> isLocal(unary.expr(), oneStep);
            case Expr.Binary binary ->
                    binary.left().type() == ValueType.SCALAR
                            ? isConstant(binary.left()) && isLocal(binary.right(), oneStep)
                            : isConstant(binary.right()) && isLocal(binary.left(), oneStep);
            case Expr.Call call -> isEach(call) && argumentsFit(call, oneStep);
            case Expr.NumberLiteral _,
                    Expr.StringLiteral _,
                    Expr.Aggregate _,
                    Expr.StepInvariant _ ->
                    false;
        };
    }

    private static boolean argumentsFit(Expr.Call call, boolean oneStep) {
        for (Expr argument : call.arguments()) {
            boolean series =
                    argument.type() == ValueType.VECTOR || argument.type() == ValueType.MATRIX;
            if (series ? !isLocal(argument, oneStep) : !isConstant(argument)) {
                return false;
            }
        }
        return true;
    }

    /// Does the function look at one series at a time?
    private static boolean isEach(Expr.Call call) {
        return switch (call.function()) {
            case VECTOR,
                    ABSENT,
                    ABSENT_OVER_TIME,
                    SORT,
                    SORT_DESC,
                    SORT_BY_LABEL,
                    SORT_BY_LABEL_DESC,
                    LABEL_REPLACE,
                    LABEL_JOIN,
                    INFO,
                    HISTOGRAM_QUANTILE,
                    HISTOGRAM_QUANTILES,
                    HISTOGRAM_FRACTION ->
                    false;
            default -> !call.arguments().isEmpty() && call.type() == ValueType.VECTOR;
        };
    }

    /// Is it the same whatever the series are?
    private static boolean isConstant(Expr expr) {
        return switch (expr) {
            case Expr.NumberLiteral _, Expr.StringLiteral _ -> true;
            case Expr.Paren paren -> isConstant(paren.expr());
            case Expr.StepInvariant invariant -> isConstant(invariant.expr());
            case Expr.Unary unary -> isConstant(unary.expr());
            case Expr.Binary binary -> isConstant(binary.left()) && isConstant(binary.right());
            case Expr.Call call ->
                    call.type() == ValueType.SCALAR
                            && call.function() != Function.SCALAR
                            && call.arguments().stream().allMatch(SeriesLocal::isConstant);
            case Expr.VectorSelector _, Expr.MatrixSelector _, Expr.Subquery _, Expr.Aggregate _ ->
                    false;
        };
    }

    /// Where a remark of a part belongs in the query.
    ///
    /// @param whole of the expression
    Position place(int start, int end, Position whole) {
        return places.getOrDefault(new Position(start, end), whole);
    }

    /// Both are planned, so that remarks are on the same places as those of the answering side.
    private static void zip(Expr theirs, Expr mine, Map<Position, Position> places) {
        if (theirs instanceof Expr.StepInvariant(var inner)) {
            zip(inner, mine, places);
            return;
        }
        if (mine instanceof Expr.StepInvariant(var inner)) {
            zip(theirs, inner, places);
            return;
        }
        places.putIfAbsent(theirs.position(), mine.position());
        List<Expr> left = children(theirs);
        List<Expr> right = children(mine);
        if (left.size() == right.size()) {
            for (int i = 0; i < left.size(); i++) {
                zip(left.get(i), right.get(i), places);
            }
        }
    }

    private static List<Expr> children(Expr expr) {
        return switch (expr) {
            case Expr.NumberLiteral _, Expr.StringLiteral _, Expr.VectorSelector _ -> List.of();
            case Expr.MatrixSelector matrix -> List.of(matrix.selector());
            case Expr.Subquery subquery -> List.of(subquery.expr());
            case Expr.Paren paren -> List.of(paren.expr());
            case Expr.StepInvariant invariant -> List.of(invariant.expr());
            case Expr.Unary unary -> List.of(unary.expr());
            case Expr.Binary binary -> List.of(binary.left(), binary.right());
            case Expr.Call call -> call.arguments();
            case Expr.Aggregate aggregate -> {
                List<Expr> all = new ArrayList<>();
                aggregate.parameter().ifPresent(all::add);
                all.add(aggregate.expr());
                yield all;
            }
        };
    }

    /// Makes of a planned expression one whose text has the same meaning anywhere: with the
    /// parentheses that a plan does without, and numbers for what speaks of the whole query.
    private record Writer(QueryRun run) {
        Expr written(Expr expr) {
            return switch (expr) {
                case Expr.NumberLiteral _,
                        Expr.StringLiteral _,
                        Expr.VectorSelector _,
                        Expr.MatrixSelector _ ->
                        expr;
                case Expr.Paren paren -> written(paren.expr());
                case Expr.StepInvariant invariant -> written(invariant.expr());
                case Expr.Unary unary ->
                        new Expr.Unary(unary.negative(), operand(unary.expr()), unary.position());
                case Expr.Binary binary ->
                        new Expr.Binary(
                                binary.operator(),
                                operand(binary.left()),
                                operand(binary.right()),
                                binary.returnBool(),
                                binary.matching());
                case Expr.Subquery subquery ->
                        new Expr.Subquery(
                                operand(subquery.expr()),
                                subquery.range(),
                                subquery.step(),
                                subquery.shift(),
                                subquery.position());
                case Expr.Aggregate aggregate ->
                        new Expr.Aggregate(
                                aggregate.operator(),
                                written(aggregate.expr()),
                                aggregate.parameter().map(this::written),
                                aggregate.grouping(),
                                aggregate.without(),
                                aggregate.position());
                case Expr.Call call -> call(call);
            };
        }

        private Expr call(Expr.Call call) {
            double seconds =
                    switch (call.function()) {
                        case START -> run.steps().startMs() / 1000.0;
                        case END -> run.steps().endMs() / 1000.0;
                        case STEP -> run.stepMs() / 1000.0;
                        case RANGE -> (run.steps().endMs() - run.steps().startMs()) / 1000.0;
                        default -> Double.NaN;
                    };
            if (!Double.isNaN(seconds)) {
                return new Expr.NumberLiteral(seconds, false, call.position());
            }
            return new Expr.Call(
                    call.function(),
                    call.arguments().stream().map(this::written).toList(),
                    call.position());
        }

        private Expr operand(Expr expr) {
            Expr written = written(expr);
            boolean closed = written instanceof Expr.Call || written instanceof Expr.Paren;
            return closed ? written : new Expr.Paren(written, written.position());
        }
    }
}
