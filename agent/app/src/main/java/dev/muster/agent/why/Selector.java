package dev.muster.agent.why;

import dev.muster.model.labels.InvalidPatternException;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.LabelText;
import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.List;

/// A selector of series as PromQL writes it: `up{job="x"}`, a metric name, or `{"name", a=~"b"}`.
///
/// @param text as it was written
/// @param matchers all of them must hold
public record Selector(String text, List<LabelMatcher> matchers) {
    private static final int LIMIT_CHARS = 4_096;

    public Selector {
        matchers = List.copyOf(matchers);
    }

    /// @throws IllegalArgumentException naming the place at fault
    public static Selector parse(String text) {
        if (text.length() > LIMIT_CHARS) {
            throw new IllegalArgumentException(
                    "series selector must have at most characters="
                            + LIMIT_CHARS
                            + ": found="
                            + text.length());
        }
        return new Selector(text, new Reader(text).read());
    }

    /// The metric name that is asked for; empty where it is not given by an equality.
    public String metric() {
        for (LabelMatcher matcher : matchers) {
            if (matcher instanceof LabelMatcher.Equal(var name, var value)
                    && name.equals(Labels.METRIC)) {
                return value;
            }
        }
        return "";
    }

    /// The conditions on labels other than the metric name.
    public List<LabelMatcher> withoutMetric() {
        return matchers.stream().filter(m -> !m.name().equals(Labels.METRIC)).toList();
    }

    /// Reads the text from left to right.
    private static final class Reader {
        private final String text;
        private final List<LabelMatcher> matchers = new ArrayList<>();
        private int at;

        Reader(String text) {
            this.text = text;
        }

        List<LabelMatcher> read() {
            skipSpace();
            if (at < text.length() && text.charAt(at) != '{') {
                matchers.add(LabelMatcher.equal(Labels.METRIC, name(true)));
            }
            if (at < text.length()) {
                braces();
            }
            if (at < text.length()) {
                throw wrong("end of the selector");
            }
            if (matchers.isEmpty()) {
                throw wrong("a metric name or a label matcher");
            }
            return matchers;
        }

        private void braces() {
            expect('{');
            while (!take('}')) {
                matcher();
                if (!take(',')) {
                    expect('}');
                    return;
                }
            }
        }

        private void matcher() {
            boolean quoted = at < text.length() && isQuote(text.charAt(at));
            String name = quoted ? quoted() : name(false);
            if (quoted
                    && at < text.length()
                    && (text.charAt(at) == ',' || text.charAt(at) == '}')) {
                matchers.add(LabelMatcher.equal(Labels.METRIC, name));
                return;
            }
            String operator = operator();
            String value = quoted();
            try {
                matchers.add(
                        switch (operator) {
                            case "=" -> LabelMatcher.equal(name, value);
                            case "!=" -> LabelMatcher.notEqual(name, value);
                            case "=~" -> LabelMatcher.regex(name, value);
                            default -> LabelMatcher.notRegex(name, value);
                        });
            } catch (InvalidPatternException e) {
                throw new IllegalArgumentException(
                        "series selector: " + e.getMessage() + ": label=" + name, e);
            }
        }

        private String operator() {
            for (String operator : List.of("=~", "!~", "!=", "=")) {
                if (text.startsWith(operator, at)) {
                    at += operator.length();
                    skipSpace();
                    return operator;
                }
            }
            throw wrong("one of = != =~ !~");
        }

        private String name(boolean metric) {
            int start = at;
            while (at < text.length() && isNamePart(text.charAt(at), metric)) {
                at++;
            }
            String name = text.substring(start, at);
            boolean right =
                    metric ? LabelText.isLegacyMetricName(name) : LabelText.isLegacyLabelName(name);
            if (!right) {
                at = start;
                throw wrong(metric ? "a metric name" : "a label name");
            }
            skipSpace();
            return name;
        }

        private String quoted() {
            if (at >= text.length() || !isQuote(text.charAt(at))) {
                throw wrong("a value in quotes");
            }
            char quote = text.charAt(at++);
            StringBuilder value = new StringBuilder();
            while (at < text.length() && text.charAt(at) != quote) {
                char c = text.charAt(at++);
                value.append(c == '\\' && quote != '`' ? escaped() : c);
            }
            expect(quote);
            return value.toString();
        }

        private char escaped() {
            if (at == text.length()) {
                throw wrong("a character after \\");
            }
            char c = text.charAt(at++);
            return switch (c) {
                case 'n' -> '\n';
                case 't' -> '\t';
                case 'r' -> '\r';
                case '\\', '"', '\'' -> c;
                default -> {
                    at--;
                    throw wrong("one of \\\\ \\\" \\' \\n \\t \\r");
                }
            };
        }

        private void expect(char c) {
            if (!take(c)) {
                throw wrong(String.valueOf(c));
            }
        }

        private boolean take(char c) {
            boolean there = at < text.length() && text.charAt(at) == c;
            if (there) {
                at++;
                skipSpace();
            }
            return there;
        }

        private void skipSpace() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private IllegalArgumentException wrong(String expected) {
            String found =
                    at < text.length()
                            ? text.substring(at, Math.min(at + 20, text.length()))
                            : "end";
            return new IllegalArgumentException(
                    "series selector column="
                            + (at + 1)
                            + ": must be "
                            + expected
                            + ": found="
                            + found);
        }

        private static boolean isQuote(char c) {
            return c == '"' || c == '\'' || c == '`';
        }

        private static boolean isNamePart(char c, boolean metric) {
            return (c < 0x80 && Character.isLetterOrDigit(c)) || c == '_' || (metric && c == ':');
        }
    }
}
