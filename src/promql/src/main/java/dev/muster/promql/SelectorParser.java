package dev.muster.promql;

import dev.muster.model.labels.InvalidPatternException;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.List;

/// Parses selectors such as `up{job="a"}` and lists of label names.
final class SelectorParser {
    private final TokenStream tokens;

    SelectorParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    Expr.VectorSelector vectorSelector() throws QueryException {
        Token first = tokens.peek();
        String metric = "";
        if (canNameMetric(first.kind())) {
            metric = tokens.take().text();
        } else if (first.kind() != TokenKind.LEFT_BRACE) {
            throw tokens.unexpected();
        }
        List<LabelMatcher> matchers = new ArrayList<>();
        if (tokens.peek().kind() == TokenKind.LEFT_BRACE) {
            tokens.take();
            matchers(matchers);
        }
        if (!metric.isEmpty()) {
            matchers.add(LabelMatcher.equal(Labels.METRIC, metric));
        }
        return new Expr.VectorSelector(
                metric,
                matchers,
                Expr.Shift.NONE,
                Expr.Extension.NONE,
                first.position().to(tokens.last().position()));
    }

    private static boolean canNameMetric(TokenKind kind) {
        return switch (kind) {
            case IDENTIFIER, METRIC_IDENTIFIER, AND, OR, UNLESS, OFFSET, BY, WITHOUT -> true;
            case ANCHORED, SMOOTHED -> true;
            default -> kind.isAggregator() || kind.group() == TokenKind.Group.PREPROCESSOR;
        };
    }

    private void matchers(List<LabelMatcher> matchers) throws QueryException {
        if (tokens.accept(TokenKind.RIGHT_BRACE)) {
            return;
        }
        while (true) {
            matchers.add(matcher());
            if (tokens.accept(TokenKind.COMMA)) {
                if (tokens.accept(TokenKind.RIGHT_BRACE)) {
                    return;
                }
            } else if (tokens.accept(TokenKind.RIGHT_BRACE)) {
                return;
            } else {
                throw tokens.unexpected("label matching", "\",\" or \"}\"");
            }
        }
    }

    private LabelMatcher matcher() throws QueryException {
        Token name = tokens.peek();
        boolean quoted = name.kind() == TokenKind.STRING;
        if (!quoted && name.kind() != TokenKind.IDENTIFIER) {
            throw tokens.unexpected("label matching", "identifier or \"}\"");
        }
        tokens.take();
        String label = quoted ? StringText.unquoted(name.text()) : name.text();
        TokenKind operator = tokens.peek().kind();
        boolean matches =
                operator == TokenKind.EQUAL
                        || operator == TokenKind.NOT_EQUAL
                        || operator == TokenKind.MATCHES
                        || operator == TokenKind.MATCHES_NOT;
        if (!matches && quoted) {
            return LabelMatcher.equal(Labels.METRIC, label);
        }
        if (!matches) {
            throw tokens.unexpected("label matching", "label matching operator");
        }
        tokens.take();
        if (tokens.peek().kind() != TokenKind.STRING) {
            throw tokens.unexpected("label matching", "string");
        }
        Token value = tokens.take();
        try {
            return matcher(operator, label, StringText.unquoted(value.text()));
        } catch (InvalidPatternException e) {
            throw tokens.error(
                    name.position().to(value.position()), String.valueOf(e.getMessage()));
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

    /// The names in parentheses after `by`, `on` and the like.
    List<String> groupingLabels() throws QueryException {
        if (!tokens.accept(TokenKind.LEFT_PAREN)) {
            throw tokens.unexpected("grouping opts", "\"(\"");
        }
        List<String> labels = new ArrayList<>();
        while (!tokens.accept(TokenKind.RIGHT_PAREN)) {
            labels.add(groupingLabel());
            if (!tokens.accept(TokenKind.COMMA) && tokens.peek().kind() != TokenKind.RIGHT_PAREN) {
                throw tokens.unexpected("grouping opts", "\",\" or \")\"");
            }
        }
        return labels;
    }

    private String groupingLabel() throws QueryException {
        Token token = tokens.peek();
        TokenKind kind = token.kind();
        if (kind == TokenKind.STRING) {
            tokens.take();
            String name = StringText.unquoted(token.text());
            if (!StringText.isLabelName(name)) {
                throw tokens.error(
                        token.position(),
                        "invalid label name for grouping: " + StringText.quoted(name));
            }
            return name;
        }
        if (kind != TokenKind.IDENTIFIER && kind != TokenKind.METRIC_IDENTIFIER && !isWord(kind)) {
            throw tokens.unexpected("grouping opts", "label");
        }
        return tokens.take().text();
    }

    private static boolean isWord(TokenKind kind) {
        return !kind.text().isEmpty() && Character.isLetter(kind.text().charAt(0));
    }
}
