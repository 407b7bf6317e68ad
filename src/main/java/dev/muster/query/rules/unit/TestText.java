package dev.muster.query.rules.unit;

import dev.muster.model.labels.Labels;
import dev.muster.query.template.GoText;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What is expected and what is found, as promtool shows them.
final class TestText {
    private static final long[] UNIT_MS = {3_600_000, 60_000};

    private TestText() {}

    static String labels(SortedMap<String, String> labels) {
        return labels.entrySet().stream()
                .map(TestText::label)
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String label(Map.Entry<String, String> label) {
        return label.getKey() + "=" + GoText.quoted(label.getValue());
    }

    static SortedMap<String, String> map(Labels labels) {
        SortedMap<String, String> map = new TreeMap<>();
        labels.forEach(map::put);
        return map;
    }

    static String alerts(List<TestFile.ExpectedAlert> alerts) {
        if (alerts.isEmpty()) {
            return "[]";
        }
        StringBuilder text = new StringBuilder("[\n");
        for (int i = 0; i < alerts.size(); i++) {
            text.append(i == 0 ? "" : ",\n")
                    .append(i)
                    .append(':')
                    .append(indented("\n" + alerts.get(i), "  "));
        }
        return text.append("\n]").toString();
    }

    static String indented(String lines, String indent) {
        return lines.replace("\n", "\n" + indent);
    }

    /// A duration as Go prints it: `1m0s`.
    static String goDuration(long ms) {
        if (ms == 0) {
            return "0s";
        }
        if (ms < 1_000) {
            return ms + "ms";
        }
        StringBuilder text = new StringBuilder();
        long rest = ms;
        for (int i = 0; i < UNIT_MS.length; i++) {
            if (ms >= UNIT_MS[i]) {
                text.append(rest / UNIT_MS[i]).append(i == 0 ? "h" : "m");
                rest %= UNIT_MS[i];
            }
        }
        return text.append(GoText.number(rest / 1000.0, 'f', -1)).append('s').toString();
    }
}
