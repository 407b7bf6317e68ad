package dev.muster.query.template;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.muster.query.template.TemplateFunction.Kind;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/// What functions of templates do with text.
final class TextCalls {
    private static final List<Kind> ONE = List.of(Kind.TEXT);

    private TextCalls() {}

    /// Adds the functions on text that templates of Prometheus and of Alertmanager have alike.
    static void addTo(Map<String, TemplateFunction> all) {
        all.put("title", TemplateFunction.of(ONE, words -> title(word(words, 0))));
        all.put(
                "toUpper",
                TemplateFunction.of(ONE, words -> each(word(words, 0), Character::toUpperCase)));
        all.put(
                "toLower",
                TemplateFunction.of(ONE, words -> each(word(words, 0), Character::toLowerCase)));
        all.put(
                "match",
                TemplateFunction.of(
                        List.of(Kind.TEXT, Kind.TEXT),
                        words -> pattern(word(words, 0)).matcher(word(words, 1)).find()));
        all.put(
                "reReplaceAll",
                TemplateFunction.of(
                        List.of(Kind.TEXT, Kind.TEXT, Kind.TEXT),
                        words ->
                                replaceAll(
                                        compiled(word(words, 0)), word(words, 1), word(words, 2))));
    }

    private static String word(List<@Nullable Object> words, int index) {
        return String.valueOf(words.get(index));
    }

    static Pattern pattern(String text) throws TemplateException {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new TemplateException(String.valueOf(e.getMessage()));
        }
    }

    /// As Go's `MustCompile`, whose message names the pattern twice.
    static Pattern compiled(String text) throws TemplateException {
        try {
            return pattern(text);
        } catch (TemplateException e) {
            throw new TemplateException("regexp: Compile(`" + text + "`): " + e.getMessage());
        }
    }

    static String replaceAll(Pattern pattern, String replacement, String text) {
        Matcher matcher = pattern.matcher(text);
        StringBuilder result = new StringBuilder();
        int end = 0;
        while (matcher.find()) {
            result.append(text, end, matcher.start());
            expand(matcher, replacement, result);
            end = matcher.end();
        }
        return result.append(text, end, text.length()).toString();
    }

    /// Go's `$1`, `${1}`, `$name` and `$$`.
    private static void expand(Matcher matcher, String replacement, StringBuilder into) {
        int i = 0;
        while (i < replacement.length()) {
            char c = replacement.charAt(i);
            if (c != '$' || i + 1 >= replacement.length()) {
                into.append(c);
                i++;
                continue;
            }
            if (replacement.charAt(i + 1) == '$') {
                into.append('$');
                i += 2;
                continue;
            }
            boolean braces = replacement.charAt(i + 1) == '{';
            int from = braces ? i + 2 : i + 1;
            int to = from;
            while (to < replacement.length() && isWord(replacement.charAt(to))) {
                to++;
            }
            boolean closed =
                    !braces || (to < replacement.length() && replacement.charAt(to) == '}');
            if (to == from || !closed) {
                into.append('$');
                i++;
                continue;
            }
            into.append(group(matcher, replacement.substring(from, to)));
            i = braces ? to + 1 : to;
        }
    }

    private static boolean isWord(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private static String group(Matcher matcher, String name) {
        try {
            String found =
                    name.matches("[0-9]{1,9}")
                            ? Integer.parseInt(name) <= matcher.groupCount()
                                    ? matcher.group(Integer.parseInt(name))
                                    : null
                            : matcher.group(name);
            return found == null ? "" : found;
        } catch (IllegalArgumentException _) {
            return "";
        }
    }

    static String each(String text, IntUnaryOperator change) {
        StringBuilder result = new StringBuilder();
        text.codePoints().map(change).forEach(result::appendCodePoint);
        return result.toString();
    }

    /// Each letter after no letter in upper case.
    static String title(String text) {
        StringBuilder result = new StringBuilder();
        int[] before = {' '};
        text.codePoints()
                .forEach(c -> {
                    boolean starts =
                            !Character.isLetterOrDigit(before[0])
                                    && before[0] != '_'
                                    && before[0] != '\'';
                    result.appendCodePoint(starts ? Character.toTitleCase(c) : c);
                    before[0] = c;
                });
        return result.toString();
    }
}
