package dev.muster.bench;

import dev.muster.model.labels.Labels;

/// Lines of the OpenMetrics text format.
final class OpenMetrics {
    private OpenMetrics() {}

    static String line(Labels labels, double value, long timeMs) {
        StringBuilder out = series(labels);
        sample(out, value, timeMs);
        return out.toString();
    }

    /// Name and labels, as they stand before a value.
    static StringBuilder series(Labels labels) {
        StringBuilder out = new StringBuilder(labels.metric()).append('{');
        labels.forEach((name, text) -> {
            if (!name.equals(Labels.METRIC)) {
                out.append(name).append("=\"").append(text).append("\",");
            }
        });
        out.setCharAt(out.length() - 1, '}');
        return out;
    }

    static void sample(StringBuilder out, double value, long timeMs) {
        out.append(' ');
        number(out, value);
        out.append(' ').append(timeMs / 1_000).append('.');
        long millis = timeMs % 1_000;
        out.append((char) ('0' + millis / 100))
                .append((char) ('0' + millis / 10 % 10))
                .append((char) ('0' + millis % 10));
    }

    static void number(StringBuilder out, double value) {
        if (Double.isNaN(value)) {
            out.append("NaN");
        } else if (Double.isInfinite(value)) {
            out.append(value > 0 ? "+Inf" : "-Inf");
        } else if (value == Math.rint(value) && Math.abs(value) < 1e15 && value != 0) {
            out.append((long) value);
        } else {
            out.append(value);
        }
    }
}
