package dev.muster.federation.directory;

/// One thing that the directory holds: of two with the same key the one of the greater version.
public sealed interface DirectoryItem permits CellEntry, WatchResult {
    /// What it is about, unique in the directory.
    String key();

    /// Which saying of it this is.
    Version version();

    /// The newer of two sayings: a maximum, so that the order of merging does not count.
    static <T extends DirectoryItem> T newer(T a, T b) {
        if (!a.key().equals(b.key())) {
            throw new IllegalArgumentException(
                    "items must be of one key: " + a.key() + ", " + b.key());
        }
        return a.version().compareTo(b.version()) >= 0 ? a : b;
    }
}
