package dev.muster.promql;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The tokens of a query as the parsers take them, with the errors that they report. Confined to
/// one thread.
///
/// The text of an error names the innermost construct around it that Prometheus has a text for, so
/// the open constructs are kept here.
final class TokenStream {
    /// Deepest nesting of expressions: beyond it the recursion might exhaust the stack.
    private static final int DEPTH_LIMIT = 500;

    /// Most binary operators of a query: a chain of them is as deep a tree.
    private static final int OPERATOR_LIMIT = 1_000;

    /// A construct with its own text for errors inside it.
    private record Context(String inside, String expected) {}

    private final String query;
    private final List<Token> tokens;
    private final Deque<Context> contexts = new ArrayDeque<>();
    private int next;
    private int depth;
    private int operators;

    TokenStream(String query) {
        this.query = query;
        tokens = Lexer.tokens(query);
    }

    /// From here on errors are inside of this construct, until [#close()].
    void open(String inside, String expected) {
        contexts.push(new Context(inside, expected));
    }

    void close() {
        contexts.pop();
    }

    /// Counts a level of nesting, until [#leave()].
    void enter() throws QueryException {
        if (++depth > DEPTH_LIMIT) {
            throw error(
                    peek().position(),
                    "expression must not be nested deeper: limit=" + DEPTH_LIMIT);
        }
    }

    void leave() {
        depth--;
    }

    /// Counts a binary operator.
    void count() throws QueryException {
        if (++operators > OPERATOR_LIMIT) {
            throw error(
                    peek().position(),
                    "query must not have more operators: limit=" + OPERATOR_LIMIT);
        }
    }

    Token peek() {
        return tokens.get(next);
    }

    TokenKind peekSecond() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1)).kind();
    }

    Token take() {
        return tokens.get(next++);
    }

    /// The token taken last.
    Token last() {
        return tokens.get(Math.max(0, next - 1));
    }

    boolean accept(TokenKind kind) {
        if (peek().kind() == kind) {
            next++;
            return true;
        }
        return false;
    }

    Token expect(TokenKind kind) throws QueryException {
        if (peek().kind() != kind) {
            throw unexpected();
        }
        return take();
    }

    /// The next token, which is a number or a duration.
    Expr.NumberLiteral number() throws QueryException {
        Token token = take();
        try {
            if (token.kind() == TokenKind.NUMBER) {
                return new Expr.NumberLiteral(Numbers.parse(token.text()), false, token.position());
            }
            return new Expr.NumberLiteral(
                    DurationText.parseMs(token.text()) / 1000.0, true, token.position());
        } catch (NumberFormatException e) {
            throw error(
                    token.position(),
                    "error parsing number: strconv.ParseFloat: parsing "
                            + StringText.quoted(token.text())
                            + ": invalid syntax");
        } catch (IllegalArgumentException e) {
            throw error(token.position(), String.valueOf(e.getMessage()));
        }
    }

    /// A number or a duration in seconds, after a sign where there is one.
    double signedNumber() throws QueryException {
        boolean negative = accept(TokenKind.SUB);
        if (!negative) {
            accept(TokenKind.ADD);
        }
        if (peek().kind() != TokenKind.NUMBER && peek().kind() != TokenKind.DURATION) {
            throw unexpected();
        }
        double value = number().value();
        return negative ? -value : value;
    }

    /// The next token does not fit here, said for the innermost open construct.
    QueryException unexpected() {
        Context context = contexts.peek();
        return context == null
                ? unexpected("", "")
                : unexpected(context.inside(), context.expected());
    }

    QueryException unexpected(String inside, String expected) {
        Token token = peek();
        if (token.kind() == TokenKind.ERROR) {
            return error(token.position(), token.text());
        }
        return error(
                token.position(),
                "unexpected "
                        + token.description()
                        + (inside.isEmpty() ? "" : " in " + inside)
                        + (expected.isEmpty() ? "" : ", expected " + expected));
    }

    QueryException error(Position position, String text) {
        return QueryException.parse(query, position, text);
    }
}
