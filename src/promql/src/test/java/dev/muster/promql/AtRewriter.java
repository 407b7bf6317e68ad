package dev.muster.promql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Puts `@ time` on every selector and subquery of a query that has none, so that the query has the
/// same value at any time.
final class AtRewriter {
    private final At at;
    private boolean depends;

    private AtRewriter(long timeMs) {
        at = new At.Time(timeMs);
    }

    /// The text of the query with its time in it; empty if its value would still depend on when it
    /// is evaluated.
    static Optional<String> rewrite(Expr expr, long timeMs) {
        AtRewriter rewriter = new AtRewriter(timeMs);
        Expr fixed = rewriter.fix(expr);
        return rewriter.depends ? Optional.empty() : Optional.of(fixed.toString());
    }

    private Expr.Shift fix(Expr.Shift shift) {
        depends |= shift.at() instanceof At.Start || shift.at() instanceof At.End;
        depends |= shift.offset().toString().matches(".*(Step|Range)\\[].*");
        return shift.hasAt() ? shift : new Expr.Shift(shift.offset(), at);
    }

    private Expr fix(Expr expr) {
        return switch (expr) {
            case Expr.NumberLiteral _, Expr.StringLiteral _, Expr.StepInvariant _ -> expr;
            case Expr.VectorSelector selector -> selector.withShift(fix(selector.shift()));
            case Expr.MatrixSelector matrix -> {
                depends |= matrix.range().toString().matches(".*(Step|Range)\\[].*");
                yield new Expr.MatrixSelector(
                        matrix.selector().withShift(fix(matrix.selector().shift())),
                        matrix.range(),
                        matrix.position());
            }
            case Expr.Subquery subquery -> {
                checkInside(subquery.expr());
                depends |= subquery.toString().matches(".*(step|range)\\(\\).*");
                yield subquery.withShift(fix(subquery.shift()), subquery.position());
            }
            case Expr.Paren paren -> new Expr.Paren(fix(paren.expr()), paren.position());
            case Expr.Unary unary ->
                    new Expr.Unary(unary.negative(), fix(unary.expr()), unary.position());
            case Expr.Aggregate aggregate ->
                    new Expr.Aggregate(
                            aggregate.operator(),
                            fix(aggregate.expr()),
                            aggregate.parameter().map(this::fix),
                            aggregate.grouping(),
                            aggregate.without(),
                            aggregate.position());
            case Expr.Binary binary ->
                    new Expr.Binary(
                            binary.operator(),
                            fix(binary.left()),
                            fix(binary.right()),
                            binary.returnBool(),
                            binary.matching());
            case Expr.Call call -> {
                checkFunction(call.function());
                List<Expr> arguments = new ArrayList<>();
                for (Expr argument : call.arguments()) {
                    // The second argument of info is a list of matchers, not a selector.
                    boolean matchers = call.function() == Function.INFO && !arguments.isEmpty();
                    arguments.add(matchers ? argument : fix(argument));
                }
                yield new Expr.Call(call.function(), arguments, call.position());
            }
        };
    }

    private void checkFunction(Function function) {
        depends |= function.dependsOnTime();
        depends |=
                switch (function) {
                    case START, END, STEP, RANGE -> true;
                    default -> false;
                };
    }

    /// What is inside of a subquery keeps its own time, but must not depend on the query's.
    private void checkInside(Expr expr) {
        AtRewriter inside = new AtRewriter(0);
        inside.fix(expr);
        depends |= inside.depends;
    }
}
