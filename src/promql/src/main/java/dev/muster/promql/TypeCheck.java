package dev.muster.promql;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.promql.VectorMatching.Cardinality;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Refuses expressions whose parts do not fit together, and drops the matching of operators where a
/// side is a scalar.
final class TypeCheck {
    private final String query;

    TypeCheck(String query) {
        this.query = query;
    }

    Expr check(Expr expr) throws QueryException {
        return switch (expr) {
            case Expr.NumberLiteral _, Expr.StringLiteral _, Expr.StepInvariant _ -> expr;
            case Expr.VectorSelector selector -> {
                checkSelector(selector, false);
                yield selector;
            }
            case Expr.MatrixSelector matrix -> {
                checkSelector(matrix.selector(), false);
                yield matrix;
            }
            case Expr.Paren(var inner, var position) -> new Expr.Paren(check(inner), position);
            case Expr.Unary unary -> checkUnary(unary);
            case Expr.Subquery subquery -> checkSubquery(subquery);
            case Expr.Aggregate aggregate -> checkAggregate(aggregate);
            case Expr.Binary binary -> checkBinary(binary);
            case Expr.Call call -> checkCall(call);
        };
    }

    private void checkSelector(Expr.VectorSelector selector, boolean mayBeEmpty)
            throws QueryException {
        List<LabelMatcher> matchers = selector.matchers();
        if (!selector.metric().isEmpty()) {
            for (LabelMatcher matcher : matchers.subList(0, matchers.size() - 1)) {
                if (matcher.name().equals(Labels.METRIC)) {
                    throw error(
                            selector,
                            "metric name must not be set twice: "
                                    + StringText.quoted(selector.metric())
                                    + " or "
                                    + StringText.quoted(valueOf(matcher)));
                }
            }
        } else if (!mayBeEmpty && matchers.stream().allMatch(LabelMatcher::matchesEmpty)) {
            throw error(selector, "vector selector must contain at least one non-empty matcher");
        }
    }

    private static String valueOf(LabelMatcher matcher) {
        return switch (matcher) {
            case LabelMatcher.Equal(_, var value) -> value;
            case LabelMatcher.NotEqual(_, var value) -> value;
            case LabelMatcher.Regex(_, var pattern) -> pattern.text();
            case LabelMatcher.NotRegex(_, var pattern) -> pattern.text();
        };
    }

    private Expr checkUnary(Expr.Unary unary) throws QueryException {
        Expr operand = check(unary.expr());
        if (operand.type() != ValueType.SCALAR && operand.type() != ValueType.VECTOR) {
            throw error(
                    unary,
                    "unary expression only allowed on expressions of type scalar or instant vector,"
                            + " got "
                            + StringText.quoted(operand.type().documented()));
        }
        return new Expr.Unary(unary.negative(), operand, unary.position());
    }

    private Expr checkSubquery(Expr.Subquery subquery) throws QueryException {
        Expr inner = check(subquery.expr());
        if (inner.type() != ValueType.VECTOR) {
            throw error(
                    subquery,
                    "subquery is only allowed on instant vector, got "
                            + inner.type().text()
                            + " instead");
        }
        return new Expr.Subquery(
                inner, subquery.range(), subquery.step(), subquery.shift(), subquery.position());
    }

    private Expr checkAggregate(Expr.Aggregate aggregate) throws QueryException {
        Expr inner = check(aggregate.expr());
        expect(inner, ValueType.VECTOR, "aggregation expression");
        Optional<Expr> parameter = Optional.empty();
        if (aggregate.parameter().isPresent()) {
            Expr checked = check(aggregate.parameter().get());
            expect(checked, aggregate.operator().parameter(), "aggregation parameter");
            parameter = Optional.of(checked);
        }
        return new Expr.Aggregate(
                aggregate.operator(),
                inner,
                parameter,
                aggregate.grouping(),
                aggregate.without(),
                aggregate.position());
    }

    private void expect(Expr expr, ValueType wanted, String where) throws QueryException {
        if (expr.type() != wanted) {
            throw error(
                    expr,
                    "expected type "
                            + wanted.documented()
                            + " in "
                            + where
                            + ", got "
                            + expr.type().documented());
        }
    }

    private Expr checkBinary(Expr.Binary binary) throws QueryException {
        Expr left = check(binary.left());
        Expr right = check(binary.right());
        BinaryOperator operator = binary.operator();
        VectorMatching matching = binary.matching().orElse(VectorMatching.DEFAULT);
        ValueType leftType = left.type();
        ValueType rightType = right.type();
        if (binary.returnBool() && !operator.isComparison()) {
            throw atOperator(left, right, "bool modifier can only be used on comparison operators");
        }
        if (operator.isComparison()
                && !binary.returnBool()
                && leftType == ValueType.SCALAR
                && rightType == ValueType.SCALAR) {
            throw atOperator(left, right, "comparisons between scalars must use BOOL modifier");
        }
        for (String label : matching.labels()) {
            if (matching.on() && matching.include().contains(label)) {
                throw atOperator(
                        left,
                        right,
                        "label "
                                + StringText.quoted(label)
                                + " must not occur in ON and GROUP clause at once");
            }
        }
        checkOperand(left);
        checkOperand(right);
        if (leftType == ValueType.VECTOR && rightType == ValueType.VECTOR) {
            matching = checkMatching(binary, matching);
            return new Expr.Binary(
                    operator, left, right, binary.returnBool(), Optional.of(matching));
        }
        checkScalarSide(binary, matching);
        return new Expr.Binary(operator, left, right, binary.returnBool(), Optional.empty());
    }

    private void checkOperand(Expr operand) throws QueryException {
        if (operand.type() != ValueType.SCALAR && operand.type() != ValueType.VECTOR) {
            throw error(
                    operand, "binary expression must contain only scalar and instant vector types");
        }
    }

    private VectorMatching checkMatching(Expr.Binary binary, VectorMatching matching)
            throws QueryException {
        if (!binary.operator().isSet()) {
            return matching;
        }
        if (matching.isGrouping()) {
            throw error(
                    binary,
                    "no grouping allowed for "
                            + StringText.quoted(binary.operator().text())
                            + " operation");
        }
        if (matching.fills()) {
            throw error(binary, "filling in missing series not allowed for set operators");
        }
        return matching.withCardinality(Cardinality.MANY_TO_MANY);
    }

    private void checkScalarSide(Expr.Binary binary, VectorMatching matching)
            throws QueryException {
        if (!matching.labels().isEmpty()) {
            throw error(binary, "vector matching only allowed between instant vectors");
        }
        if (matching.fills()) {
            throw error(binary, "filling in missing series only allowed between instant vectors");
        }
        if (binary.operator().isSet()) {
            throw error(
                    binary,
                    "set operator "
                            + StringText.quoted(binary.operator().text())
                            + " not allowed in binary scalar expression");
        }
    }

    private Expr checkCall(Expr.Call call) throws QueryException {
        Function function = call.function();
        checkCount(call);
        if (function == Function.INFO && call.arguments().size() > 1) {
            checkInfoSelector(call.arguments().get(1));
        }
        List<Expr> arguments = new ArrayList<>();
        List<ValueType> types = function.arguments();
        for (int i = 0; i < call.arguments().size(); i++) {
            Expr argument = call.arguments().get(i);
            if (function != Function.INFO || i == 0) {
                argument = check(argument);
            }
            ValueType wanted = types.get(Math.min(i, types.size() - 1));
            if (argument.type() != wanted) {
                throw error(
                        argument,
                        "expected type "
                                + wanted.documented()
                                + " in call to function "
                                + StringText.quoted(function.text())
                                + ", got "
                                + argument.type().documented());
            }
            arguments.add(argument);
        }
        return new Expr.Call(function, arguments, call.position());
    }

    private void checkCount(Expr.Call call) throws QueryException {
        Function function = call.function();
        int count = call.arguments().size();
        int declared = function.arguments().size();
        String inCall = " argument(s) in call to " + StringText.quoted(function.text()) + ", got ";
        if (function.variadic() == 0) {
            if (count != declared) {
                throw error(call, "expected " + declared + inCall + count);
            }
        } else if (count < declared - 1) {
            throw error(call, "expected at least " + (declared - 1) + inCall + count);
        } else if (function.variadic() > 0 && count > declared - 1 + function.variadic()) {
            throw error(
                    call,
                    "expected at most " + (declared - 1 + function.variadic()) + inCall + count);
        }
    }

    private void checkInfoSelector(Expr argument) throws QueryException {
        if (!(argument instanceof Expr.VectorSelector selector)) {
            throw error(argument, "expected label selectors only");
        }
        if (!selector.metric().isEmpty()) {
            throw error(argument, "expected label selectors only, got vector selector instead");
        }
        checkSelector(selector, true);
    }

    private QueryException error(Expr expr, String text) {
        return QueryException.parse(query, expr.position(), text);
    }

    /// An error at the operator between two operands.
    private QueryException atOperator(Expr left, Expr right, String text) {
        int start = left.position().end();
        while (start < query.length() && Lexer.isSpace(query.charAt(start))) {
            start++;
        }
        int end = Math.max(start, right.position().start());
        return QueryException.parse(query, new Position(start, end), text);
    }
}
