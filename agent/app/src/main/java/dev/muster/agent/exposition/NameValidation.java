package dev.muster.agent.exposition;

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
}
