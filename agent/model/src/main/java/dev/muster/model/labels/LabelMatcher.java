package dev.muster.model.labels;

import java.util.List;

/// One condition of a selector on one label. A label that a series does not have counts as the
/// empty value.
///
/// Immutable and thread-safe. `toString` is PromQL, such as `job=~"a|b"`.
public sealed interface LabelMatcher {
    /// The label it looks at.
    String name();

    /// Does this value satisfy the condition? Empty stands for a label that is not there.
    boolean matches(String value);

    /// Do series without the label satisfy the condition? An index may then not answer from the
    /// label's values alone.
    default boolean matchesEmpty() {
        return matches("");
    }

    /// About how many steps the program of its regular expression has; 0 where it needs none.
    default int patternSize() {
        return 0;
    }

    /// Do these labels satisfy all the conditions?
    static boolean all(List<LabelMatcher> matchers, Labels labels) {
        for (LabelMatcher matcher : matchers) {
            if (!matcher.matches(labels.valueOf(matcher.name()))) {
                return false;
            }
        }
        return true;
    }

    static LabelMatcher equal(String name, String value) {
        return new Equal(name, value);
    }

    static LabelMatcher notEqual(String name, String value) {
        return new NotEqual(name, value);
    }

    /// @throws InvalidPatternException if `pattern` is not RE2 syntax
    static LabelMatcher regex(String name, String pattern) {
        return new Regex(name, LabelPattern.of(pattern));
    }

    /// @throws InvalidPatternException if `pattern` is not RE2 syntax
    static LabelMatcher notRegex(String name, String pattern) {
        return new NotRegex(name, LabelPattern.of(pattern));
    }

    /// `name="value"`
    record Equal(String name, String value) implements LabelMatcher {
        @Override
        public boolean matches(String actual) {
            return actual.equals(value);
        }

        @Override
        public String toString() {
            return LabelText.name(name) + '=' + LabelText.quoted(value);
        }
    }

    /// `name!="value"`
    record NotEqual(String name, String value) implements LabelMatcher {
        @Override
        public boolean matches(String actual) {
            return !actual.equals(value);
        }

        @Override
        public String toString() {
            return LabelText.name(name) + "!=" + LabelText.quoted(value);
        }
    }

    /// `name=~"pattern"`
    record Regex(String name, LabelPattern pattern) implements LabelMatcher {
        @Override
        public boolean matches(String actual) {
            return pattern.matches(actual);
        }

        @Override
        public int patternSize() {
            return pattern.size();
        }

        @Override
        public String toString() {
            return LabelText.name(name) + "=~" + LabelText.quoted(pattern.text());
        }
    }

    /// `name!~"pattern"`
    record NotRegex(String name, LabelPattern pattern) implements LabelMatcher {
        @Override
        public boolean matches(String actual) {
            return !pattern.matches(actual);
        }

        @Override
        public int patternSize() {
            return pattern.size();
        }

        @Override
        public String toString() {
            return LabelText.name(name) + "!~" + LabelText.quoted(pattern.text());
        }
    }
}
