package dev.muster.agent.intake.otlp;

import java.util.Optional;

/// How names of metrics and attributes are written, by the names that Prometheus gives the ways.
public enum NameStrategy {
    UNDERSCORES_WITH_SUFFIXES("UnderscoreEscapingWithSuffixes", true, true),
    UNDERSCORES_WITHOUT_SUFFIXES("UnderscoreEscapingWithoutSuffixes", true, false),
    UTF8_WITH_SUFFIXES("NoUTF8EscapingWithSuffixes", false, true),
    AS_THEY_ARE("NoTranslation", false, false);

    private final String text;
    private final boolean escapes;
    private final boolean suffixes;

    NameStrategy(String text, boolean escapes, boolean suffixes) {
        this.text = text;
        this.escapes = escapes;
        this.suffixes = suffixes;
    }

    /// The strategy of that name; empty if there is none.
    public static Optional<NameStrategy> of(String text) {
        for (NameStrategy strategy : values()) {
            if (strategy.text.equals(text)) {
                return Optional.of(strategy);
            }
        }
        return Optional.empty();
    }

    boolean escapes() {
        return escapes;
    }

    boolean suffixes() {
        return suffixes;
    }
}
