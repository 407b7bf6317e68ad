package dev.muster.agent.exposition;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What the readers of the two text formats share: the place in the body and errors.
abstract sealed class TextReader extends ExpositionReader
        permits PrometheusTextReader, OpenMetricsReader {
    private static final int FOUND_LIMIT = 60;

    final FamilyMetadata family;

    /// Start of the line that is read next.
    int position;

    /// The metric name, without the quotes it may stand in.
    int nameStart;

    int nameEnd;

    /// Lines are only counted when someone asks: `countedLines` line feeds before `countedTo`.
    private int countedTo;

    private int countedLines;

    /// @param escapedQuotes whether the format escapes double quotes in help texts
    TextReader(ExpositionLimits limits, boolean escapedQuotes) {
        super(limits);
        family = new FamilyMetadata(escapedQuotes);
    }

    @Override
    void reset(byte[] body, int length) {
        super.reset(body, length);
        position = 0;
        nameStart = 0;
        nameEnd = 0;
        countedTo = 0;
        countedLines = 0;
        family.reset(body);
    }

    /// Neither format has native histograms.
    @Override
    final @Nullable NativeHistogram histogram() {
        return null;
    }

    @Override
    final Labels labels() throws ExpositionException {
        return LabelDecoder.decode(this);
    }

    @Override
    final MetricMetadata metadata() {
        return family.metadata(nameStart, nameEnd);
    }

    @Override
    final int line() {
        return lineAt(keyStart);
    }

    @Override
    final int offsetBytes() {
        return keyStart;
    }

    final int lineAt(int at) {
        if (at < countedTo) {
            countedTo = 0;
            countedLines = 0;
        }
        for (int i = Bytes.lineEnd(body, countedTo, at);
                i < at;
                i = Bytes.lineEnd(body, i + 1, at)) {
            countedLines++;
            countedTo = i + 1;
        }
        return countedLines + 1;
    }

    final double number(int from, int to, String what) throws ExpositionException {
        if (to - from > limits.numberLength()) {
            throw overLimit(from, what + " length", limits.numberLength(), to - from);
        }
        double value = NumberParser.parse(body, from, to);
        if (!NumberParser.isNumber(value)) {
            throw noNumber(value, from, to, what);
        }
        return value;
    }

    private ExpositionException noNumber(double answer, int from, int to, String what) {
        if (Double.doubleToRawLongBits(answer) == NumberParser.OVERFLOW_BITS) {
            return refuse(from, to, what + " must fit a double", "write +Inf or -Inf instead");
        }
        return refuse(from, to, what + " must be a number", numberHint(from, to));
    }

    private String numberHint(int from, int to) {
        if (to > from && body[to - 1] == '\r') {
            return "lines must end with \\n alone, without \\r before it";
        }
        for (int i = from; i < to; i++) {
            if (body[i] == '_' || body[i] == 'x' || body[i] == 'X') {
                return "only decimal numbers are allowed, such as 1500 or 1.5e+03";
            }
            if (body[i] == ',') {
                return "the decimal separator is a point, whatever the locale";
            }
        }
        return "numbers look like 12, 0.5, 1e+06, +Inf or NaN";
    }

    /// A sample or descriptor ends here; is it longer than a line may be?
    final void checkLineLength(int from, int to) throws ExpositionException {
        if (to - from > limits.lineLength()) {
            throw overLimit(from, "line length", limits.lineLength(), to - from);
        }
    }

    final void checkName(int from, int to) throws ExpositionException {
        if (to - from > limits.nameLength()) {
            throw overLimit(from, "name length", limits.nameLength(), to - from);
        }
    }

    final void checkValue(int from, int to) throws ExpositionException {
        if (to - from > limits.valueLength()) {
            throw overLimit(from, "label value length", limits.valueLength(), to - from);
        }
    }

    final void checkLabelCount(int at, int count) throws ExpositionException {
        if (count > limits.labelCount()) {
            throw overLimit(at, "label count", limits.labelCount(), count);
        }
    }

    private ExpositionException overLimit(int at, String name, int limit, int found) {
        return new ExpositionException(
                lineAt(at),
                columnAt(at),
                at,
                name + " must be within its limit: limit=" + limit + ", found=" + found,
                "the limit protects the agent; expose less in one place");
    }

    /// An error at one byte, which the message shows.
    final ExpositionException refuse(int at, String rule, String hint) {
        return new ExpositionException(
                lineAt(at), columnAt(at), at, rule + ": found=" + found(at), hint);
    }

    /// An error in a range of bytes, which the message shows.
    final ExpositionException refuse(int from, int to, String rule, String hint) {
        return new ExpositionException(
                lineAt(from), columnAt(from), from, rule + ": found=" + found(from, to), hint);
    }

    private int columnAt(int at) {
        int start = at;
        while (start > 0 && body[start - 1] != '\n') {
            start--;
        }
        return at - start + 1;
    }

    private String found(int at) {
        if (at >= end) {
            return "end of body";
        }
        byte b = body[at];
        return switch (b) {
            case '\n' -> "end of line";
            case '\r' -> "carriage return";
            case '\t' -> "tab";
            case ' ' -> "space";
            default ->
                    b >= 0x20 && b < 0x7f
                            ? "'" + (char) b + "'"
                            : "byte 0x" + Integer.toHexString(b & 0xff);
        };
    }

    private String found(int from, int to) {
        int shown = Math.min(to, Math.min(end, from + FOUND_LIMIT));
        String text = new String(body, from, shown - from, StandardCharsets.UTF_8);
        String visible =
                text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").strip();
        return visible.isEmpty() ? "nothing" : visible + (shown < to ? "…" : "");
    }

    /// Refuses bytes that are not UTF-8, but for comments where `comments` lets them pass.
    final void checkUtf8(boolean comments) throws ExpositionException {
        int at = Utf8.firstInvalid(body, 0, end);
        while (at < end) {
            int start = at - columnAt(at) + 1;
            int lineEnd = Bytes.lineEnd(body, at, end);
            if (!comments || !isComment(start, lineEnd)) {
                throw refuse(
                        at,
                        "text must be UTF-8",
                        "encode the exposition as UTF-8; look for Latin-1 in label values");
            }
            at = Utf8.firstInvalid(body, lineEnd, end);
        }
    }

    private boolean isComment(int from, int to) {
        int at = Bytes.blanksEnd(body, from, to);
        if (at >= to || body[at] != '#') {
            return false;
        }
        int word = Bytes.blanksEnd(body, at + 1, to);
        return !Bytes.startsWith(body, word, to, "HELP")
                && !Bytes.startsWith(body, word, to, "TYPE");
    }
}
