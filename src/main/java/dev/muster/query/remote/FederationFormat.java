package dev.muster.query.remote;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/// How last samples are written.
///
/// @param kind of the format
/// @param utf8 whether names may be anything, in quotes where they need them
public record FederationFormat(Kind kind, boolean utf8) {
    /// Formats there are.
    public enum Kind {
        /// Text format 0.0.4.
        TEXT,
        /// OpenMetrics 1.0.0.
        OPENMETRICS,
        /// Messages of metric families, each after its length.
        PROTOBUF
    }

    private record Wish(Kind kind, boolean utf8, double weight) {}

    /// The format that a client likes best; text where it names none that there is.
    ///
    /// @param accept value of the header; empty where there is none
    public static FederationFormat of(String accept) {
        List<Wish> wishes = new ArrayList<>();
        for (String part : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            wish(part, wishes);
        }
        // of two with one weight the one named first: the sort is stable
        wishes.sort(Comparator.comparingDouble(Wish::weight).reversed());
        return wishes.isEmpty()
                ? new FederationFormat(Kind.TEXT, false)
                : new FederationFormat(wishes.getFirst().kind(), wishes.getFirst().utf8());
    }

    private static void wish(String part, List<Wish> wishes) {
        String[] words = part.split(";", -1);
        boolean utf8 = false;
        boolean delimited = false;
        String version = "";
        double weight = 1;
        for (int i = 1; i < words.length; i++) {
            String word = words[i].strip();
            utf8 |= word.equals("escaping=allow-utf-8");
            delimited |= word.equals("encoding=delimited");
            if (word.startsWith("version=")) {
                version = word.substring("version=".length());
            } else if (word.startsWith("q=")) {
                weight = weight(word.substring(2));
            }
        }
        switch (words[0].strip()) {
            case "application/openmetrics-text" -> {
                if (version.isEmpty() || version.startsWith("1.")) {
                    wishes.add(new Wish(Kind.OPENMETRICS, utf8, weight));
                }
            }
            case "application/vnd.google.protobuf" -> {
                if (delimited) {
                    wishes.add(new Wish(Kind.PROTOBUF, utf8, weight));
                }
            }
            case "text/plain", "text/*", "*/*" -> wishes.add(new Wish(Kind.TEXT, utf8, weight));
            default -> {}
        }
    }

    private static double weight(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /// The type that the answer has.
    public String contentType() {
        String type =
                switch (kind) {
                    case TEXT -> "text/plain; version=0.0.4; charset=utf-8";
                    case OPENMETRICS ->
                            "application/openmetrics-text; version=1.0.0; charset=utf-8";
                    case PROTOBUF ->
                            "application/vnd.google.protobuf;"
                                + " proto=io.prometheus.client.MetricFamily; encoding=delimited";
                };
        return utf8 ? type + "; escaping=allow-utf-8" : type;
    }

    /// Writes samples in this format.
    ///
    /// @param numbers writes values where the format is text
    public void write(
            Collection<Federation.Last> all, DoubleFunction<String> numbers, OutputStream out)
            throws IOException {
        switch (kind) {
            case TEXT, OPENMETRICS -> new FederationText(this, numbers).write(all, out);
            case PROTOBUF -> new FederationMessages(this).write(all, out);
        }
    }

    /// The name as this format takes it.
    String metric(String name) {
        return escaped(name, true);
    }

    String label(String name) {
        return escaped(name, false);
    }

    private String escaped(String name, boolean colons) {
        if (utf8) {
            return name;
        }
        StringBuilder text = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
            int c = name.codePointAt(i);
            boolean letter =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || c == '_'
                            || (colons && c == ':');
            boolean digit = c >= '0' && c <= '9';
            text.append(letter || (digit && i > 0) ? (char) c : '_');
        }
        return text.toString();
    }
}
