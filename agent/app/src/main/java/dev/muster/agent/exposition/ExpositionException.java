package dev.muster.agent.exposition;

/// A body that breaks the rules of its format, and where.
///
/// The message reads `line=3 column=17: label value must be closed by a quote: found=end of line`.
/// Samples before that place have been delivered; a scrape throws them away.
public final class ExpositionException extends Exception {
    private final int line;
    private final int column;
    private final String hint;

    ExpositionException(int line, int column, String rule, String hint) {
        super("line=" + line + " column=" + column + ": " + rule, null, false, false);
        this.line = line;
        this.column = column;
        this.hint = hint;
    }

    /// The line at fault, from 1.
    public int line() {
        return line;
    }

    /// The byte within the line at fault, from 1.
    public int column() {
        return column;
    }

    /// What the owner of the service can do about it, in a sentence; empty where the message says
    /// all.
    public String hint() {
        return hint;
    }
}
