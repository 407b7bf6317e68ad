package dev.muster.query.template;

/// A piece of a template's text.
///
/// @param start index of its first char in the text
record Token(Kind kind, String text, int start) {
    enum Kind {
        TEXT,
        LEFT,
        RIGHT,
        SPACE,
        DOT,
        FIELD,
        VARIABLE,
        IDENTIFIER,
        NUMBER,
        CHAR,
        STRING,
        DECLARE,
        ASSIGN,
        PIPE,
        COMMA,
        OPEN,
        CLOSE,
        EOF
    }

    /// As it stands in messages.
    String shown() {
        if (kind == Kind.EOF) {
            return "EOF";
        }
        String quoted = GoText.quoted(text.length() > 10 ? text.substring(0, 10) : text);
        String more = text.length() > 10 ? quoted + "..." : quoted;
        return kind == Kind.IDENTIFIER && TemplateParser.KEYWORDS.contains(text)
                ? "<" + text + ">"
                : more;
    }
}
