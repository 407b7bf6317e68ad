package dev.muster.query.remote;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.LabelText;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/// Writes last samples as text, in Prometheus' format or as OpenMetrics. The types of families are
/// not told, but that of histograms: neither does Prometheus. Owned by one thread.
final class FederationText {
    private static final int PIECE_CHARS = 16 << 10;
    private static final double MILLIS_PER_SECOND = 1e3;

    private final FederationFormat format;
    private final DoubleFunction<String> numbers;
    private final boolean openMetrics;
    private final StringBuilder text = new StringBuilder();

    /// @param numbers writes values
    FederationText(FederationFormat format, DoubleFunction<String> numbers) {
        this.format = format;
        this.numbers = numbers;
        openMetrics = format.kind() == FederationFormat.Kind.OPENMETRICS;
    }

    void write(Collection<Federation.Last> all, OutputStream out) throws IOException {
        String family = "";
        boolean histograms = false;
        for (Federation.Last last : all) {
            String name = format.metric(last.labels().metric());
            boolean histogram = last.histogram() != null;
            if (!name.equals(family) || histogram != histograms) {
                text.append("# TYPE ").append(bare(name)).append(' ').append(type(histogram));
                text.append('\n');
            }
            family = name;
            histograms = histogram;
            write(name, last);
            if (text.length() >= PIECE_CHARS) {
                flush(out);
            }
        }
        if (openMetrics) {
            text.append("# EOF\n");
        }
        flush(out);
    }

    private void flush(OutputStream out) throws IOException {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        text.setLength(0);
    }

    private String type(boolean histogram) {
        if (histogram) {
            return "histogram";
        }
        return openMetrics ? "unknown" : "untyped";
    }

    private void write(String name, Federation.Last last) {
        NativeHistogram histogram = last.histogram();
        if (histogram == null) {
            line(name, last, null, last.value());
            return;
        }
        line(name + "_bucket", last, "+Inf", histogram.count());
        line(name + "_sum", last, null, histogram.sum());
        line(name + "_count", last, null, histogram.count());
    }

    /// @param le value of the label of that name; null for none
    private void line(String name, Federation.Last last, @Nullable String le, double value) {
        boolean legacy = LabelText.isLegacyMetricName(name);
        int start = text.length();
        if (legacy) {
            text.append(name);
        }
        int open = text.length();
        text.append('{');
        if (!legacy) {
            quoted(name);
            text.append(',');
        }
        Labels labels = last.labels();
        for (int i = 0; i < labels.size(); i++) {
            if (!labels.name(i).equals(Labels.METRIC)) {
                label(format.label(labels.name(i)), labels.value(i));
            }
        }
        if (labels.get("instance") == null) {
            label("instance", "");
        }
        if (le != null) {
            label("le", le);
        }
        if (text.length() == open + 1) {
            text.setLength(Math.max(open, start));
        } else {
            text.setCharAt(text.length() - 1, '}');
        }
        text.append(' ').append(numbers.apply(value)).append(' ');
        if (openMetrics) {
            text.append(numbers.apply(last.timestampMs() / MILLIS_PER_SECOND));
        } else {
            text.append(last.timestampMs());
        }
        text.append('\n');
    }

    private void label(String name, String value) {
        text.append(bare(name)).append('=');
        quoted(value);
        text.append(',');
    }

    private String bare(String name) {
        if (LabelText.isLegacyMetricName(name)) {
            return name;
        }
        int start = text.length();
        quoted(name);
        String quoted = text.substring(start);
        text.setLength(start);
        return quoted;
    }

    private void quoted(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '"' -> text.append("\\\"");
                case '\n' -> text.append("\\n");
                default -> text.append(c);
            }
        }
        text.append('"');
    }
}
