package dev.muster.promql;

import dev.muster.promql.Expr.Extension;
import dev.muster.promql.Expr.Shift;
import java.util.Optional;

/// Parses what follows a selector or another expression: ranges and subqueries in brackets,
/// `offset`, `@`, `anchored` and `smoothed`.
final class PostfixParser {
    private static final String DURATION_EXPECTED = "number, duration, step(), or range()";

    private final TokenStream tokens;

    PostfixParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    /// The operand with all that follows it.
    Expr postfix(Expr operand) throws QueryException {
        Expr expr = operand;
        while (true) {
            switch (tokens.peek().kind()) {
                case LEFT_BRACKET -> expr = bracket(expr);
                case OFFSET -> expr = offset(expr);
                case AT -> expr = at(expr);
                case ANCHORED -> expr = extension(expr, Extension.ANCHORED, "anchored");
                case SMOOTHED -> expr = extension(expr, Extension.SMOOTHED, "smoothed");
                default -> {
                    return expr;
                }
            }
        }
    }

    private Expr bracket(Expr operand) throws QueryException {
        Token open = tokens.take();
        tokens.open("subquery or range selector", DURATION_EXPECTED);
        DurationExpr range = positive(new DurationParser(tokens, true).sum());
        tokens.close();
        if (!tokens.accept(TokenKind.COLON)) {
            if (tokens.peek().kind() != TokenKind.RIGHT_BRACKET) {
                throw tokens.unexpected("subquery or range", "\":\" or \"]\"");
            }
            return matrix(operand, range, open, tokens.take());
        }
        Optional<DurationExpr> step = Optional.empty();
        if (tokens.peek().kind() != TokenKind.RIGHT_BRACKET) {
            tokens.open("subquery selector", "number, duration, step(), range(), or \"]\"");
            step = Optional.of(positive(new DurationParser(tokens, true).sum()));
            tokens.close();
        }
        if (!tokens.accept(TokenKind.RIGHT_BRACKET)) {
            throw tokens.unexpected("subquery selector", "\"]\"");
        }
        return new Expr.Subquery(
                operand, range, step, Shift.NONE, operand.position().to(tokens.last().position()));
    }

    private DurationExpr positive(DurationParser.Parsed parsed) throws QueryException {
        if (parsed.expr() instanceof DurationExpr.Literal literal && literal.seconds() <= 0) {
            throw tokens.error(parsed.position(), "duration must be greater than 0");
        }
        return parsed.expr();
    }

    private Expr matrix(Expr operand, DurationExpr range, Token open, Token close)
            throws QueryException {
        Position brackets = open.position().to(close.position());
        if (!(operand instanceof Expr.VectorSelector selector)) {
            throw tokens.error(brackets, "ranges only allowed for vector selectors");
        }
        if (selector.shift().hasOffset()) {
            throw tokens.error(brackets, "no offset modifiers allowed before range");
        }
        if (selector.shift().hasAt()) {
            throw tokens.error(brackets, "no @ modifiers allowed before range");
        }
        return new Expr.MatrixSelector(selector, range, operand.position().to(close.position()));
    }

    private Expr offset(Expr operand) throws QueryException {
        tokens.take();
        tokens.open("offset", DURATION_EXPECTED);
        DurationExpr offset = new DurationParser(tokens, false).operand().expr();
        tokens.close();
        requireShiftable(operand, "offset");
        Shift shift = shift(operand);
        if (shift.hasOffset()) {
            throw tokens.error(operand.position(), "offset may not be set multiple times");
        }
        return shifted(operand, new Shift(offset, shift.at()));
    }

    private Expr at(Expr operand) throws QueryException {
        tokens.take();
        tokens.open("@", "timestamp");
        At at = atTime(operand);
        tokens.close();
        requireShiftable(operand, "@");
        Shift shift = shift(operand);
        if (shift.hasAt()) {
            throw tokens.error(operand.position(), "@ <timestamp> may not be set multiple times");
        }
        return shifted(operand, new Shift(shift.offset(), at));
    }

    private void requireShiftable(Expr operand, String modifier) throws QueryException {
        if (!(operand instanceof Expr.VectorSelector
                || operand instanceof Expr.MatrixSelector
                || operand instanceof Expr.Subquery)) {
            throw tokens.error(
                    operand.position(),
                    modifier
                            + " modifier must be preceded by an instant vector selector or range"
                            + " vector selector or a subquery");
        }
    }

    private At atTime(Expr operand) throws QueryException {
        TokenKind kind = tokens.peek().kind();
        if (kind == TokenKind.START || kind == TokenKind.END) {
            tokens.take();
            tokens.expect(TokenKind.LEFT_PAREN);
            tokens.expect(TokenKind.RIGHT_PAREN);
            return kind == TokenKind.START ? new At.Start() : new At.End();
        }
        double seconds = tokens.signedNumber();
        if (Double.isNaN(seconds) || Math.abs(seconds) >= 0x1p63) {
            throw tokens.error(
                    operand.position(),
                    "timestamp out of bounds for @ modifier: "
                            + (Double.isFinite(seconds)
                                    ? String.format("%f", seconds)
                                    : Numbers.plain(seconds)));
        }
        return new At.Time(Math.round(seconds * 1000));
    }

    private Expr extension(Expr operand, Extension extension, String word) throws QueryException {
        tokens.take();
        return switch (operand) {
            case Expr.VectorSelector selector -> extended(selector, operand, extension);
            case Expr.MatrixSelector matrix ->
                    new Expr.MatrixSelector(
                            extended(matrix.selector(), operand, extension),
                            matrix.range(),
                            matrix.position());
            case Expr.Subquery _ ->
                    throw tokens.error(
                            operand.position(), word + " modifier is not supported for subqueries");
            case Expr.NumberLiteral _,
                    Expr.StringLiteral _,
                    Expr.Aggregate _,
                    Expr.Binary _,
                    Expr.Unary _,
                    Expr.Call _,
                    Expr.Paren _,
                    Expr.StepInvariant _ ->
                    throw tokens.error(operand.position(), word + " modifier not implemented");
        };
    }

    private Expr.VectorSelector extended(
            Expr.VectorSelector selector, Expr operand, Extension extension) throws QueryException {
        if (selector.extension() != Extension.NONE && selector.extension() != extension) {
            throw tokens.error(
                    operand.position(), "anchored and smoothed modifiers cannot be used together");
        }
        return new Expr.VectorSelector(
                selector.metric(),
                selector.matchers(),
                selector.shift(),
                extension,
                selector.position());
    }

    private static Shift shift(Expr operand) {
        return switch (operand) {
            case Expr.VectorSelector selector -> selector.shift();
            case Expr.MatrixSelector matrix -> matrix.selector().shift();
            case Expr.Subquery subquery -> subquery.shift();
            default -> Shift.NONE;
        };
    }

    private Expr shifted(Expr operand, Shift shift) {
        Position position = operand.position().to(tokens.last().position());
        return switch (operand) {
            case Expr.VectorSelector s ->
                    new Expr.VectorSelector(
                            s.metric(), s.matchers(), shift, s.extension(), position);
            case Expr.MatrixSelector m ->
                    new Expr.MatrixSelector(m.selector().withShift(shift), m.range(), position);
            case Expr.Subquery subquery -> subquery.withShift(shift, position);
            default -> operand;
        };
    }
}
