package dev.muster.agent.exposition;

import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricType;

/// Reads Prometheus' text format 0.0.4, and 1.0.0 with names in quotes, as leniently as Prometheus
/// does: blanks between all parts, commas between labels left out or after the last, comments and
/// empty lines anywhere, line feeds within label values.
///
/// Values are not looked at before [#value()] is called.
final class PrometheusTextReader extends TextReader {
    private static final MetricType[] TYPES = {
        MetricType.COUNTER, MetricType.GAUGE, MetricType.HISTOGRAM, MetricType.SUMMARY
    };

    private boolean checked;

    PrometheusTextReader(ExpositionLimits limits) {
        super(limits, false);
    }

    @Override
    void reset(byte[] body, int length) {
        super.reset(body, length);
        checked = false;
    }

    @Override
    boolean next() throws ExpositionException {
        if (!checked) {
            checkUtf8(true);
            checked = true;
        }
        byte[] body = this.body;
        int end = this.end;
        int at = position;
        while (at < end) {
            byte b = body[at];
            if (Bytes.startsName(b)) {
                sample(at);
                return true;
            }
            switch (b) {
                case '\n', ' ', '\t' -> at++;
                case '#' -> at = comment(at);
                case '{' -> {
                    quotedSample(at);
                    return true;
                }
                default -> throw noStart(at);
            }
        }
        position = end;
        return false;
    }

    @Override
    double value() throws ExpositionException {
        return number(valueStart, valueEnd, "value");
    }

    @Override
    int exemplarCount() {
        return 0;
    }

    @Override
    Exemplar exemplar(int index, long sampleMs) {
        throw new IndexOutOfBoundsException("text without exemplars: index=" + index);
    }

    private ExpositionException noStart(int at) {
        String hint =
                body[at] == '<'
                        ? "this looks like HTML: is it the path of the metrics?"
                        : "a line is a sample such as name{label=\"value\"} 1, a comment or empty";
        return refuse(at, "line must start with a metric name", hint);
    }

    private void sample(int start) throws ExpositionException {
        byte[] body = this.body;
        int end = this.end;
        int at = Bytes.nameEnd(body, start + 1, end);
        checkName(start, at);
        keyStart = start;
        nameStart = start;
        nameEnd = at;
        keyEnd = at;
        if (at < end && Bytes.isBlank(body[at])) {
            at = Bytes.blanksEnd(body, at, end);
        }
        if (at < end && body[at] == '{') {
            at = labels(at + 1);
            keyEnd = at;
        }
        rest(at);
    }

    /// A sample whose name stands in quotes among its labels.
    private void quotedSample(int start) throws ExpositionException {
        keyStart = start;
        nameStart = -1;
        nameEnd = -1;
        keyEnd = labels(start + 1);
        if (nameStart < 0) {
            throw refuse(
                    start,
                    keyEnd,
                    "sample must have a metric name",
                    "write name{label=\"value\"} 1, or {\"name\",label=\"value\"} 1");
        }
        rest(keyEnd);
    }

    /// The labels from past the opening brace.
    ///
    /// @return the place past the closing brace
    private int labels(int from) throws ExpositionException {
        byte[] body = this.body;
        int end = this.end;
        int count = 0;
        int at = Bytes.blanksEnd(body, from, end);
        while (at < end && body[at] != '}') {
            boolean quoted = body[at] == '"';
            int name = quoted ? at + 1 : at;
            int nameEnd = quoted ? quotedEnd(name) : bareEnd(name);
            checkName(name, nameEnd);
            at = Bytes.blanksEnd(body, quoted ? nameEnd + 1 : nameEnd, end);
            if (quoted && at < end && (body[at] == ',' || body[at] == '}')) {
                metricName(name, nameEnd);
            } else {
                if (quoted && name == nameEnd) {
                    throw refuse(name, "label name must not be empty", "");
                }
                at = value(at);
                checkLabelCount(name, ++count);
            }
            if (at < end && body[at] == ',') {
                at = Bytes.blanksEnd(body, at + 1, end);
            }
        }
        if (at >= end) {
            throw refuse(at, "labels must be closed by a brace", "is the body cut short?");
        }
        return at + 1;
    }

    private int bareEnd(int name) throws ExpositionException {
        if (!Bytes.startsLabelName(body[name])) {
            throw refuse(
                    name,
                    "label name must start with a letter or underscore",
                    "other names stand in double quotes");
        }
        return Bytes.labelNameEnd(body, name + 1, end);
    }

    private int quotedEnd(int name) throws ExpositionException {
        int close = Bytes.closingQuote(body, name, end);
        if (close >= end) {
            throw refuse(end, "name must be closed by a quote", "is the body cut short?");
        }
        return close;
    }

    private void metricName(int from, int to) throws ExpositionException {
        if (nameStart >= 0) {
            throw refuse(
                    from, to, "sample must have one metric name", "a label needs = and a value");
        }
        if (from == to) {
            throw refuse(from, "metric name must not be empty", "");
        }
        nameStart = from;
        nameEnd = to;
    }

    /// The value of a label from where the equals sign must be.
    ///
    /// @return the place past it and the blanks behind
    private int value(int from) throws ExpositionException {
        byte[] body = this.body;
        int end = this.end;
        if (from >= end || body[from] != '=') {
            throw refuse(from, "label name must be followed by =", "write name=\"value\"");
        }
        int open = Bytes.blanksEnd(body, from + 1, end);
        if (open >= end || body[open] != '"') {
            throw refuse(open, "label value must stand in double quotes", "write name=\"value\"");
        }
        int close = Bytes.closingQuote(body, open + 1, end);
        if (close >= end) {
            throw refuse(
                    open,
                    Bytes.lineEnd(body, open, end),
                    "label value must be closed by a quote",
                    "quotes within a value are written \\\"");
        }
        checkValue(open + 1, close);
        return Bytes.blanksEnd(body, close + 1, end);
    }

    /// Value, timestamp and end of the line.
    private void rest(int from) throws ExpositionException {
        byte[] body = this.body;
        int end = this.end;
        int at = Bytes.blanksEnd(body, from, end);
        valueStart = at;
        while (at < end && body[at] != '\n' && !Bytes.isBlank(body[at]) && body[at] != '{') {
            at++;
        }
        if (at == valueStart) {
            throw refuse(at, "sample must have a value", "write name 1 on one line");
        }
        valueEnd = at;
        hasTimestamp = false;
        if (at < end && body[at] != '\n') {
            at = timestamp(Bytes.blanksEnd(body, at, end));
        }
        checkLineLength(keyStart, at);
        position = Math.min(at + 1, end);
    }

    /// @return the end of the line
    private int timestamp(int from) throws ExpositionException {
        int at = from;
        long timestampMs = 0;
        while (at < end && Bytes.isDigit(body[at])) {
            int digit = body[at] - '0';
            if (timestampMs > (Long.MAX_VALUE - digit) / 10) {
                throw refuse(from, at + 1, "timestamp must fit 64 bits", "it is in milliseconds");
            }
            timestampMs = 10 * timestampMs + digit;
            at++;
        }
        hasTimestamp = at > from;
        this.timestampMs = timestampMs;
        at = Bytes.blanksEnd(body, at, end);
        if (at < end && body[at] != '\n') {
            throw refuse(
                    at,
                    "value must be followed by a timestamp in milliseconds or the end of the line",
                    body[at] == '#'
                            ? "exemplars need the content type of OpenMetrics"
                            : "timestamps are whole numbers");
        }
        return at;
    }

    /// A line that starts with a hash: metadata or a comment.
    ///
    /// @return the start of the next line
    private int comment(int hash) throws ExpositionException {
        int word = Bytes.blanksEnd(body, hash + 1, end);
        int blank = word + 4;
        if (word > hash + 1 && blank < end && Bytes.isBlank(body[blank])) {
            if (Bytes.startsWith(body, word, end, "HELP")) {
                return help(hash, blank);
            }
            if (Bytes.startsWith(body, word, end, "TYPE")) {
                return type(hash, blank);
            }
        }
        return Math.min(Bytes.lineEnd(body, hash, end) + 1, end);
    }

    private int help(int hash, int from) throws ExpositionException {
        int text = familyName(from);
        int lineEnd = Bytes.lineEnd(body, text, end);
        checkLineLength(hash, lineEnd);
        family.helpStart = Math.min(text + 1, lineEnd);
        family.helpEnd = lineEnd;
        family.changed();
        return Math.min(lineEnd + 1, end);
    }

    private int type(int hash, int from) throws ExpositionException {
        int text = familyName(from);
        int lineEnd = Bytes.lineEnd(body, text, end);
        checkLineLength(hash, lineEnd);
        family.type = typeOf(Math.min(text + 1, lineEnd), lineEnd);
        family.changed();
        return Math.min(lineEnd + 1, end);
    }

    private MetricType typeOf(int from, int to) throws ExpositionException {
        for (MetricType type : TYPES) {
            if (Bytes.equal(body, from, to, type.text())) {
                return type;
            }
        }
        if (!Bytes.equal(body, from, to, "untyped")) {
            throw refuse(
                    from,
                    to,
                    "type must be counter, gauge, histogram, summary or untyped",
                    "other types need the content type of OpenMetrics");
        }
        return MetricType.UNKNOWN;
    }

    /// The family name of a metadata line; it becomes the current family.
    ///
    /// @return the place past it
    private int familyName(int from) throws ExpositionException {
        int start = Bytes.blanksEnd(body, from, end);
        if (start < end && body[start] == '"') {
            int close = quotedEnd(start + 1);
            checkName(start + 1, close);
            startFamily(start + 1, close);
            return close + 1;
        }
        if (start >= end || !Bytes.startsName(body[start])) {
            throw refuse(start, "metadata must name a metric", "write # TYPE name counter");
        }
        int close = Bytes.nameEnd(body, start + 1, end);
        checkName(start, close);
        startFamily(start, close);
        return close;
    }

    private void startFamily(int from, int to) {
        if (!family.isNamed(from, to)) {
            family.start(from, to);
        }
    }
}
