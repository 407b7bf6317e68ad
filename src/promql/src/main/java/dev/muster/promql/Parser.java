package dev.muster.promql;

import dev.muster.model.labels.LabelMatcher;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// A Pratt parser: binary operators by precedence, everything else by its first token. Confined to
/// one thread; for one query.
///
/// It stops at the first error, in the place and with the text that Prometheus reports first.
final class Parser {
    private static final Map<TokenKind, BinaryOperator> OPERATORS = new EnumMap<>(TokenKind.class);

    static {
        for (TokenKind kind : TokenKind.values()) {
            for (BinaryOperator operator : BinaryOperator.values()) {
                if (operator.text().equals(kind.text())) {
                    OPERATORS.put(kind, operator);
                }
            }
        }
    }

    private final TokenStream tokens;
    private final SelectorParser selectors;
    private final PostfixParser postfixes;

    private Parser(String query) {
        tokens = new TokenStream(query);
        selectors = new SelectorParser(tokens);
        postfixes = new PostfixParser(tokens);
    }

    static Expr parse(String query) throws QueryException {
        Parser parser = new Parser(query);
        if (parser.tokens.peek().kind() == TokenKind.EOF) {
            throw parser.tokens.error(new Position(0, 0), "no expression found in input");
        }
        Expr expr = parser.expression(1);
        parser.expectEnd();
        return new TypeCheck(query).check(expr);
    }

    /// The matchers of a selector such as `up{job="a"}`, which must be the whole text.
    static List<LabelMatcher> selector(String text) throws QueryException {
        Parser parser = new Parser(text);
        Expr.VectorSelector selector = parser.selectors.vectorSelector();
        parser.expectEnd();
        return selector.matchers();
    }

    private void expectEnd() throws QueryException {
        if (tokens.peek().kind() != TokenKind.EOF) {
            throw tokens.unexpected();
        }
    }

    private Expr expression(int minPrecedence) throws QueryException {
        tokens.enter();
        Expr left = unary();
        while (true) {
            BinaryOperator operator = OPERATORS.get(tokens.peek().kind());
            if (operator == null || operator.precedence() < minPrecedence) {
                tokens.leave();
                return left;
            }
            tokens.count();
            tokens.take();
            boolean returnBool = tokens.accept(TokenKind.BOOL);
            VectorMatching matching = matching();
            int rightMin =
                    operator == BinaryOperator.POW
                            ? operator.precedence()
                            : operator.precedence() + 1;
            Expr right = expression(rightMin);
            left = new Expr.Binary(operator, left, right, returnBool, Optional.of(matching));
        }
    }

    private Expr unary() throws QueryException {
        Token sign = tokens.peek();
        if (sign.kind() != TokenKind.ADD && sign.kind() != TokenKind.SUB) {
            return postfixes.postfix(primary());
        }
        tokens.take();
        boolean negative = sign.kind() == TokenKind.SUB;
        Expr operand = expression(BinaryOperator.UNARY_PRECEDENCE + 1);
        Position position = sign.position().to(operand.position());
        if (operand instanceof Expr.NumberLiteral(double value, boolean duration, _)) {
            return new Expr.NumberLiteral(negative ? -value : value, duration, position);
        }
        return new Expr.Unary(negative, operand, position);
    }

    private Expr primary() throws QueryException {
        Token token = tokens.peek();
        TokenKind kind = token.kind();
        TokenKind following = tokens.peekSecond();
        switch (kind) {
            case LEFT_PAREN -> {
                tokens.take();
                Expr inner = expression(1);
                Token close = tokens.expect(TokenKind.RIGHT_PAREN);
                return new Expr.Paren(inner, token.position().to(close.position()));
            }
            case STRING -> {
                tokens.take();
                return new Expr.StringLiteral(StringText.unquoted(token.text()), token.position());
            }
            case NUMBER, DURATION -> {
                return tokens.number();
            }
            default -> {
                if (kind.isAggregator()
                        && (following == TokenKind.LEFT_PAREN
                                || following == TokenKind.BY
                                || following == TokenKind.WITHOUT)) {
                    return aggregate();
                }
                if (following == TokenKind.LEFT_PAREN && canNameFunction(kind)) {
                    return call();
                }
                return selectors.vectorSelector();
            }
        }
    }

    private static boolean canNameFunction(TokenKind kind) {
        return kind == TokenKind.IDENTIFIER || kind.group() == TokenKind.Group.PREPROCESSOR;
    }

    private Expr aggregate() throws QueryException {
        Token name = tokens.take();
        tokens.open("aggregation", "");
        Aggregator operator = Aggregator.valueOf(name.kind().name());
        List<String> grouping = List.of();
        boolean without = false;
        boolean grouped = tokens.peek().kind() != TokenKind.LEFT_PAREN;
        if (grouped) {
            without = tokens.take().kind() == TokenKind.WITHOUT;
            grouping = selectors.groupingLabels();
        }
        List<Expr> arguments = arguments();
        if (!grouped
                && (tokens.peek().kind() == TokenKind.BY
                        || tokens.peek().kind() == TokenKind.WITHOUT)) {
            without = tokens.take().kind() == TokenKind.WITHOUT;
            grouping = selectors.groupingLabels();
        }
        tokens.close();
        Position position = name.position().to(tokens.last().position());
        int expected = operator.hasParameter() ? 2 : 1;
        if (arguments.isEmpty()) {
            throw tokens.error(position, "no arguments for aggregate expression provided");
        }
        if (arguments.size() != expected) {
            throw tokens.error(
                    position,
                    "wrong number of arguments for aggregate expression provided, expected "
                            + expected
                            + ", got "
                            + arguments.size());
        }
        return new Expr.Aggregate(
                operator,
                arguments.getLast(),
                expected == 2 ? Optional.of(arguments.getFirst()) : Optional.empty(),
                grouping,
                without,
                position);
    }

    private Expr call() throws QueryException {
        Token name = tokens.take();
        Function function = Function.of(name.text());
        List<Expr> arguments = arguments();
        if (function == null) {
            throw tokens.error(
                    name.position(),
                    "unknown function with name " + StringText.quoted(name.text()));
        }
        return new Expr.Call(function, arguments, name.position().to(tokens.last().position()));
    }

    private List<Expr> arguments() throws QueryException {
        tokens.expect(TokenKind.LEFT_PAREN);
        List<Expr> arguments = new ArrayList<>();
        if (tokens.accept(TokenKind.RIGHT_PAREN)) {
            return arguments;
        }
        while (true) {
            arguments.add(expression(1));
            if (tokens.peek().kind() == TokenKind.COMMA) {
                Token comma = tokens.take();
                if (tokens.peek().kind() == TokenKind.RIGHT_PAREN) {
                    throw tokens.error(
                            comma.position(), "trailing commas not allowed in function call args");
                }
            } else {
                tokens.expect(TokenKind.RIGHT_PAREN);
                return arguments;
            }
        }
    }

    private VectorMatching matching() throws QueryException {
        VectorMatching.Cardinality cardinality = VectorMatching.Cardinality.ONE_TO_ONE;
        boolean on = false;
        List<String> labels = List.of();
        List<String> include = List.of();
        if (tokens.peek().kind() == TokenKind.ON || tokens.peek().kind() == TokenKind.IGNORING) {
            on = tokens.take().kind() == TokenKind.ON;
            labels = selectors.groupingLabels();
            if (tokens.peek().kind() == TokenKind.GROUP_LEFT
                    || tokens.peek().kind() == TokenKind.GROUP_RIGHT) {
                cardinality =
                        tokens.take().kind() == TokenKind.GROUP_LEFT
                                ? VectorMatching.Cardinality.MANY_TO_ONE
                                : VectorMatching.Cardinality.ONE_TO_MANY;
                if (tokens.peek().kind() == TokenKind.LEFT_PAREN) {
                    include = selectors.groupingLabels();
                }
            }
        }
        OptionalDouble fillLeft = OptionalDouble.empty();
        OptionalDouble fillRight = OptionalDouble.empty();
        if (tokens.accept(TokenKind.FILL)) {
            fillLeft = fillValue();
            fillRight = fillLeft;
        } else if (tokens.accept(TokenKind.FILL_LEFT)) {
            fillLeft = fillValue();
            fillRight = tokens.accept(TokenKind.FILL_RIGHT) ? fillValue() : fillRight;
        } else if (tokens.accept(TokenKind.FILL_RIGHT)) {
            fillRight = fillValue();
            fillLeft = tokens.accept(TokenKind.FILL_LEFT) ? fillValue() : fillLeft;
        }
        return new VectorMatching(cardinality, on, labels, include, fillLeft, fillRight);
    }

    private OptionalDouble fillValue() throws QueryException {
        tokens.expect(TokenKind.LEFT_PAREN);
        double value = tokens.signedNumber();
        tokens.expect(TokenKind.RIGHT_PAREN);
        return OptionalDouble.of(value);
    }
}
