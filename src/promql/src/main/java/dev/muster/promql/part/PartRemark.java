package dev.muster.promql.part;

/// Something that must be said of an answer.
///
/// @param text without the place in the query
/// @param start first char of [PartQuery#expr] that it speaks of; 0 for a warning of the storage
/// @param end after the last char
public record PartRemark(Level level, String text, int start, int end) {
    /// How much it says against the answer.
    public enum Level {
        /// A part of the data is missing; the text is shown as it is.
        STORAGE,
        /// The answer may be wrong.
        WARNING,
        /// The answer may not be what was meant.
        INFO
    }

    public PartRemark {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException(
                    "place of a remark must ascend: start=" + start + ", end=" + end);
        }
    }

    /// A warning of the storage.
    public static PartRemark storage(String text) {
        return new PartRemark(Level.STORAGE, text, 0, 0);
    }
}
