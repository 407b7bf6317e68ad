package dev.muster.promql;

import org.jspecify.annotations.Nullable;

/// Parses lengths of time: in brackets any arithmetic, after `offset` one operand.
final class DurationParser {
    private static final double LIMIT_SECONDS = Long.MAX_VALUE / 1e9;

    /// A duration with its place in the query.
    record Parsed(DurationExpr expr, Position position) {}

    private final TokenStream tokens;

    /// Whether a sign binds looser than `^`, which may not follow an operand of `offset`.
    private final boolean arithmetic;

    DurationParser(TokenStream tokens, boolean arithmetic) {
        this.tokens = tokens;
        this.arithmetic = arithmetic;
    }

    Parsed sum() throws QueryException {
        return binary(BinaryOperator.ADD.precedence());
    }

    private Parsed binary(int minPrecedence) throws QueryException {
        Parsed left = operand();
        while (true) {
            BinaryOperator operator = operator(tokens.peek().kind());
            if (operator == null || operator.precedence() < minPrecedence) {
                return left;
            }
            tokens.count();
            tokens.take();
            boolean rightToLeft = operator == BinaryOperator.POW;
            Parsed right = binary(operator.precedence() + (rightToLeft ? 0 : 1));
            refuseZero(operator, right);
            left =
                    new Parsed(
                            new DurationExpr.Arithmetic(operator, left.expr(), right.expr()),
                            left.position().to(right.position()));
        }
    }

    private void refuseZero(BinaryOperator operator, Parsed right) throws QueryException {
        if (right.expr() instanceof DurationExpr.Literal literal && literal.seconds() == 0) {
            if (operator == BinaryOperator.DIV) {
                throw tokens.error(right.position(), "division by zero");
            }
            if (operator == BinaryOperator.MOD) {
                throw tokens.error(right.position(), "modulo by zero");
            }
        }
    }

    private static @Nullable BinaryOperator operator(TokenKind kind) {
        return switch (kind) {
            case ADD -> BinaryOperator.ADD;
            case SUB -> BinaryOperator.SUB;
            case MUL -> BinaryOperator.MUL;
            case DIV -> BinaryOperator.DIV;
            case MOD -> BinaryOperator.MOD;
            case POW -> BinaryOperator.POW;
            default -> null;
        };
    }

    /// A number, a call or something in parentheses, with or without a sign. In brackets the sign
    /// binds looser than `^`.
    Parsed operand() throws QueryException {
        tokens.enter();
        Parsed parsed = nestedOperand();
        tokens.leave();
        return parsed;
    }

    private Parsed nestedOperand() throws QueryException {
        Token first = tokens.peek();
        if (tokens.accept(TokenKind.SUB)) {
            Parsed operand = signed();
            return new Parsed(negated(operand.expr()), first.position().to(operand.position()));
        }
        if (tokens.accept(TokenKind.ADD)) {
            return signed();
        }
        DurationExpr expr =
                switch (first.kind()) {
                    case NUMBER, DURATION -> literal(first);
                    case STEP -> call(new DurationExpr.Step());
                    case RANGE -> call(new DurationExpr.Range());
                    case MIN_OF -> extreme(false);
                    case MAX_OF -> extreme(true);
                    case LEFT_PAREN -> {
                        tokens.take();
                        DurationExpr inner = new DurationParser(tokens, true).sum().expr();
                        tokens.expect(TokenKind.RIGHT_PAREN);
                        yield new DurationExpr.Paren(inner);
                    }
                    default -> throw tokens.unexpected();
                };
        return new Parsed(expr, first.position().to(tokens.last().position()));
    }

    private Parsed signed() throws QueryException {
        return arithmetic ? binary(BinaryOperator.POW.precedence()) : operand();
    }

    private static DurationExpr negated(DurationExpr expr) {
        return expr instanceof DurationExpr.Literal(double seconds)
                ? new DurationExpr.Literal(-seconds)
                : new DurationExpr.Negated(expr);
    }

    private DurationExpr literal(Token token) throws QueryException {
        double seconds = tokens.number().value();
        if (Double.isNaN(seconds) || Math.abs(seconds) > LIMIT_SECONDS) {
            throw tokens.error(token.position(), "duration out of range");
        }
        return new DurationExpr.Literal(seconds);
    }

    private DurationExpr call(DurationExpr value) throws QueryException {
        tokens.take();
        tokens.expect(TokenKind.LEFT_PAREN);
        tokens.expect(TokenKind.RIGHT_PAREN);
        return value;
    }

    private DurationExpr extreme(boolean max) throws QueryException {
        tokens.take();
        tokens.expect(TokenKind.LEFT_PAREN);
        DurationParser inside = new DurationParser(tokens, true);
        DurationExpr left = inside.sum().expr();
        tokens.expect(TokenKind.COMMA);
        DurationExpr right = inside.sum().expr();
        tokens.expect(TokenKind.RIGHT_PAREN);
        return new DurationExpr.Extreme(max, left, right);
    }
}
