package dev.muster.query.template;

/// Text that may stand in HTML as it is, because a template said so.
public record SafeText(String text) {
    @Override
    public String toString() {
        return text;
    }
}
