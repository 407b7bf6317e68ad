package dev.muster.query.alertmanager.match;

import java.util.ArrayList;
import java.util.List;

/// The syntax of matchers since Alertmanager 0.27: `{name="value","any name"!~"…"}`, the braces
/// optional, names and values in quotes or without any of the reserved characters. For one text.
final class Utf8Matchers {
    private final String text;
    private int at;

    private Utf8Matchers(String text) {
        this.text = text;
    }

    static List<Matcher> parse(String text) throws MatcherException {
        return new Utf8Matchers(text).matchers();
    }

    /// Must a text with this character stand in quotes?
    static boolean isReserved(int c) {
        return isSpace(c) || "{}!=~,\\'\"`".indexOf(c) >= 0;
    }

    /// Go's unicode.IsSpace.
    private static boolean isSpace(int c) {
        return (c >= 9 && c <= 13)
                || c == ' '
                || c == 0x85
                || c == 0xa0
                || Character.isSpaceChar(c);
    }

    private List<Matcher> matchers() throws MatcherException {
        List<Matcher> all = new ArrayList<>();
        boolean braces = taken('{');
        while (!atEnd() && peek() != '}') {
            all.add(matcher());
            if (!taken(',')) {
                break;
            }
        }
        if (braces && !taken('}')) {
            throw wrong("close brace");
        }
        if (!atEnd()) {
            throw wrong(braces ? "end of text" : "comma");
        }
        return all;
    }

    private Matcher matcher() throws MatcherException {
        String name = word("label name");
        Matcher.Op op = op();
        return Matcher.of(name, op, word("label value"));
    }

    private Matcher.Op op() throws MatcherException {
        skipSpaces();
        for (Matcher.Op op :
                List.of(
                        Matcher.Op.REGEX,
                        Matcher.Op.NOT_REGEX,
                        Matcher.Op.NOT_EQUAL,
                        Matcher.Op.EQUAL)) {
            if (text.startsWith(op.text(), at)) {
                at += op.text().length();
                return op;
            }
        }
        throw wrong("operator such as '=', '!=', '=~' or '!~'");
    }

    private String word(String what) throws MatcherException {
        skipSpaces();
        int start = at;
        if (at < text.length() && text.charAt(at) == '"') {
            at++;
            while (at < text.length() && text.charAt(at) != '"') {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
            at = Math.min(at + 1, text.length());
            return GoQuote.unquote(text.substring(start, at));
        }
        while (at < text.length() && !isReserved(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        if (start == at) {
            throw wrong(what);
        }
        return text.substring(start, at);
    }

    private boolean taken(char c) {
        if (!atEnd() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private char peek() {
        return text.charAt(at);
    }

    private boolean atEnd() {
        skipSpaces();
        return at >= text.length();
    }

    private void skipSpaces() {
        while (at < text.length() && isSpace(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
    }

    private MatcherException wrong(String expected) {
        String found = at >= text.length() ? "end of text" : text.substring(at);
        return new MatcherException(
                "matchers \""
                        + text
                        + "\" column="
                        + (at + 1)
                        + ": expected "
                        + expected
                        + ": found="
                        + found);
    }
}
