package dev.muster.agent.exposition;

/// A body that breaks the rules of its format, and where.
///
/// The message reads `line=3 column=17: label value must be closed by a quote: found=end of line`,
/// in a format without lines `offsetBytes=170: …`. Samples before that place have been delivered; a
/// scrape throws them away.
public final class ExpositionException extends Exception {
    private final int line;
    private final int column;
    private final int offsetBytes;
    private final String rule;
    private final String hint;

    /// A place in text.
    ExpositionException(int line, int column, int offsetBytes, String rule, String hint) {
        this("line=" + line + " column=" + column, line, column, offsetBytes, rule, hint);
    }

    /// A place in a format without lines.
    ExpositionException(int offsetBytes, String rule, String hint) {
        this("offsetBytes=" + offsetBytes, 0, 0, offsetBytes, rule, hint);
    }

    private ExpositionException(
            String place, int line, int column, int offsetBytes, String rule, String hint) {
        super(place + ": " + rule, null, false, false);
        this.line = line;
        this.column = column;
        this.offsetBytes = offsetBytes;
        this.rule = rule;
        this.hint = hint;
    }

    /// An error in something pushed, in a format without lines.
    public static ExpositionException at(int offsetBytes, String rule) {
        return new ExpositionException(offsetBytes, rule, "");
    }

    /// The same error elsewhere, in a format without lines.
    ExpositionException movedTo(int newOffsetBytes) {
        return new ExpositionException(newOffsetBytes, rule, hint);
    }

    /// The line at fault, from 1; 0 in a format without lines.
    public int line() {
        return line;
    }

    /// The byte within the line at fault, from 1; 0 in a format without lines.
    public int column() {
        return column;
    }

    /// Bytes of the body before the one at fault.
    public int offsetBytes() {
        return offsetBytes;
    }

    /// What the owner of the service can do about it, in a sentence; empty where the message says
    /// all.
    public String hint() {
        return hint;
    }
}
