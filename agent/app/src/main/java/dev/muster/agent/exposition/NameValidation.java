package dev.muster.agent.exposition;

import dev.muster.model.labels.Labels;
import java.util.Optional;

/// Which names of metrics and labels a scrape takes.
public enum NameValidation {
    /// Any UTF-8.
    UTF8,
    /// Letters, digits, underscores and, in names of metrics, colons.
    LEGACY;

    /// How `metric_name_validation_scheme` writes it; empty if it does not.
    public static Optional<NameValidation> of(String text) {
        return switch (text) {
            case "utf8" -> Optional.of(UTF8);
            case "legacy" -> Optional.of(LEGACY);
            default -> Optional.empty();
        };
    }

    /// How a target is asked to write other names where nothing else is configured.
    public NameEscaping escaping() {
        return switch (this) {
            case UTF8 -> NameEscaping.ALLOW_UTF_8;
            case LEGACY -> NameEscaping.UNDERSCORES;
        };
    }

    /// The first name of a label, or the metric's, that is not taken; empty if all are.
    public Optional<String> firstRefused(Labels labels) {
        if (this == UTF8) {
            return Optional.empty();
        }
        for (int i = 0; i < labels.size(); i++) {
            String name = labels.name(i);
            if (!NameEscaping.isPlain(name) || name.indexOf(':') >= 0) {
                return Optional.of(name);
            }
            if (name.equals(Labels.METRIC) && !NameEscaping.isPlain(labels.value(i))) {
                return Optional.of(labels.value(i));
            }
        }
        return Optional.empty();
    }
}
