package dev.muster.promql;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The kinds of tokens. `text` is how the token is always written, empty where it varies.
enum TokenKind {
    EOF(Group.NAMED, ""),
    ERROR(Group.NAMED, ""),
    IDENTIFIER(Group.NAMED, ""),
    METRIC_IDENTIFIER(Group.NAMED, ""),
    NUMBER(Group.NAMED, ""),
    DURATION(Group.NAMED, ""),
    STRING(Group.NAMED, ""),
    LEFT_PAREN(Group.PUNCTUATION, "("),
    RIGHT_PAREN(Group.PUNCTUATION, ")"),
    LEFT_BRACE(Group.PUNCTUATION, "{"),
    RIGHT_BRACE(Group.PUNCTUATION, "}"),
    LEFT_BRACKET(Group.PUNCTUATION, "["),
    RIGHT_BRACKET(Group.PUNCTUATION, "]"),
    COMMA(Group.PUNCTUATION, ","),
    COLON(Group.PUNCTUATION, ":"),
    EQUAL(Group.PUNCTUATION, "="),
    ADD(Group.OPERATOR, "+"),
    SUB(Group.OPERATOR, "-"),
    MUL(Group.OPERATOR, "*"),
    DIV(Group.OPERATOR, "/"),
    MOD(Group.OPERATOR, "%"),
    POW(Group.OPERATOR, "^"),
    EQUAL_TO(Group.OPERATOR, "=="),
    NOT_EQUAL(Group.OPERATOR, "!="),
    LESS_OR_EQUAL(Group.OPERATOR, "<="),
    LESS(Group.OPERATOR, "<"),
    GREATER_OR_EQUAL(Group.OPERATOR, ">="),
    GREATER(Group.OPERATOR, ">"),
    TRIM_UPPER(Group.OPERATOR, "</"),
    TRIM_LOWER(Group.OPERATOR, ">/"),
    MATCHES(Group.OPERATOR, "=~"),
    MATCHES_NOT(Group.OPERATOR, "!~"),
    AT(Group.OPERATOR, "@"),
    AND(Group.OPERATOR, "and"),
    OR(Group.OPERATOR, "or"),
    UNLESS(Group.OPERATOR, "unless"),
    ATAN2(Group.OPERATOR, "atan2"),
    SUM(Group.AGGREGATOR, "sum"),
    AVG(Group.AGGREGATOR, "avg"),
    COUNT(Group.AGGREGATOR, "count"),
    MIN(Group.AGGREGATOR, "min"),
    MAX(Group.AGGREGATOR, "max"),
    GROUP(Group.AGGREGATOR, "group"),
    STDDEV(Group.AGGREGATOR, "stddev"),
    STDVAR(Group.AGGREGATOR, "stdvar"),
    TOPK(Group.AGGREGATOR, "topk"),
    BOTTOMK(Group.AGGREGATOR, "bottomk"),
    COUNT_VALUES(Group.AGGREGATOR, "count_values"),
    QUANTILE(Group.AGGREGATOR, "quantile"),
    LIMITK(Group.AGGREGATOR, "limitk"),
    LIMIT_RATIO(Group.AGGREGATOR, "limit_ratio"),
    OFFSET(Group.KEYWORD, "offset"),
    SMOOTHED(Group.KEYWORD, "smoothed"),
    ANCHORED(Group.KEYWORD, "anchored"),
    BY(Group.KEYWORD, "by"),
    WITHOUT(Group.KEYWORD, "without"),
    ON(Group.KEYWORD, "on"),
    IGNORING(Group.KEYWORD, "ignoring"),
    GROUP_LEFT(Group.KEYWORD, "group_left"),
    GROUP_RIGHT(Group.KEYWORD, "group_right"),
    FILL(Group.KEYWORD, "fill"),
    FILL_LEFT(Group.KEYWORD, "fill_left"),
    FILL_RIGHT(Group.KEYWORD, "fill_right"),
    BOOL(Group.KEYWORD, "bool"),
    START(Group.PREPROCESSOR, "start"),
    END(Group.PREPROCESSOR, "end"),
    STEP(Group.PREPROCESSOR, "step"),
    RANGE(Group.PREPROCESSOR, "range"),
    MIN_OF(Group.PREPROCESSOR, "min_of"),
    MAX_OF(Group.PREPROCESSOR, "max_of");

    /// How error texts show tokens.
    enum Group {
        /// The text varies, so the kind is named.
        NAMED,
        PUNCTUATION,
        OPERATOR,
        AGGREGATOR,
        KEYWORD,
        PREPROCESSOR
    }

    private static final Map<String, TokenKind> WORDS = new HashMap<>();

    static {
        for (TokenKind kind : values()) {
            if (!kind.text.isEmpty() && Character.isLetter(kind.text.charAt(0))) {
                WORDS.put(kind.text, kind);
            }
        }
        WORDS.put("inf", NUMBER);
        WORDS.put("nan", NUMBER);
    }

    private final Group group;
    private final String text;

    TokenKind(Group group, String text) {
        this.group = group;
        this.text = text;
    }

    Group group() {
        return group;
    }

    String text() {
        return text;
    }

    boolean isAggregator() {
        return group == Group.AGGREGATOR;
    }

    /// The kind of a word outside of braces, case ignored; null if it is an identifier.
    static @Nullable TokenKind ofWord(String word) {
        return WORDS.get(word.toLowerCase(Locale.ROOT));
    }
}
