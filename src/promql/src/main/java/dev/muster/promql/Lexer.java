package dev.muster.promql;

import java.util.ArrayList;
import java.util.List;

/// Splits a query into tokens. Confined to one thread; for one query.
///
/// The list ends with [TokenKind#EOF] or, at the first thing that cannot be read, with
/// [TokenKind#ERROR]: the parser reports that error only if it gets there.
final class Lexer {
    private static final int END = -1;

    private final String input;
    private final List<Token> tokens = new ArrayList<>();
    private int pos;
    private int start;

    private int parens;
    private boolean inBraces;
    private boolean inBrackets;

    /// Between `[` and the first number: other characters are refused with another text.
    private boolean beforeDuration;

    private boolean hadColon;

    private Lexer(String input) {
        this.input = input;
    }

    static List<Token> tokens(String input) {
        Lexer lexer = new Lexer(input);
        while (!lexer.done()) {
            lexer.skipBlank();
            lexer.start = lexer.pos;
            lexer.next();
        }
        return lexer.tokens;
    }

    private boolean done() {
        if (tokens.isEmpty()) {
            return false;
        }
        TokenKind last = tokens.getLast().kind();
        return last == TokenKind.EOF || last == TokenKind.ERROR;
    }

    private void skipBlank() {
        while (pos < input.length()) {
            char c = input.charAt(pos);
            if (isSpace(c)) {
                pos++;
            } else if (c == '#' && !beforeDuration) {
                while (pos < input.length() && !isEndOfLine(input.charAt(pos))) {
                    pos++;
                }
            } else {
                return;
            }
        }
    }

    private void next() {
        if (inBraces) {
            insideBraces();
        } else if (beforeDuration) {
            beforeDuration();
        } else {
            statement();
        }
    }

    private void statement() {
        int c = read();
        switch (c) {
            case END -> end();
            case ',' -> emit(TokenKind.COMMA);
            case '*', '/', '%', '+', '-', '^', '@', '=', '!', '<', '>' -> operator(c);
            case '"', '\'' -> string(c);
            case '`' -> rawString();
            case '(', ')', '{', '[', ']' -> bracket(c);
            default -> {
                if (isDigit(c) || (c == '.' && isDigit(peek()))) {
                    pos--;
                    numberOrDuration();
                } else if (isAlpha(c) || c == ':') {
                    wordOrColon(c);
                } else {
                    error("unexpected character: " + quote(c));
                }
            }
        }
    }

    private void end() {
        if (parens != 0) {
            error("unclosed left parenthesis");
        } else if (inBrackets) {
            error("unclosed left bracket");
        } else {
            emit(TokenKind.EOF);
        }
    }

    private void operator(int c) {
        switch (c) {
            case '*' -> emit(TokenKind.MUL);
            case '/' -> emit(TokenKind.DIV);
            case '%' -> emit(TokenKind.MOD);
            case '+' -> emit(TokenKind.ADD);
            case '-' -> emit(TokenKind.SUB);
            case '^' -> emit(TokenKind.POW);
            case '@' -> emit(TokenKind.AT);
            case '=' -> equalSign();
            case '!' -> {
                int next = read();
                if (next == '=') {
                    emit(TokenKind.NOT_EQUAL);
                } else {
                    error("unexpected character after '!': " + quote(next));
                }
            }
            case '<' -> angle(TokenKind.LESS, TokenKind.LESS_OR_EQUAL, TokenKind.TRIM_UPPER);
            default -> angle(TokenKind.GREATER, TokenKind.GREATER_OR_EQUAL, TokenKind.TRIM_LOWER);
        }
    }

    private void equalSign() {
        if (accept('=')) {
            emit(TokenKind.EQUAL_TO);
        } else if (peek() == '~') {
            error("unexpected character after '=': '~'");
        } else {
            emit(TokenKind.EQUAL);
        }
    }

    private void angle(TokenKind alone, TokenKind withEqual, TokenKind withSlash) {
        if (accept('=')) {
            emit(withEqual);
        } else if (accept('/')) {
            emit(withSlash);
        } else {
            emit(alone);
        }
    }

    private void bracket(int c) {
        switch (c) {
            case '(' -> {
                parens++;
                emit(TokenKind.LEFT_PAREN);
            }
            case ')' -> rightParen();
            case '{' -> {
                inBraces = true;
                emit(TokenKind.LEFT_BRACE);
            }
            case '[' -> {
                if (inBrackets) {
                    error("unexpected left bracket '['");
                    return;
                }
                hadColon = false;
                inBrackets = true;
                beforeDuration = true;
                emit(TokenKind.LEFT_BRACKET);
            }
            default -> {
                if (!inBrackets) {
                    error("unexpected right bracket ']'");
                    return;
                }
                inBrackets = false;
                beforeDuration = false;
                emit(TokenKind.RIGHT_BRACKET);
            }
        }
    }

    private void rightParen() {
        parens--;
        if (parens < 0) {
            start = pos;
            error("unexpected right parenthesis ')'");
        } else {
            emit(TokenKind.RIGHT_PAREN);
        }
    }

    private void wordOrColon(int c) {
        if (!inBrackets) {
            pos--;
            word();
        } else if (c == ':') {
            if (hadColon) {
                error("unexpected colon ':'");
            } else {
                hadColon = true;
                emit(TokenKind.COLON);
            }
        } else if (!durationWord()) {
            error("unexpected character: " + quote(c) + ", expected ':'");
        }
    }

    private void beforeDuration() {
        int c = read();
        switch (c) {
            case END -> error("unexpected end of input in duration expression");
            case ']', '(', ')' -> bracket(c);
            case '+', '-', '*', '/', '%', '^' -> operator(c);
            case ',' -> emit(TokenKind.COMMA);
            case ':' -> error("unexpected colon before duration in duration expression");
            default -> {
                if (isDigit(c) || (c == '.' && isDigit(peek()))) {
                    pos--;
                    beforeDuration = false;
                    numberOrDuration();
                } else if (!isAlpha(c) || !durationWord()) {
                    error("unexpected character in duration expression: " + quote(c));
                } else {
                    beforeDuration =
                            tokens.getLast().kind() == TokenKind.MIN_OF
                                    || tokens.getLast().kind() == TokenKind.MAX_OF;
                }
            }
        }
    }

    /// `step`, `range`, `min_of` or `max_of`, the only words in brackets; its first character has
    /// been read.
    private boolean durationWord() {
        int end = pos;
        while (end < input.length() && isAlpha(input.charAt(end))) {
            end++;
        }
        TokenKind kind = TokenKind.ofWord(input.substring(start, end));
        if (kind != TokenKind.STEP
                && kind != TokenKind.RANGE
                && kind != TokenKind.MIN_OF
                && kind != TokenKind.MAX_OF) {
            return false;
        }
        pos = end;
        emit(kind);
        return true;
    }

    private void insideBraces() {
        int c = read();
        switch (c) {
            case END -> error("unexpected end of input inside braces");
            case ',' -> emit(TokenKind.COMMA);
            case '"', '\'' -> string(c);
            case '`' -> rawString();
            case '=' -> emit(accept('~') ? TokenKind.MATCHES : TokenKind.EQUAL);
            case '!' -> {
                int next = read();
                switch (next) {
                    case '~' -> emit(TokenKind.MATCHES_NOT);
                    case '=' -> emit(TokenKind.NOT_EQUAL);
                    default ->
                            error("unexpected character after '!' inside braces: " + quote(next));
                }
            }
            case '{' -> error("unexpected left brace '{'");
            case '}' -> {
                inBraces = false;
                emit(TokenKind.RIGHT_BRACE);
            }
            default -> {
                if (!isAlpha(c)) {
                    error("unexpected character inside braces: " + quote(c));
                    return;
                }
                while (isAlphaNumeric(peek())) {
                    pos++;
                }
                emit(TokenKind.IDENTIFIER);
            }
        }
    }

    private void word() {
        while (isAlphaNumeric(peek()) || peek() == ':') {
            pos++;
        }
        String word = input.substring(start, pos);
        TokenKind kind = TokenKind.ofWord(word);
        if (kind == null) {
            emit(word.indexOf(':') < 0 ? TokenKind.IDENTIFIER : TokenKind.METRIC_IDENTIFIER);
        } else if ((kind == TokenKind.FILL
                        || kind == TokenKind.FILL_LEFT
                        || kind == TokenKind.FILL_RIGHT)
                && !parenFollows()) {
            emit(TokenKind.IDENTIFIER);
        } else {
            emit(kind);
        }
    }

    private boolean parenFollows() {
        int i = pos;
        while (i < input.length() && isSpace(input.charAt(i))) {
            i++;
        }
        return i < input.length() && input.charAt(i) == '(';
    }

    private void string(int quote) {
        while (true) {
            int c = read();
            if (c == '\\') {
                if (!escape(quote)) {
                    return;
                }
            } else if (c == END || c == '\n') {
                error("unterminated quoted string");
                return;
            } else if (c == quote) {
                emit(TokenKind.STRING);
                return;
            }
        }
    }

    private boolean escape(int quote) {
        int c = read();
        if (c == quote && c != END) {
            return true;
        }
        return switch (c) {
            case 'a', 'b', 'f', 'n', 'r', 't', 'v', '\\' -> true;
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                pos--;
                yield escapeDigits(3, 8, 255);
            }
            case 'x' -> escapeDigits(2, 16, 255);
            case 'u' -> escapeDigits(4, 16, Character.MAX_CODE_POINT);
            case 'U' -> escapeDigits(8, 16, Character.MAX_CODE_POINT);
            case END -> error("escape sequence not terminated");
            default -> error("unknown escape sequence " + codePoint(c));
        };
    }

    private boolean escapeDigits(int count, int base, long max) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            int c = read();
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (c == END) {
                return error("escape sequence not terminated");
            }
            if (digit < 0 || digit >= base) {
                return error("illegal character " + codePoint(c) + " in escape sequence");
            }
            value = value * base + digit;
        }
        if (value > max || (value >= 0xD800 && value < 0xE000)) {
            return error("escape sequence is an invalid Unicode code point");
        }
        return true;
    }

    private void rawString() {
        while (true) {
            int c = read();
            if (c == END) {
                error("unterminated raw string");
                return;
            }
            if (c == '`') {
                emit(TokenKind.STRING);
                return;
            }
        }
    }

    private void numberOrDuration() {
        if (number()) {
            emit(TokenKind.NUMBER);
        } else if (restOfDuration()) {
            emit(TokenKind.DURATION);
        } else {
            error(
                    "bad number or duration syntax: "
                            + StringText.quoted(input.substring(start, pos)));
        }
    }

    /// Scans something like a number; whether it is one the parser finds out. Leaves the position
    /// after what it took.
    private boolean number() {
        boolean hex = false;
        if (accept('0') && (accept('x') || accept('X'))) {
            accept('_');
            hex = true;
        }
        boolean dot = false;
        boolean exponent = false;
        while (true) {
            int c = peek();
            if (c == '.') {
                pos++;
                if (dot || acceptAny("_.") || hex) {
                    return false;
                }
                dot = true;
            } else if (c == '_') {
                pos++;
                if (acceptAny("._eE") || peek() == END) {
                    return false;
                }
            } else if (isDigit(c) || (hex && c < 128 && Character.digit(c, 16) >= 0)) {
                pos++;
            } else if (c == 'e' || c == 'E') {
                pos++;
                if (exponent) {
                    return false;
                }
                exponent = true;
                if (peek() == '+' || peek() == '-') {
                    pos++;
                }
                if (acceptAny("._eE") || peek() == END) {
                    return false;
                }
            } else {
                break;
            }
        }
        return pos > start && !isAlphaNumeric(peek());
    }

    private boolean restOfDuration() {
        if (!acceptUnit("smhdwy")) {
            return false;
        }
        while (isDigit(peek())) {
            while (isDigit(peek())) {
                pos++;
            }
            if (!acceptUnit("smhdw")) {
                return false;
            }
        }
        if (isAlphaNumeric(peek())) {
            pos++;
            return false;
        }
        return true;
    }

    private boolean acceptAny(String characters) {
        if (peek() == END || characters.indexOf(peek()) < 0) {
            return false;
        }
        pos++;
        return true;
    }

    private boolean acceptUnit(String units) {
        int c = peek();
        if (c == END || units.indexOf(c) < 0) {
            return false;
        }
        pos++;
        accept('s');
        return true;
    }

    private int read() {
        return pos < input.length() ? input.charAt(pos++) : END;
    }

    private int peek() {
        return pos < input.length() ? input.charAt(pos) : END;
    }

    private boolean accept(char c) {
        if (peek() == c) {
            pos++;
            return true;
        }
        return false;
    }

    private void emit(TokenKind kind) {
        tokens.add(new Token(kind, input.substring(start, pos), start, pos));
    }

    /// @return false, for the callers that say whether to go on
    private boolean error(String text) {
        tokens.add(new Token(TokenKind.ERROR, text, start, input.length()));
        return false;
    }

    private String quote(int c) {
        return c == END ? "'\\ufffd'" : StringText.quotedChar(codePointBefore(c));
    }

    private String codePoint(int c) {
        int whole = codePointBefore(c);
        return String.format("U+%04X '%s'", whole, Character.toString(whole));
    }

    private int codePointBefore(int c) {
        return Character.isHighSurrogate((char) c) && pos < input.length()
                ? Character.toCodePoint((char) c, input.charAt(pos))
                : c;
    }

    static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    private static boolean isEndOfLine(int c) {
        return c == '\n' || c == '\r';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isAlpha(int c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isAlphaNumeric(int c) {
        return isAlpha(c) || isDigit(c);
    }
}
