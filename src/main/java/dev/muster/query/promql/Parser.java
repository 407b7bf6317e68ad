package dev.muster.query.promql;

import dev.muster.model.labels.InvalidPatternException;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.query.promql.Expr.Extension;
import dev.muster.query.promql.Expr.Shift;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// A Pratt parser: binary operators by precedence, everything else by its first token. Confined to
/// one thread; for one query.
///
/// It stops at the first error, in the place and with the text that Prometheus reports first. That
/// text names the innermost construct around the error, so the parser keeps the open constructs as
/// `contexts`.
final class Parser {
    /// Deepest nesting of expressions: beyond it the recursion might exhaust the stack.
    private static final int DEPTH_LIMIT = 500;

    /// Most binary operators of a query: a chain of them is as deep a tree.
    private static final int OPERATOR_LIMIT = 1_000;

    private static final String DURATION_EXPECTED = "number, duration, step(), or range()";

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

    /// A construct with its own text for errors inside it.
    private record Context(String inside, String expected) {}

    private final String query;
    private final List<Token> tokens;
    private final Deque<Context> contexts = new ArrayDeque<>();
    private int next;
    private int depth;
    private int operators;

    private Parser(String query) {
        this.query = query;
        tokens = Lexer.tokens(query);
    }

    static Expr parse(String query) throws QueryException {
        Parser parser = new Parser(query);
        Token first = parser.peek();
        if (first.kind() == TokenKind.EOF) {
            throw parser.error(new Position(0, 0), "no expression found in input");
        }
        Expr expr = parser.expression(1);
        if (parser.peek().kind() != TokenKind.EOF) {
            throw parser.unexpected();
        }
        return new TypeCheck(query).check(expr);
    }

    /// The matchers of a selector such as `up{job="a"}`, which must be the whole text.
    static List<LabelMatcher> selector(String text) throws QueryException {
        Parser parser = new Parser(text);
        Expr.VectorSelector selector = parser.vectorSelector();
        if (parser.peek().kind() != TokenKind.EOF) {
            throw parser.unexpected();
        }
        return selector.matchers();
    }

    // Expressions.

    private Expr expression(int minPrecedence) throws QueryException {
        enter();
        Expr left = unary();
        while (true) {
            BinaryOperator operator = OPERATORS.get(peek().kind());
            if (operator == null || operator.precedence() < minPrecedence) {
                leave();
                return left;
            }
            count();
            take();
            boolean returnBool = accept(TokenKind.BOOL);
            VectorMatching matching = matching();
            int rightMin =
                    operator == BinaryOperator.POW
                            ? operator.precedence()
                            : operator.precedence() + 1;
            Expr right = expression(rightMin);
            left = new Expr.Binary(operator, left, right, returnBool, Optional.of(matching));
        }
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

    private Expr unary() throws QueryException {
        Token sign = peek();
        if (sign.kind() != TokenKind.ADD && sign.kind() != TokenKind.SUB) {
            return postfix(primary());
        }
        take();
        boolean negative = sign.kind() == TokenKind.SUB;
        Expr operand = expression(BinaryOperator.UNARY_PRECEDENCE + 1);
        Position position = sign.position().to(operand.position());
        if (operand instanceof Expr.NumberLiteral(double value, boolean duration, _)) {
            return new Expr.NumberLiteral(negative ? -value : value, duration, position);
        }
        return new Expr.Unary(negative, operand, position);
    }

    private Expr postfix(Expr operand) throws QueryException {
        Expr expr = operand;
        while (true) {
            switch (peek().kind()) {
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

    private Expr primary() throws QueryException {
        Token token = peek();
        TokenKind kind = token.kind();
        TokenKind following = peekSecond();
        switch (kind) {
            case LEFT_PAREN -> {
                take();
                Expr inner = expression(1);
                Token close = expect(TokenKind.RIGHT_PAREN);
                return new Expr.Paren(inner, token.position().to(close.position()));
            }
            case STRING -> {
                take();
                return new Expr.StringLiteral(StringText.unquoted(token.text()), token.position());
            }
            case NUMBER, DURATION -> {
                return number();
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
                return vectorSelector();
            }
        }
    }

    private static boolean canNameFunction(TokenKind kind) {
        return kind == TokenKind.IDENTIFIER || kind.group() == TokenKind.Group.PREPROCESSOR;
    }

    private Expr.NumberLiteral number() throws QueryException {
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

    // Aggregations and functions.

    private Expr aggregate() throws QueryException {
        Token name = take();
        contexts.push(new Context("aggregation", ""));
        Aggregator operator = Aggregator.valueOf(name.kind().name());
        List<String> grouping = List.of();
        boolean without = false;
        boolean grouped = peek().kind() != TokenKind.LEFT_PAREN;
        if (grouped) {
            without = take().kind() == TokenKind.WITHOUT;
            grouping = groupingLabels();
        }
        List<Expr> arguments = arguments();
        if (!grouped && (peek().kind() == TokenKind.BY || peek().kind() == TokenKind.WITHOUT)) {
            without = take().kind() == TokenKind.WITHOUT;
            grouping = groupingLabels();
        }
        contexts.pop();
        Position position = name.position().to(last().position());
        int expected = operator.hasParameter() ? 2 : 1;
        if (arguments.isEmpty()) {
            throw error(position, "no arguments for aggregate expression provided");
        }
        if (arguments.size() != expected) {
            throw error(
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
        Token name = take();
        Function function = Function.of(name.text());
        List<Expr> arguments = arguments();
        if (function == null) {
            throw error(
                    name.position(),
                    "unknown function with name " + StringText.quoted(name.text()));
        }
        return new Expr.Call(function, arguments, name.position().to(last().position()));
    }

    private List<Expr> arguments() throws QueryException {
        expect(TokenKind.LEFT_PAREN);
        List<Expr> arguments = new ArrayList<>();
        if (accept(TokenKind.RIGHT_PAREN)) {
            return arguments;
        }
        while (true) {
            arguments.add(expression(1));
            if (peek().kind() == TokenKind.COMMA) {
                Token comma = take();
                if (peek().kind() == TokenKind.RIGHT_PAREN) {
                    throw error(
                            comma.position(), "trailing commas not allowed in function call args");
                }
            } else {
                expect(TokenKind.RIGHT_PAREN);
                return arguments;
            }
        }
    }

    // Modifiers of binary operators.

    private VectorMatching matching() throws QueryException {
        VectorMatching.Cardinality cardinality = VectorMatching.Cardinality.ONE_TO_ONE;
        boolean on = false;
        List<String> labels = List.of();
        List<String> include = List.of();
        if (peek().kind() == TokenKind.ON || peek().kind() == TokenKind.IGNORING) {
            on = take().kind() == TokenKind.ON;
            labels = groupingLabels();
            if (peek().kind() == TokenKind.GROUP_LEFT || peek().kind() == TokenKind.GROUP_RIGHT) {
                cardinality =
                        take().kind() == TokenKind.GROUP_LEFT
                                ? VectorMatching.Cardinality.MANY_TO_ONE
                                : VectorMatching.Cardinality.ONE_TO_MANY;
                if (peek().kind() == TokenKind.LEFT_PAREN) {
                    include = groupingLabels();
                }
            }
        }
        OptionalDouble fillLeft = OptionalDouble.empty();
        OptionalDouble fillRight = OptionalDouble.empty();
        if (accept(TokenKind.FILL)) {
            fillLeft = fillValue();
            fillRight = fillLeft;
        } else if (accept(TokenKind.FILL_LEFT)) {
            fillLeft = fillValue();
            fillRight = accept(TokenKind.FILL_RIGHT) ? fillValue() : fillRight;
        } else if (accept(TokenKind.FILL_RIGHT)) {
            fillRight = fillValue();
            fillLeft = accept(TokenKind.FILL_LEFT) ? fillValue() : fillLeft;
        }
        return new VectorMatching(cardinality, on, labels, include, fillLeft, fillRight);
    }

    private OptionalDouble fillValue() throws QueryException {
        expect(TokenKind.LEFT_PAREN);
        boolean negative = accept(TokenKind.SUB);
        if (!negative) {
            accept(TokenKind.ADD);
        }
        if (peek().kind() != TokenKind.NUMBER && peek().kind() != TokenKind.DURATION) {
            throw unexpected();
        }
        double value = number().value();
        expect(TokenKind.RIGHT_PAREN);
        return OptionalDouble.of(negative ? -value : value);
    }

    private List<String> groupingLabels() throws QueryException {
        if (!accept(TokenKind.LEFT_PAREN)) {
            throw unexpected("grouping opts", "\"(\"");
        }
        List<String> labels = new ArrayList<>();
        while (!accept(TokenKind.RIGHT_PAREN)) {
            labels.add(groupingLabel());
            if (!accept(TokenKind.COMMA) && peek().kind() != TokenKind.RIGHT_PAREN) {
                throw unexpected("grouping opts", "\",\" or \")\"");
            }
        }
        return labels;
    }

    private String groupingLabel() throws QueryException {
        Token token = peek();
        TokenKind kind = token.kind();
        if (kind == TokenKind.STRING) {
            take();
            String name = StringText.unquoted(token.text());
            if (name.isEmpty() || name.indexOf('\ufffd') >= 0) {
                throw error(
                        token.position(),
                        "invalid label name for grouping: " + StringText.quoted(name));
            }
            return name;
        }
        if (kind != TokenKind.IDENTIFIER && kind != TokenKind.METRIC_IDENTIFIER && !isWord(kind)) {
            throw unexpected("grouping opts", "label");
        }
        return take().text();
    }

    private static boolean isWord(TokenKind kind) {
        return !kind.text().isEmpty() && Character.isLetter(kind.text().charAt(0));
    }

    // Selectors.

    private Expr.VectorSelector vectorSelector() throws QueryException {
        Token first = peek();
        String metric = "";
        if (canNameMetric(first.kind())) {
            metric = take().text();
        } else if (first.kind() != TokenKind.LEFT_BRACE) {
            throw unexpected();
        }
        List<LabelMatcher> matchers = new ArrayList<>();
        if (peek().kind() == TokenKind.LEFT_BRACE) {
            take();
            matchers(matchers);
        }
        if (!metric.isEmpty()) {
            matchers.add(LabelMatcher.equal(Labels.METRIC, metric));
        }
        return new Expr.VectorSelector(
                metric,
                matchers,
                Shift.NONE,
                Extension.NONE,
                first.position().to(last().position()));
    }

    private static boolean canNameMetric(TokenKind kind) {
        return switch (kind) {
            case IDENTIFIER, METRIC_IDENTIFIER, AND, OR, UNLESS, OFFSET, BY, WITHOUT -> true;
            case ANCHORED, SMOOTHED -> true;
            default -> kind.isAggregator() || kind.group() == TokenKind.Group.PREPROCESSOR;
        };
    }

    private void matchers(List<LabelMatcher> matchers) throws QueryException {
        if (accept(TokenKind.RIGHT_BRACE)) {
            return;
        }
        while (true) {
            matchers.add(matcher());
            if (accept(TokenKind.COMMA)) {
                if (accept(TokenKind.RIGHT_BRACE)) {
                    return;
                }
            } else if (accept(TokenKind.RIGHT_BRACE)) {
                return;
            } else {
                throw unexpected("label matching", "\",\" or \"}\"");
            }
        }
    }

    private LabelMatcher matcher() throws QueryException {
        Token name = peek();
        boolean quoted = name.kind() == TokenKind.STRING;
        if (!quoted && name.kind() != TokenKind.IDENTIFIER) {
            throw unexpected("label matching", "identifier or \"}\"");
        }
        take();
        String label = quoted ? StringText.unquoted(name.text()) : name.text();
        TokenKind operator = peek().kind();
        boolean matches =
                operator == TokenKind.EQUAL
                        || operator == TokenKind.NOT_EQUAL
                        || operator == TokenKind.MATCHES
                        || operator == TokenKind.MATCHES_NOT;
        if (!matches && quoted) {
            return LabelMatcher.equal(Labels.METRIC, label);
        }
        if (!matches) {
            throw unexpected("label matching", "label matching operator");
        }
        take();
        if (peek().kind() != TokenKind.STRING) {
            throw unexpected("label matching", "string");
        }
        Token value = take();
        try {
            return matcher(operator, label, StringText.unquoted(value.text()));
        } catch (InvalidPatternException e) {
            throw error(name.position().to(value.position()), String.valueOf(e.getMessage()));
        }
    }

    private static LabelMatcher matcher(TokenKind operator, String label, String value) {
        return switch (operator) {
            case EQUAL -> LabelMatcher.equal(label, value);
            case NOT_EQUAL -> LabelMatcher.notEqual(label, value);
            case MATCHES -> LabelMatcher.regex(label, value);
            default -> LabelMatcher.notRegex(label, value);
        };
    }

    // Ranges, subqueries, offset, @.

    private Expr bracket(Expr operand) throws QueryException {
        Token open = take();
        contexts.push(new Context("subquery or range selector", DURATION_EXPECTED));
        DurationExpr range = positive(new DurationParser(this, true).sum());
        contexts.pop();
        if (!accept(TokenKind.COLON)) {
            if (peek().kind() != TokenKind.RIGHT_BRACKET) {
                throw unexpected("subquery or range", "\":\" or \"]\"");
            }
            return matrix(operand, range, open, take());
        }
        Optional<DurationExpr> step = Optional.empty();
        if (peek().kind() != TokenKind.RIGHT_BRACKET) {
            contexts.push(
                    new Context(
                            "subquery selector", "number, duration, step(), range(), or \"]\""));
            step = Optional.of(positive(new DurationParser(this, true).sum()));
            contexts.pop();
        }
        if (!accept(TokenKind.RIGHT_BRACKET)) {
            throw unexpected("subquery selector", "\"]\"");
        }
        return new Expr.Subquery(
                operand, range, step, Shift.NONE, operand.position().to(last().position()));
    }

    private DurationExpr positive(DurationParser.Parsed parsed) throws QueryException {
        if (parsed.expr() instanceof DurationExpr.Literal literal && literal.seconds() <= 0) {
            throw error(parsed.position(), "duration must be greater than 0");
        }
        return parsed.expr();
    }

    private Expr matrix(Expr operand, DurationExpr range, Token open, Token close)
            throws QueryException {
        Position brackets = open.position().to(close.position());
        if (!(operand instanceof Expr.VectorSelector selector)) {
            throw error(brackets, "ranges only allowed for vector selectors");
        }
        if (selector.shift().hasOffset()) {
            throw error(brackets, "no offset modifiers allowed before range");
        }
        if (selector.shift().hasAt()) {
            throw error(brackets, "no @ modifiers allowed before range");
        }
        return new Expr.MatrixSelector(selector, range, operand.position().to(close.position()));
    }

    private Expr offset(Expr operand) throws QueryException {
        take();
        contexts.push(new Context("offset", DURATION_EXPECTED));
        DurationExpr offset = new DurationParser(this, false).operand().expr();
        contexts.pop();
        if (!(operand instanceof Expr.VectorSelector
                || operand instanceof Expr.MatrixSelector
                || operand instanceof Expr.Subquery)) {
            throw error(
                    operand.position(),
                    "offset modifier must be preceded by an instant vector selector or range vector"
                            + " selector or a subquery");
        }
        Shift shift = shift(operand);
        if (shift.hasOffset()) {
            throw error(operand.position(), "offset may not be set multiple times");
        }
        return shifted(operand, new Shift(offset, shift.at()));
    }

    private Expr at(Expr operand) throws QueryException {
        take();
        contexts.push(new Context("@", "timestamp"));
        At at = atTime(operand);
        contexts.pop();
        if (!(operand instanceof Expr.VectorSelector
                || operand instanceof Expr.MatrixSelector
                || operand instanceof Expr.Subquery)) {
            throw error(
                    operand.position(),
                    "@ modifier must be preceded by an instant vector selector or range vector"
                            + " selector or a subquery");
        }
        Shift shift = shift(operand);
        if (shift.hasAt()) {
            throw error(operand.position(), "@ <timestamp> may not be set multiple times");
        }
        return shifted(operand, new Shift(shift.offset(), at));
    }

    private At atTime(Expr operand) throws QueryException {
        TokenKind kind = peek().kind();
        if (kind == TokenKind.START || kind == TokenKind.END) {
            take();
            expect(TokenKind.LEFT_PAREN);
            expect(TokenKind.RIGHT_PAREN);
            return kind == TokenKind.START ? new At.Start() : new At.End();
        }
        boolean negative = accept(TokenKind.SUB);
        if (!negative) {
            accept(TokenKind.ADD);
        }
        if (peek().kind() != TokenKind.NUMBER && peek().kind() != TokenKind.DURATION) {
            throw unexpected();
        }
        double seconds = number().value() * (negative ? -1 : 1);
        if (Double.isNaN(seconds) || Math.abs(seconds) >= 0x1p63) {
            throw error(
                    operand.position(),
                    "timestamp out of bounds for @ modifier: "
                            + (Double.isFinite(seconds)
                                    ? String.format("%f", seconds)
                                    : Numbers.plain(seconds)));
        }
        return new At.Time(Math.round(seconds * 1000));
    }

    private Expr extension(Expr operand, Extension extension, String word) throws QueryException {
        take();
        return switch (operand) {
            case Expr.VectorSelector selector -> extended(selector, operand, extension);
            case Expr.MatrixSelector matrix ->
                    new Expr.MatrixSelector(
                            extended(matrix.selector(), operand, extension),
                            matrix.range(),
                            matrix.position());
            case Expr.Subquery _ ->
                    throw error(
                            operand.position(), word + " modifier is not supported for subqueries");
            case Expr.NumberLiteral _,
                    Expr.StringLiteral _,
                    Expr.Aggregate _,
                    Expr.Binary _,
                    Expr.Unary _,
                    Expr.Call _,
                    Expr.Paren _,
                    Expr.StepInvariant _ ->
                    throw error(operand.position(), word + " modifier not implemented");
        };
    }

    private Expr.VectorSelector extended(
            Expr.VectorSelector selector, Expr operand, Extension extension) throws QueryException {
        if (selector.extension() != Extension.NONE && selector.extension() != extension) {
            throw error(
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
        Position position = operand.position().to(last().position());
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

    // Tokens.

    Token peek() {
        return tokens.get(next);
    }

    private TokenKind peekSecond() {
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

    // Errors.

    /// The next token does not fit here, said for the innermost open construct.
    QueryException unexpected() {
        Context context = contexts.peek();
        return context == null
                ? unexpected("", "")
                : unexpected(context.inside(), context.expected());
    }

    private QueryException unexpected(String inside, String expected) {
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

    /// A number or duration token as seconds.
    double seconds() throws QueryException {
        return number().value();
    }
}
