package dev.muster.federation.directory;

/// An item on its way: with the time since it was said. Ages add up from hop to hop, so that no two
/// clocks are compared.
///
/// @param item what is said
/// @param ageMs since it was said, at least
public record Aged(DirectoryItem item, long ageMs) {
    public Aged {
        if (ageMs < 0) {
            throw new IllegalArgumentException("age must not be negative: found=" + ageMs);
        }
    }
}
