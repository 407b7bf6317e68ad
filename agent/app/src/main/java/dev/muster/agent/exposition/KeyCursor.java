package dev.muster.agent.exposition;

/// Goes over the labels in the key of a sample that a reader of text has accepted. Reused.
final class KeyCursor {
    private byte[] body = new byte[0];
    private int at;
    private int end;

    /// The metric name in the key, which may stand in quotes among the labels.
    private int metricStart;

    /// Name and value of the current label, without quotes.
    int nameStart;

    int nameEnd;
    int valueStart;
    int valueEnd;

    void reset(byte[] body, int keyStart, int keyEnd, int metricStart) {
        this.body = body;
        this.metricStart = metricStart;
        end = keyEnd;
        at = body[keyStart] == '{' ? keyStart : Bytes.nameEnd(body, keyStart, keyEnd);
    }

    /// To the next label; false after the last.
    boolean next() {
        for (at = labelStart(at); at < end; at = labelStart(at)) {
            boolean quoted = body[at] == '"';
            nameStart = quoted ? at + 1 : at;
            nameEnd =
                    quoted
                            ? Bytes.closingQuote(body, nameStart, end)
                            : Bytes.labelNameEnd(body, nameStart, end);
            at = Bytes.blanksEnd(body, quoted ? nameEnd + 1 : nameEnd, end);
            if (nameStart != metricStart) {
                valueStart = Bytes.blanksEnd(body, at + 1, end) + 1;
                valueEnd = Bytes.closingQuote(body, valueStart, end);
                at = valueEnd + 1;
                return true;
            }
        }
        return false;
    }

    /// The next label: past the brace, commas and blanks.
    private int labelStart(int from) {
        int start = from;
        while (start < end
                && (body[start] == ' '
                        || body[start] == '\t'
                        || body[start] == ','
                        || body[start] == '{'
                        || body[start] == '}')) {
            start++;
        }
        return start;
    }
}
