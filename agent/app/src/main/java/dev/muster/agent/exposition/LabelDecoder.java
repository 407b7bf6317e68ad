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
        Labels.Builder labels = Labels.builder();
        labels.set(Labels.METRIC, text(body, reader.nameStart, reader.nameEnd));
        String bound = boundLabel(reader.family.typeOf(reader.nameStart, reader.nameEnd));
        Set<String> names = new HashSet<>();
        names.add(Labels.METRIC);
        KeyCursor key = new KeyCursor();
        key.reset(body, reader.keyStart, reader.keyEnd, reader.nameStart);
        while (key.next()) {
            String name = text(body, key.nameStart, key.nameEnd);
            if (!names.add(name)) {
                throw duplicate(reader, key.nameStart, key.nameEnd);
            }
            String value = text(body, key.valueStart, key.valueEnd);
            labels.set(name, name.equals(bound) ? NumberText.bound(value) : value);
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

    static String text(byte[] body, int from, int to) {
        return unescape(raw(body, from, to), true);
    }

    static String raw(byte[] body, int from, int to) {
        return new String(body, from, to - from, StandardCharsets.UTF_8);
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
