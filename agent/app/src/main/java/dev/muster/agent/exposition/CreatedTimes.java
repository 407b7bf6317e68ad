package dev.muster.agent.exposition;

import dev.muster.model.sample.MetricType;
import org.jspecify.annotations.Nullable;

/// Finds the `_created` sample of a metric before it is its turn, because the samples that count
/// from that time stand before it. Owned by an [OpenMetricsReader].
final class CreatedTimes {
    /*
     * The samples of a metric stand together, `_created` the last of them as a rule. So the next
     * line with the word `_created` in it either belongs to the metric, or the metric has no such
     * sample. A line of the metric with the word elsewhere, in the value of a label, is passed over;
     * behind a line of another family nothing is this family's any more. The place of that next
     * line, and how far the family is known to reach, only ever move forward, and what was found out
     * about the line is kept: the body is searched once, however its lines are arranged.
     */
    private static final String WORD = "_created";

    private final OpenMetricsReader reader;
    private final LabelSpans labels = new LabelSpans();

    /// The next occurrence of the word, and the line it is in.
    private int next;

    private int lineStart;

    /// The first line that is not known to be of the family at `reachFamily`.
    private int reach;

    private int reachFamily;

    /// Place of the name of the family that the line was judged for; -1 before.
    private int judgedFamily;

    private @Nullable SampleRole role;
    private long labelHash;
    private int keyEnd;

    /// The metric whose start is known: by the place of its family's name and its labels.
    private int family;

    private long group;
    private long startMs;

    CreatedTimes(OpenMetricsReader reader) {
        this.reader = reader;
    }

    void reset() {
        labels.reset(reader.body);
        next = -1;
        reachFamily = -1;
        judgedFamily = -1;
        family = -1;
        startMs = 0;
    }

    /// The time from which the reader's sample counts; 0 where the body does not say.
    ///
    /// @param own what the sample is to its family
    /// @param from first byte after the sample's line
    long startMs(SampleRole own, int from) throws ExpositionException {
        MetricType type = reader.family.type();
        boolean counts =
                type == MetricType.COUNTER
                        || type == MetricType.HISTOGRAM
                        || type == MetricType.SUMMARY;
        if (!counts || own == SampleRole.CREATED) {
            return 0;
        }
        advance(from);
        if (next >= reader.end && family != reader.family.nameStart) {
            return 0;
        }
        long hash = reader.labels.hash(ownLabel(own, reader.labels));
        if (family != reader.family.nameStart || group != hash) {
            family = reader.family.nameStart;
            group = hash;
            startMs = find(hash, from);
        }
        return startMs;
    }

    private static int ownLabel(SampleRole role, LabelSpans labels) {
        return switch (role) {
            case BUCKET -> labels.indexOf("le");
            case QUANTILE -> labels.indexOf("quantile");
            case VALUE, TOTAL, CREATED, COUNT, GAUGE_COUNT, SUM, GAUGE_SUM, STATE, INFO -> -1;
        };
    }

    private void advance(int from) {
        if (next < from) {
            next = Bytes.indexOf(reader.body, from, reader.end, WORD);
            judgedFamily = -1;
            lineStart = next;
            while (lineStart > from && reader.body[lineStart - 1] != '\n') {
                lineStart--;
            }
        }
    }

    private long find(long hash, int from) throws ExpositionException {
        while (next < reader.end && familyReaches(from)) {
            judge();
            if (role == null || labelHash != hash) {
                return 0;
            }
            if (role == SampleRole.CREATED) {
                return valueMs();
            }
            advance(Bytes.lineEnd(reader.body, next, reader.end));
        }
        return 0;
    }

    /// Are all lines before the next one of the family?
    private boolean familyReaches(int from) {
        if (reachFamily != reader.family.nameStart || reach < from) {
            reachFamily = reader.family.nameStart;
            reach = from;
        }
        while (reach < lineStart && isOfFamily(reach)) {
            reach = Bytes.lineEnd(reader.body, reach, reader.end) + 1;
        }
        return reach >= lineStart;
    }

    private boolean isOfFamily(int line) {
        byte[] body = reader.body;
        int end = reader.end;
        boolean metadata = body[line] == '#';
        int name = metadata ? Math.min(line + "# TYPE ".length(), end) : line;
        if (Bytes.startsWith(body, name, end, metadata ? "\"" : "{\"")) {
            name += metadata ? 1 : 2;
        }
        int suffix = name + reader.family.nameEnd - reader.family.nameStart;
        if (suffix >= end || !reader.family.isNamed(name, suffix)) {
            return false;
        }
        int nameEnd = nameEnd(name, suffix);
        return metadata
                ? nameEnd == suffix
                : SampleRole.of(reader.family.type(), body, suffix, nameEnd) != null;
    }

    /// Where a name ends that stands bare or in quotes.
    private int nameEnd(int name, int from) {
        return reader.body[name - 1] == '"'
                ? Bytes.closingQuote(reader.body, from, reader.end)
                : Bytes.nameEnd(reader.body, from, reader.end);
    }

    /// What is the line to the current family?
    private void judge() throws ExpositionException {
        if (judgedFamily == reader.family.nameStart) {
            return;
        }
        judgedFamily = reader.family.nameStart;
        byte[] body = reader.body;
        int end = reader.end;
        boolean quoted = Bytes.startsWith(body, lineStart, end, "{\"");
        int name = quoted ? lineStart + 2 : lineStart;
        int suffix = name + reader.family.nameEnd - reader.family.nameStart;
        role = null;
        if (suffix > end || !reader.family.isNamed(name, suffix)) {
            return;
        }
        int nameEnd =
                quoted ? Bytes.closingQuote(body, suffix, end) : Bytes.nameEnd(body, suffix, end);
        role = SampleRole.of(reader.family.type(), body, suffix, nameEnd);
        if (role == null) {
            return;
        }
        labels.clear();
        int at = quoted ? Math.min(nameEnd + 1, end) : nameEnd;
        boolean labelled = at < end && body[at] == (quoted ? ',' : '{');
        keyEnd = labelled ? reader.labels(at + 1, labels) : quoted ? at + 1 : at;
        labelHash = labels.hash(ownLabel(role, labels));
    }

    /// The value of the line, which is in seconds; 0 where it is no time. The line gets its own
    /// turn to be refused.
    private long valueMs() {
        int from = keyEnd + 1;
        double seconds =
                from < reader.end
                        ? NumberParser.parse(reader.body, from, reader.tokenEnd(from))
                        : Double.NaN;
        return seconds > 0 && seconds < Long.MAX_VALUE / 1000.0 ? Math.round(seconds * 1000) : 0;
    }
}
