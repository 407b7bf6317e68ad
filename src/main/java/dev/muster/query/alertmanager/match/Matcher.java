package dev.muster.query.alertmanager.match;

import dev.muster.model.labels.InvalidPatternException;
import dev.muster.model.labels.LabelPattern;
import dev.muster.model.labels.Labels;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One condition on one label of an alert; a label that is not there counts as empty. Equal by what
/// stands there. Immutable and thread-safe.
public final class Matcher {
    /// Alertmanager's order: by name, value, and kind.
    public static final Comparator<Matcher> ORDER =
            Comparator.comparing(Matcher::name)
                    .thenComparing(Matcher::value)
                    .thenComparing(Matcher::op);

    /// How values are compared.
    public enum Op {
        /// `=`
        EQUAL("="),
        /// `!=`
        NOT_EQUAL("!="),
        /// `=~`
        REGEX("=~"),
        /// `!~`
        NOT_REGEX("!~");

        private final String text;

        Op(String text) {
            this.text = text;
        }

        /// As it is written.
        public String text() {
            return text;
        }

        /// The kind for what the API says of one.
        public static Op of(boolean regex, boolean equal) {
            return regex ? (equal ? REGEX : NOT_REGEX) : (equal ? EQUAL : NOT_EQUAL);
        }
    }

    private final String name;
    private final Op op;
    private final String value;
    private final @Nullable LabelPattern pattern;

    private Matcher(String name, Op op, String value, @Nullable LabelPattern pattern) {
        this.name = name;
        this.op = op;
        this.value = value;
        this.pattern = pattern;
    }

    /// @throws MatcherException if the name is empty, or the value no regular expression where it
    ///   must be one
    public static Matcher of(String name, Op op, String value) throws MatcherException {
        if (name.isEmpty()) {
            throw new MatcherException("matcher must have a label name");
        }
        boolean regex = op == Op.REGEX || op == Op.NOT_REGEX;
        try {
            return new Matcher(name, op, value, regex ? LabelPattern.of(value) : null);
        } catch (InvalidPatternException e) {
            throw new MatcherException(
                    "matcher name=" + name + ": " + String.valueOf(e.getMessage()));
        }
    }

    /// Of a label that must have exactly this value.
    public static Matcher equal(String name, String value) {
        return new Matcher(name, Op.EQUAL, value, null);
    }

    /// The label that it looks at.
    public String name() {
        return name;
    }

    /// How it compares.
    public Op op() {
        return op;
    }

    /// What it compares with.
    public String value() {
        return value;
    }

    /// Whether the value is a regular expression.
    public boolean regex() {
        return pattern != null;
    }

    /// Whether what is compared is to be so, not otherwise.
    public boolean positive() {
        return op == Op.EQUAL || op == Op.REGEX;
    }

    /// Does a value satisfy it?
    public boolean matches(String actual) {
        boolean same = pattern == null ? value.equals(actual) : pattern.matches(actual);
        return same == positive();
    }

    /// Do these labels satisfy all of them?
    public static boolean all(List<Matcher> matchers, Labels labels) {
        for (Matcher matcher : matchers) {
            if (!matcher.matches(labels.valueOf(matcher.name))) {
                return false;
            }
        }
        return true;
    }

    /// As Alertmanager writes several of them: `{a="b",c=~"d"}`.
    public static String text(List<Matcher> matchers) {
        return matchers.stream().map(Matcher::toString).collect(Collectors.joining(",", "{", "}"));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Matcher matcher
                && name.equals(matcher.name)
                && op == matcher.op
                && value.equals(matcher.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, op.text, value);
    }

    /// As Alertmanager writes it: `a=~"b"`; the name in quotes where it must be.
    @Override
    public String toString() {
        String quotedValue =
                '"' + value.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"") + '"';
        return shownName() + op.text + quotedValue;
    }

    private String shownName() {
        return name.chars().anyMatch(Utf8Matchers::isReserved) ? GoQuote.quote(name) : name;
    }
}
