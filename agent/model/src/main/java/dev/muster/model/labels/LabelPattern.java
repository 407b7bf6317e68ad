package dev.muster.model.labels;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A regular expression on a whole label value: RE2 syntax, anchored at both ends, the dot matches
/// a newline.
///
/// Matching takes time linear in the value, whatever the pattern. Patterns that are only a choice
/// of literals, such as `a|b|c`, are answered from a set. Equal by text. Immutable and thread-safe.
public final class LabelPattern {
    /// Most alternatives a pattern may have to be answered from a set.
    private static final int LITERALS_LIMIT = 50_000;

    /// Most steps of a program, about: one of them takes some tens of bytes.
    private static final int SIZE_LIMIT = 100_000;

    private static final String SPECIAL = "\\.+*?()|[]{}^$";

    private final String text;
    private final @Nullable Set<String> literals;
    private final @Nullable Pattern compiled;
    private final int size;

    private LabelPattern(String text) {
        this.text = text;
        literals = literalsOf(text);
        size = literals == null ? checkedSize(text) : 0;
        compiled = literals == null ? compile(text) : null;
    }

    /// About how many steps the program of an expression has, before it is compiled.
    ///
    /// @throws InvalidPatternException if that is too many for any purpose
    public static int checkedSize(String text) {
        int size = PatternSize.of(text);
        if (size > SIZE_LIMIT) {
            throw new InvalidPatternException("error parsing regexp: expression too large");
        }
        return size;
    }

    /// @throws InvalidPatternException if `text` is not RE2 syntax, or far too large
    public static LabelPattern of(String text) {
        return new LabelPattern(text);
    }

    /// The pattern as it was written, without anchors.
    public String text() {
        return text;
    }

    /// About how many steps its program has; 0 where it needs none.
    public int size() {
        return size;
    }

    public boolean matches(String value) {
        if (literals != null) {
            return literals.contains(value);
        }
        return compiled != null && compiled.matches(value);
    }

    /// The values that match, sorted by code unit, where the pattern is only a choice of literals;
    /// null otherwise.
    public @Nullable Set<String> literals() {
        return literals;
    }

    private static Pattern compile(String text) {
        try {
            return Pattern.compile("^(?s:" + text + ")$");
        } catch (PatternSyntaxException e) {
            throw new InvalidPatternException(message(text, e), e);
        }
    }

    /// The error of the pattern alone, so that the message does not show the anchors.
    private static String message(String text, PatternSyntaxException wrapped) {
        try {
            Pattern.compile(text);
            return String.valueOf(wrapped.getMessage());
        } catch (PatternSyntaxException alone) {
            return String.valueOf(alone.getMessage());
        }
    }

    private static @Nullable Set<String> literalsOf(String text) {
        Set<String> found = new TreeSet<>();
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '|') {
                found.add(literal.toString());
                literal.setLength(0);
            } else if (c == '\\'
                    && i + 1 < text.length()
                    && SPECIAL.indexOf(text.charAt(i + 1)) >= 0) {
                i++;
                literal.append(text.charAt(i));
            } else if (SPECIAL.indexOf(c) >= 0) {
                return null;
            } else {
                literal.append(c);
            }
            if (found.size() >= LITERALS_LIMIT) {
                return null;
            }
        }
        found.add(literal.toString());
        return Collections.unmodifiableSet(found);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LabelPattern pattern && pattern.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
