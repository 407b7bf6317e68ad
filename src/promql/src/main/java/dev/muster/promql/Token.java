package dev.muster.promql;

import dev.muster.model.labels.LabelText;
import java.util.Locale;

/// One token.
///
/// @param text as written; the error text for [TokenKind#ERROR]
record Token(TokenKind kind, String text, int start, int end) {
    Position position() {
        return new Position(start, end);
    }

    /// As error texts show it: `identifier "foo"`, `<op:+>`, `")"`, `end of input`.
    String description() {
        return switch (kind.group()) {
            case PUNCTUATION, PREPROCESSOR -> quoted();
            case OPERATOR -> "<op:" + text + ">";
            case AGGREGATOR -> "<aggr:" + text + ">";
            case KEYWORD -> "<" + text + ">";
            case NAMED -> named();
        };
    }

    private String named() {
        return switch (kind) {
            case EOF -> "end of input";
            case ERROR -> "error " + text;
            case IDENTIFIER, METRIC_IDENTIFIER -> kindName() + " " + LabelText.quoted(text);
            default -> kindName() + " " + quoted();
        };
    }

    private String kindName() {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private String quoted() {
        return text.length() > 10
                ? LabelText.quoted(text.substring(0, 10)) + "..."
                : LabelText.quoted(text);
    }
}
