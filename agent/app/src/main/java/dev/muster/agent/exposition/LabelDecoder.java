package dev.muster.agent.exposition;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricType;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/// Turns the key of a sample, which a reader has accepted, into labels.
final class LabelDecoder {
    private LabelDecoder() {}

    /// The labels of an exemplar, which were found to be unique.
    static Labels decode(byte[] body, LabelSpans spans) {
        Labels.Builder labels = Labels.builder();
        for (int i = 0; i < spans.size(); i++) {
            labels.set(
                    text(body, spans.nameStart(i), spans.nameEnd(i)),
                    text(body, spans.valueStart(i), spans.valueEnd(i)));
        }
        return labels.build();
    }

    static Labels decode(TextReader reader) throws ExpositionException {
        byte[] body = reader.body;
        int end = reader.keyEnd;
        Labels.Builder labels = Labels.builder();
        labels.set(Labels.METRIC, text(body, reader.nameStart, reader.nameEnd));
        String bound = boundLabel(reader.family.typeOf(reader.nameStart, reader.nameEnd));
        Set<String> names = new HashSet<>();
        names.add(Labels.METRIC);
        int start = reader.keyStart;
        int at = body[start] == '{' ? start : Bytes.nameEnd(body, start, end);
        for (at = labelStart(body, at, end); at < end; at = labelStart(body, at, end)) {
            boolean quoted = body[at] == '"';
            int from = quoted ? at + 1 : at;
            int to =
                    quoted
                            ? Bytes.closingQuote(body, from, end)
                            : Bytes.labelNameEnd(body, from, end);
            at = Bytes.blanksEnd(body, quoted ? to + 1 : to, end);
            if (from == reader.nameStart) {
                continue;
            }
            int open = Bytes.blanksEnd(body, at + 1, end);
            int close = Bytes.closingQuote(body, open + 1, end);
            String name = text(body, from, to);
            if (!names.add(name)) {
                throw duplicate(reader, from, to);
            }
            String value = text(body, open + 1, close);
            labels.set(name, name.equals(bound) ? NumberText.bound(value) : value);
            at = close + 1;
        }
        return labels.build();
    }

    /// The label whose value is a number, and is written alike whatever the target writes; empty
    /// where there is none.
    private static String boundLabel(MetricType type) {
        return switch (type) {
            case HISTOGRAM -> "le";
            case SUMMARY -> "quantile";
            case UNKNOWN, COUNTER, GAUGE, GAUGE_HISTOGRAM, INFO, STATE_SET -> "";
        };
    }

    static ExpositionException duplicate(TextReader reader, int from, int to) {
        return reader.refuse(
                from,
                to,
                "label name must be unique within a sample",
                "expose each label once; __name__ stands for the metric name");
    }

    /// The next label: past the brace, commas and blanks.
    private static int labelStart(byte[] body, int from, int end) {
        int at = from;
        while (at < end
                && (body[at] == ' '
                        || body[at] == '\t'
                        || body[at] == ','
                        || body[at] == '{'
                        || body[at] == '}')) {
            at++;
        }
        return at;
    }

    private static String text(byte[] body, int from, int to) {
        return unescape(new String(body, from, to - from, StandardCharsets.UTF_8), true);
    }

    /// Replaces `\\`, `\n`, and `\"` where quotes are escaped; any other backslash stays.
    static String unescape(String text, boolean quotes) {
        int at = text.indexOf('\\');
        if (at < 0) {
            return text;
        }
        StringBuilder result = new StringBuilder(text.length()).append(text, 0, at);
        for (int i = at; i < text.length(); i++) {
            char c = text.charAt(i);
            char next = c == '\\' && i + 1 < text.length() ? text.charAt(i + 1) : 0;
            if (next == '\\' || (next == '"' && quotes)) {
                result.append(next);
                i++;
            } else if (next == 'n') {
                result.append('\n');
                i++;
            } else {
                result.append(c);
            }
        }
        return result.toString();
    }
}
