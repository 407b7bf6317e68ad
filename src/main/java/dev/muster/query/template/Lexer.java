package dev.muster.query.template;

import java.util.ArrayList;
import java.util.List;

/// Cuts a template into tokens.
final class Lexer {
    private static final String LEFT = "{{";
    private static final String RIGHT = "}}";
    private static final String SPACES = " \t\r\n";

    private final String name;
    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Lexer(String name, String text) {
        this.name = name;
        this.text = text;
    }

    static List<Token> tokens(String name, String text) throws TemplateException {
        Lexer lexer = new Lexer(name, text);
        lexer.run();
        return lexer.tokens;
    }

    private void run() throws TemplateException {
        boolean trimNext = false;
        while (true) {
            int left = text.indexOf(LEFT, at);
            int end = left < 0 ? text.length() : left;
            boolean trimThis = left >= 0 && isTrimMarker(left + 2);
            plain(end, trimNext, trimThis);
            if (left < 0) {
                tokens.add(new Token(Token.Kind.EOF, "", text.length()));
                return;
            }
            at = left + 2 + (trimThis ? 2 : 0);
            trimNext = text.startsWith("/*", at) ? comment() : action(left);
        }
    }

    private void plain(int end, boolean trimStart, boolean trimEnd) {
        int from = at;
        int to = end;
        while (trimEnd && to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        while (trimStart && from < to && isSpace(text.charAt(from))) {
            from++;
        }
        if (from < to) {
            tokens.add(new Token(Token.Kind.TEXT, text.substring(from, to), from));
        }
        at = end;
    }

    private boolean isTrimMarker(int index) {
        return index + 1 < text.length()
                && text.charAt(index) == '-'
                && isSpace(text.charAt(index + 1));
    }

    /// @return whether space after it is cut
    private boolean comment() throws TemplateException {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
            throw error(at, "unclosed comment");
        }
        at = end + 2;
        boolean trim = isRightTrim(at);
        at += trim ? 2 : 0;
        if (!text.startsWith(RIGHT, at)) {
            throw error(at, "comment ends before closing delimiter");
        }
        at += 2;
        return trim;
    }

    private boolean isRightTrim(int index) {
        return index + 1 < text.length()
                && isSpace(text.charAt(index))
                && text.startsWith("-" + RIGHT, index + 1);
    }

    /// @return whether space after it is cut
    private boolean action(int left) throws TemplateException {
        add(Token.Kind.LEFT, left, left + 2);
        int depth = 0;
        while (true) {
            boolean trim = isRightTrim(at);
            if (trim || text.startsWith(RIGHT, at)) {
                if (depth > 0) {
                    throw error(at, "unclosed left paren");
                }
                at += trim ? 2 : 0;
                add(Token.Kind.RIGHT, at, at + 2);
                at += 2;
                return trim;
            }
            if (at >= text.length()) {
                throw error(at, "unclosed action");
            }
            char c = text.charAt(at);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth < 0) {
                throw error(at, "unexpected right paren");
            }
            token(c);
        }
    }

    private void token(char c) throws TemplateException {
        int start = at;
        switch (c) {
            case ' ', '\t', '\r', '\n' -> {
                while (at < text.length() && isSpace(text.charAt(at)) && !isRightTrim(at)) {
                    at++;
                }
                add(Token.Kind.SPACE, start, at);
            }
            case '(' -> single(Token.Kind.OPEN);
            case ')' -> single(Token.Kind.CLOSE);
            case '|' -> single(Token.Kind.PIPE);
            case ',' -> single(Token.Kind.COMMA);
            case '=' -> single(Token.Kind.ASSIGN);
            case ':' -> declare();
            case '"' -> quoted('"', Token.Kind.STRING, "unterminated quoted string");
            case '\'' -> quoted('\'', Token.Kind.CHAR, "unterminated character constant");
            case '`' -> raw();
            case '$' -> word(Token.Kind.VARIABLE);
            case '.' -> dot();
            default -> {
                if (isDigit(c) || c == '+' || c == '-') {
                    number();
                } else if (isWord(c)) {
                    at--;
                    word(Token.Kind.IDENTIFIER);
                } else {
                    throw error(at, "unrecognized character in action: " + point(at));
                }
            }
        }
    }

    private void declare() throws TemplateException {
        if (!text.startsWith(":=", at)) {
            throw error(at, "expected :=");
        }
        add(Token.Kind.DECLARE, at, at + 2);
        at += 2;
    }

    private void dot() throws TemplateException {
        if (at + 1 < text.length() && isDigit(text.charAt(at + 1))) {
            number();
        } else if (at + 1 < text.length() && isWord(text.charAt(at + 1))) {
            word(Token.Kind.FIELD);
        } else {
            single(Token.Kind.DOT);
            terminated();
        }
    }

    private void single(Token.Kind kind) {
        add(kind, at, at + 1);
        at++;
    }

    /// A char, then letters and digits.
    private void word(Token.Kind kind) throws TemplateException {
        int start = kind == Token.Kind.IDENTIFIER ? at + 1 : at;
        at++;
        while (at < text.length() && isWord(text.charAt(at))) {
            at++;
        }
        add(kind, start, at);
        terminated();
    }

    private void terminated() throws TemplateException {
        if (at < text.length()
                && !isSpace(text.charAt(at))
                && ".,|:=)(".indexOf(text.charAt(at)) < 0
                && !text.startsWith(RIGHT, at)) {
            throw error(at, "bad character " + point(at));
        }
    }

    private void quoted(char quote, Token.Kind kind, String wrong) throws TemplateException {
        int start = at++;
        while (at < text.length() && text.charAt(at) != quote && text.charAt(at) != '\n') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= text.length() || text.charAt(at) != quote) {
            throw error(start, wrong);
        }
        at++;
        add(kind, start, at);
    }

    private void raw() throws TemplateException {
        int end = text.indexOf('`', at + 1);
        if (end < 0) {
            throw error(at, "unterminated raw quoted string");
        }
        add(Token.Kind.STRING, at, end + 1);
        at = end + 1;
    }

    private void number() throws TemplateException {
        int start = at++;
        while (at < text.length()
                && (isWord(text.charAt(at))
                        || text.charAt(at) == '.'
                        || ("+-".indexOf(text.charAt(at)) >= 0
                                && "eEpP".indexOf(text.charAt(at - 1)) >= 0))) {
            at++;
        }
        String number = text.substring(start, at);
        if (Numbers.parse(number) == null) {
            throw error(start, "bad number syntax: " + GoText.quoted(number));
        }
        add(Token.Kind.NUMBER, start, at);
    }

    private void add(Token.Kind kind, int start, int end) {
        tokens.add(new Token(kind, text.substring(start, end), start));
    }

    private TemplateException error(int index, String message) {
        return error(name, text, index, message);
    }

    static TemplateException error(String name, String text, int index, String message) {
        return new TemplateException(
                "template: " + name + ":" + line(text, index) + ": " + message);
    }

    /// The line of a place in a text, from 1.
    static long line(String text, int index) {
        return 1
                + text.substring(0, Math.min(index, text.length()))
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }

    private String point(int index) {
        int c = text.codePointAt(index);
        return String.format("U+%04X '%s'", c, Character.toString(c));
    }

    private static boolean isSpace(char c) {
        return SPACES.indexOf(c) >= 0;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWord(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }
}
