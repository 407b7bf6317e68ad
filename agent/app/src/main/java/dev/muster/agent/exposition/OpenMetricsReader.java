package dev.muster.agent.exposition;

import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.Staleness;
import org.jspecify.annotations.Nullable;

/// Reads OpenMetrics text 1.0 by the letter of its grammar; what one line alone does not tell is
/// left to [OpenMetricsRules].
///
/// Beyond the specification it takes names in quotes, as Prometheus does, and double quotes within
/// help texts that are not escaped, as every other reader does.
///
/// [1] https://prometheus.io/docs/specs/om/open_metrics_spec/
final class OpenMetricsReader extends TextReader {
    /// Code points that names and values of an exemplar's labels may have together.
    private static final int EXEMPLAR_LIMIT = 128;

    private static final String LABEL_HINT = "write name{label=\"value\"} 1, without blanks";

    final LabelSpans labels = new LabelSpans();
    final LabelSpans exemplarLabels = new LabelSpans();
    private final OpenMetricsRules rules;
    private final CreatedTimes created;

    private boolean started;
    private boolean finished;

    double value;

    /// As exposed; 0 where there is none.
    double timestampSeconds;

    /// Place of the exemplar's hash; -1 where the sample has none.
    int exemplarStart;

    double exemplarValue;
    private boolean exemplarTimed;
    private long exemplarMs;

    OpenMetricsReader(ExpositionLimits limits, OpenMetricsChecks checks) {
        super(limits, true);
        rules = new OpenMetricsRules(this, checks);
        created = new CreatedTimes(this);
    }

    @Override
    void reset(byte[] body, int length) {
        super.reset(body, length);
        labels.reset(body);
        exemplarLabels.reset(body);
        rules.reset();
        created.reset();
        started = false;
        finished = false;
    }

    @Override
    boolean next() throws ExpositionException {
        if (!started) {
            checkUtf8(false);
            started = true;
        }
        while (!finished) {
            if (position >= end) {
                throw refuse(end, "exposition must end with # EOF", "is the body cut short?");
            }
            if (body[position] != '#') {
                sample(position);
                return true;
            }
            descriptor(position);
        }
        return false;
    }

    @Override
    double value() {
        return value;
    }

    @Override
    int exemplarCount() {
        return exemplarStart < 0 ? 0 : 1;
    }

    @Override
    Exemplar exemplar(int index, long sampleMs) {
        if (index != 0 || exemplarStart < 0) {
            throw new IndexOutOfBoundsException("exemplar must be there: index=" + index);
        }
        return new Exemplar(
                LabelDecoder.decode(body, exemplarLabels),
                Double.isNaN(exemplarValue)
                        ? Double.longBitsToDouble(Staleness.NORMAL_NAN_BITS)
                        : exemplarValue,
                exemplarTimed ? exemplarMs : sampleMs);
    }

    private void descriptor(int start) throws ExpositionException {
        int lineEnd = Bytes.lineEnd(body, start, end);
        checkLineLength(start, lineEnd);
        if (Bytes.equal(body, start, lineEnd, "# EOF")) {
            endOfExposition(lineEnd);
            return;
        }
        boolean type = Bytes.startsWith(body, start, lineEnd, "# TYPE ");
        boolean help = Bytes.startsWith(body, start, lineEnd, "# HELP ");
        if (!type && !help && !Bytes.startsWith(body, start, lineEnd, "# UNIT ")) {
            throw refuse(
                    start,
                    lineEnd,
                    "line must be # TYPE, # HELP, # UNIT or # EOF",
                    "comments are not allowed in OpenMetrics");
        }
        if (lineEnd >= end) {
            throw refuse(end, "line must end with a line feed", "is the body cut short?");
        }
        int name = start + 7;
        int blank = nameEnd(name);
        if (blank >= lineEnd || body[blank] != ' ') {
            throw refuse(
                    blank,
                    "metric name must be followed by one space and the text",
                    "write # TYPE name counter");
        }
        if (body[name] == '"') {
            rules.descriptor(name + 1, blank - 1);
        } else {
            rules.descriptor(name, blank);
        }
        if (type) {
            rules.type(typeOf(blank + 1, lineEnd), blank + 1, lineEnd);
        } else if (help) {
            rules.help(blank + 1, lineEnd);
        } else {
            rules.unit(unitStart(blank + 1, lineEnd), lineEnd);
        }
        position = lineEnd + 1;
    }

    private void endOfExposition(int lineEnd) throws ExpositionException {
        if (lineEnd + 1 < end) {
            throw refuse(lineEnd + 1, "nothing must follow # EOF", "is it two bodies in one?");
        }
        rules.finish();
        finished = true;
        position = end;
    }

    private MetricType typeOf(int from, int to) throws ExpositionException {
        MetricType type = typeOrNull(from, to);
        if (type == null) {
            throw refuse(
                    from,
                    to,
                    "type must be counter, gauge, histogram, gaugehistogram, stateset, info,"
                            + " summary or unknown",
                    Bytes.equal(body, from, to, "untyped")
                            ? "OpenMetrics calls it unknown"
                            : "nothing may follow the type, not even a blank");
        }
        return type;
    }

    private @Nullable MetricType typeOrNull(int from, int to) {
        for (MetricType type : OpenMetricsRules.TYPES) {
            if (Bytes.equal(body, from, to, type.text())) {
                return type;
            }
        }
        return null;
    }

    private int unitStart(int from, int to) throws ExpositionException {
        int unitEnd = Bytes.nameEnd(body, from, to);
        if (unitEnd < to) {
            throw refuse(
                    unitEnd,
                    "unit must be letters, digits, underscores and colons",
                    "nothing may follow the unit, not even a blank");
        }
        return from;
    }

    /// The place past a metric name and its quotes.
    private int nameEnd(int from) throws ExpositionException {
        if (from < end && body[from] == '"') {
            return quotedEnd(from + 1) + 1;
        }
        if (from >= end || !Bytes.startsName(body[from])) {
            throw refuse(
                    from,
                    "metric name must start with a letter, underscore or colon",
                    from < end && body[from] == '\n'
                            ? "empty lines are not allowed in OpenMetrics"
                            : "lines must not start with blanks");
        }
        int nameEnd = Bytes.nameEnd(body, from + 1, end);
        checkName(from, nameEnd);
        return nameEnd;
    }

    /// The closing quote of a name.
    private int quotedEnd(int from) throws ExpositionException {
        int lineEnd = Bytes.lineEnd(body, from, end);
        int close = Bytes.closingQuote(body, from, lineEnd);
        if (close >= lineEnd) {
            throw refuse(close, "name must be closed by a quote", "quotes are written \\\"");
        }
        if (close == from) {
            throw refuse(from, "name must not be empty", "");
        }
        checkName(from, close);
        return close;
    }

    private void sample(int start) throws ExpositionException {
        keyStart = start;
        labels.clear();
        int at;
        if (body[start] == '{') {
            at = quotedName(start + 1);
        } else {
            nameStart = start;
            nameEnd = nameEnd(start);
            at = nameEnd;
            if (at < end && body[at] == '{') {
                at = labels(at + 1, labels);
            }
        }
        keyEnd = at;
        at = value(space(at, "value"));
        at = timestamp(at);
        at = exemplar(at);
        if (at >= end || body[at] != '\n') {
            throw refuse(
                    at, "line must end here with a line feed", "no blanks at the end of lines");
        }
        checkLineLength(start, at);
        startMs = created.startMs(rules.sample(), at + 1);
        position = at + 1;
    }

    /// A metric name in quotes as the first thing within the braces, then the labels.
    private int quotedName(int from) throws ExpositionException {
        if (from >= end || body[from] != '"') {
            throw refuse(from, "metric name must stand before its labels", LABEL_HINT);
        }
        int close = quotedEnd(from + 1);
        nameStart = from + 1;
        nameEnd = close;
        int at = close + 1;
        if (at < end && body[at] == ',') {
            if (at + 1 < end && body[at + 1] == '}') {
                throw refuse(at, "comma must be followed by a label", LABEL_HINT);
            }
            return labels(at + 1, labels);
        }
        if (at >= end || body[at] != '}') {
            throw refuse(at, "metric name must be followed by a comma or brace", LABEL_HINT);
        }
        return at + 1;
    }

    /// The place past one space that must stand here.
    private int space(int at, String what) throws ExpositionException {
        if (at >= end || body[at] != ' ') {
            throw refuse(at, what + " must follow after one space", LABEL_HINT);
        }
        return at + 1;
    }

    private int value(int from) throws ExpositionException {
        int to = tokenEnd(from);
        valueStart = from;
        valueEnd = to;
        value = number(from, to, "value");
        return to;
    }

    private int timestamp(int at) throws ExpositionException {
        hasTimestamp = false;
        timestampMs = 0;
        timestampSeconds = 0;
        if (at >= end || body[at] != ' ' || (at + 1 < end && body[at + 1] == '#')) {
            return at;
        }
        int to = tokenEnd(at + 1);
        timestampSeconds = seconds(at + 1, to);
        hasTimestamp = true;
        timestampMs = Math.round(timestampSeconds * 1000);
        return to;
    }

    /// A time far off is a time, too: in milliseconds it is the nearest that a long holds.
    private double seconds(int from, int to) throws ExpositionException {
        double seconds = number(from, to, "timestamp");
        if (Double.isNaN(seconds) || Double.isInfinite(seconds)) {
            throw refuse(
                    from,
                    to,
                    "timestamp must be a time",
                    "timestamps are seconds since 1970, such as 1520879607.789");
        }
        return seconds;
    }

    private int exemplar(int at) throws ExpositionException {
        exemplarStart = -1;
        if (at >= end || body[at] != ' ') {
            return at;
        }
        exemplarStart = at + 1;
        exemplarLabels.clear();
        if (!Bytes.startsWith(body, at, end, " # {")) {
            throw refuse(
                    at + 1,
                    "sample must be followed by an exemplar or the end of the line",
                    "an exemplar is written name 1 # {trace_id=\"abc\"} 0.5");
        }
        int to = labels(at + 4, exemplarLabels);
        int from = space(to, "value of the exemplar");
        to = tokenEnd(from);
        exemplarValue = number(from, to, "value of the exemplar");
        checkExemplarLength();
        exemplarTimed = to < end && body[to] == ' ';
        if (exemplarTimed) {
            from = to + 1;
            to = tokenEnd(from);
            exemplarMs = Math.round(seconds(from, to) * 1000);
        }
        return to;
    }

    private void checkExemplarLength() throws ExpositionException {
        int length = 0;
        for (int i = 0; i < exemplarLabels.size(); i++) {
            length += length(exemplarLabels.nameStart(i), exemplarLabels.nameEnd(i));
            length += length(exemplarLabels.valueStart(i), exemplarLabels.valueEnd(i));
        }
        if (length > EXEMPLAR_LIMIT) {
            throw refuse(
                    exemplarStart,
                    "labels of an exemplar must not be longer than 128 characters together: length="
                            + length,
                    "expose a trace id only");
        }
    }

    /// Code points of a text once its escapes are replaced.
    private int length(int from, int to) {
        int length = Utf8.codePoints(body, from, to);
        for (int at = from; at < to - 1; at++) {
            if (body[at] == '\\') {
                byte next = body[at + 1];
                length -= next == '\\' || next == '"' || next == 'n' ? 1 : 0;
                at++;
            }
        }
        return length;
    }

    int tokenEnd(int from) {
        int at = from;
        while (at < end && body[at] != ' ' && body[at] != '\n') {
            at++;
        }
        return at;
    }

    /// Labels from past the opening brace or the comma after a name.
    ///
    /// @return the place past the closing brace
    int labels(int from, LabelSpans into) throws ExpositionException {
        int at = from;
        if (at < end && body[at] == '}') {
            return at + 1;
        }
        while (true) {
            at = label(at, into);
            if (at < end && body[at] == '}') {
                checkUnique(into);
                return at + 1;
            }
            if (at >= end || body[at] != ',') {
                throw refuse(at, "label must be followed by a comma or brace", LABEL_HINT);
            }
            at++;
        }
    }

    private void checkUnique(LabelSpans labels) throws ExpositionException {
        int duplicate = labels.duplicate();
        if (duplicate >= 0) {
            throw LabelDecoder.duplicate(
                    this, labels.nameStart(duplicate), labels.nameEnd(duplicate));
        }
    }

    /// @return the place past the value's closing quote
    private int label(int from, LabelSpans into) throws ExpositionException {
        boolean quoted = from < end && body[from] == '"';
        int name = quoted ? from + 1 : from;
        int nameEnd = quoted ? quotedEnd(name) : labelNameEnd(name);
        int equals = quoted ? nameEnd + 1 : nameEnd;
        if (equals >= end || body[equals] != '=') {
            throw refuse(equals, "label name must be followed by =", LABEL_HINT);
        }
        if (equals + 1 >= end || body[equals + 1] != '"') {
            throw refuse(equals + 1, "label value must stand in double quotes", LABEL_HINT);
        }
        int open = equals + 2;
        int close = Bytes.closingQuote(body, open, end);
        int lineEnd = Bytes.lineEnd(body, open, close);
        if (close >= end || lineEnd < close) {
            throw refuse(
                    lineEnd,
                    "label value must be closed by a quote",
                    "quotes within a value are written \\\", line feeds \\n");
        }
        checkValue(open, close);
        into.add(name, nameEnd, open, close);
        checkLabelCount(name, into.size());
        return close + 1;
    }

    private int labelNameEnd(int from) throws ExpositionException {
        if (from >= end || !Bytes.startsLabelName(body[from])) {
            throw refuse(
                    from,
                    "label name must start with a letter or underscore",
                    from < end && body[from] == '}'
                            ? "no comma may stand before the brace"
                            : LABEL_HINT);
        }
        int nameEnd = Bytes.labelNameEnd(body, from + 1, end);
        checkName(from, nameEnd);
        return nameEnd;
    }
}
