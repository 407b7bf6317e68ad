package dev.muster.agent.intake.statsd;

import dev.muster.agent.exposition.NameEscaping;
import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One line of a packet: `name:value|type|@rate|#tag:value,tag`. One with more or longer parts than
/// its limits is none.
///
/// @param series labels, the name escaped
/// @param kind what it measures
/// @param values one or more, as text
/// @param rate part of the events that were sent; 1e-6 to 1
record StatsdLine(Labels series, Kind kind, List<String> values, double rate) {
    private static final int VALUES_LIMIT = 1_000;
    private static final int TAGS_LIMIT = 64;
    private static final int TEXT_LIMIT = 1_024;
    private static final double LEAST_RATE = 1e-6;

    /// What a line measures.
    enum Kind {
        COUNTER,
        GAUGE,
        /// Milliseconds, stored as seconds.
        TIMER,
        HISTOGRAM,
        SET
    }

    /// @return empty if the line is none
    static Optional<StatsdLine> of(String line) {
        int bar = line.indexOf('|');
        int colon = bar < 0 ? -1 : line.indexOf(':');
        if (colon < 1 || colon > bar || colon > TEXT_LIMIT) {
            return Optional.empty();
        }
        List<String> sections = split(line.substring(bar + 1), '|', 8);
        Optional<Kind> kind = kind(sections.getFirst());
        if (kind.isEmpty()) {
            return Optional.empty();
        }
        double rate = 1;
        Labels.Builder labels = Labels.builder();
        labels.set(Labels.METRIC, NameEscaping.UNDERSCORES.escape(line.substring(0, colon)));
        labels.set("job", "statsd");
        for (String section : sections.subList(1, sections.size())) {
            if (section.startsWith("@")) {
                rate = rate(section.substring(1));
            } else if (section.startsWith("#") && !tags(section.substring(1), labels)) {
                return Optional.empty();
            }
        }
        List<String> values = split(line.substring(colon + 1, bar), ':', VALUES_LIMIT + 1);
        if (!(rate >= LEAST_RATE && rate <= 1) || values.size() > VALUES_LIMIT) {
            return Optional.empty();
        }
        return Optional.of(new StatsdLine(labels.build(), kind.get(), values, rate));
    }

    private static Optional<Kind> kind(String text) {
        return switch (text) {
            case "c" -> Optional.of(Kind.COUNTER);
            case "g" -> Optional.of(Kind.GAUGE);
            case "ms" -> Optional.of(Kind.TIMER);
            case "h", "d" -> Optional.of(Kind.HISTOGRAM);
            case "s" -> Optional.of(Kind.SET);
            default -> Optional.empty();
        };
    }

    private static double rate(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /// @return false if there are too many, or one is too long
    private static boolean tags(String text, Labels.Builder labels) {
        List<String> tags = split(text, ',', TAGS_LIMIT + 1);
        for (String tag : tags) {
            int colon = tag.indexOf(':');
            String name = colon < 0 ? tag : tag.substring(0, colon);
            String value = colon < 0 ? "true" : tag.substring(colon + 1);
            if (name.length() > TEXT_LIMIT || value.length() > TEXT_LIMIT) {
                return false;
            }
            String label = NameEscaping.UNDERSCORES.escape(name).replace(':', '_');
            if (!name.isEmpty() && !label.startsWith("__")) {
                labels.set(label, value);
            }
        }
        return tags.size() <= TAGS_LIMIT;
    }

    private static List<String> split(String text, char by, int limit) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        while (parts.size() < limit) {
            int end = text.indexOf(by, start);
            parts.add(end < 0 ? text.substring(start) : text.substring(start, end));
            if (end < 0) {
                break;
            }
            start = end + 1;
        }
        return parts;
    }
}
