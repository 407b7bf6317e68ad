package dev.muster.agent.scrape.relabel;

import java.util.Locale;
import java.util.Optional;

/// What a relabel rule does, as Prometheus names it.
public enum RelabelAction {
    REPLACE,
    KEEP,
    DROP,
    KEEPEQUAL,
    DROPEQUAL,
    HASHMOD,
    LABELMAP,
    LABELDROP,
    LABELKEEP,
    LOWERCASE,
    UPPERCASE;

    private final String text = name().toLowerCase(Locale.ROOT);

    /// The name as configuration files spell it.
    public String text() {
        return text;
    }

    /// The action of that name in any case, as Prometheus reads it.
    public static Optional<RelabelAction> of(String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        for (RelabelAction action : values()) {
            if (action.text.equals(wanted)) {
                return Optional.of(action);
            }
        }
        return Optional.empty();
    }

    /// Does the action write the label that `target_label` names?
    boolean needsTarget() {
        return switch (this) {
            case REPLACE, HASHMOD, LOWERCASE, UPPERCASE, KEEPEQUAL, DROPEQUAL -> true;
            case KEEP, DROP, LABELMAP, LABELDROP, LABELKEEP -> false;
        };
    }
}
