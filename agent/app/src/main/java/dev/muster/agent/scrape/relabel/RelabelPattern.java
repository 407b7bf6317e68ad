package dev.muster.agent.scrape.relabel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// A regular expression in RE2 syntax on a whole value, whose groups a replacement can name. Equal
/// by text. Immutable and thread-safe.
public final class RelabelPattern {
    private final String text;
    private final Pattern compiled;

    private RelabelPattern(String text, Pattern compiled) {
        this.text = text;
        this.compiled = compiled;
    }

    /// @throws IllegalArgumentException if `text` is not RE2 syntax
    public static RelabelPattern of(String text) {
        try {
            return new RelabelPattern(text, Pattern.compile("^(?s:" + text + ")$"));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "regex must be RE2 syntax: found=" + text + ", " + e.getDescription(), e);
        }
    }

    /// The pattern as it was written, without anchors.
    public String text() {
        return text;
    }

    boolean matches(String value) {
        return compiled.matches(value);
    }

    /// The replacement with its groups filled in; null if `value` does not match.
    @Nullable String expand(String value, String replacement) {
        Matcher matcher = compiled.matcher(value);
        return matcher.matches() ? expand(matcher, replacement) : null;
    }

    /*
     * The template of Go's regexp.Expand: `$name` takes the longest run of letters, digits and
     * underscores, `${name}` what stands in the braces, `$$` is a dollar. A name of digits is a
     * group's number. A group that is absent or did not take part is empty; a dollar that starts
     * nothing of these stays.
     */
    private String expand(Matcher matcher, String template) {
        StringBuilder result = new StringBuilder();
        int at = 0;
        while (at < template.length()) {
            char c = template.charAt(at);
            if (c != '$' || at + 1 == template.length()) {
                result.append(c);
                at++;
            } else if (template.charAt(at + 1) == '$') {
                result.append('$');
                at += 2;
            } else {
                at = expandGroup(matcher, template, at, result);
            }
        }
        return result.toString();
    }

    private int expandGroup(Matcher matcher, String template, int dollar, StringBuilder into) {
        boolean braces = template.charAt(dollar + 1) == '{';
        int start = dollar + (braces ? 2 : 1);
        int end = start;
        while (end < template.length() && isNamePart(template.charAt(end))) {
            end++;
        }
        boolean closed = !braces || (end < template.length() && template.charAt(end) == '}');
        if (end == start || !closed) {
            into.append('$');
            return dollar + 1;
        }
        into.append(group(matcher, template.substring(start, end)));
        return braces ? end + 1 : end;
    }

    private String group(Matcher matcher, String name) {
        boolean number = name.chars().allMatch(c -> c >= '0' && c <= '9');
        @Nullable String value = null;
        if (number) {
            // a number with a leading zero, or a very large one, is no number of a group
            boolean plain = name.length() < 9 && (name.length() == 1 || name.charAt(0) != '0');
            int index = plain ? Integer.parseInt(name) : Integer.MAX_VALUE;
            value = index <= matcher.groupCount() ? matcher.group(index) : null;
        } else if (compiled.namedGroups().containsKey(name)) {
            value = matcher.group(name);
        }
        return value == null ? "" : value;
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RelabelPattern pattern && pattern.text.equals(text);
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
