package dev.muster.agent.intake.influx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads lines such as `cpu,host=a usage=1.5,idle=3i 1700000000000000000`. Reused; confined to one
/// thread.
///
/// Source: https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/
final class LineReader {
    private static final int PARTS_LIMIT = 256;

    private String line = "";
    private int at;
    private final StringBuilder text = new StringBuilder();

    private String measurement = "";
    private final List<String> tags = new ArrayList<>();
    private final List<String> fields = new ArrayList<>();
    private double[] values = new double[16];
    private String timestamp = "";

    String measurement() {
        return measurement;
    }

    /// Name, value, name, value, …
    List<String> tags() {
        return tags;
    }

    /// Names of the fields that are numbers.
    List<String> fields() {
        return fields;
    }

    double value(int field) {
        return values[field];
    }

    /// As written; empty for none.
    String timestamp() {
        return timestamp;
    }

    /// @throws LineException if the line breaks a rule
    void read(String newLine) throws LineException {
        line = newLine;
        at = 0;
        tags.clear();
        fields.clear();
        measurement = word(", ", ", ");
        if (measurement.isEmpty()) {
            throw new LineException("measurement must not be empty");
        }
        while (take(',')) {
            tag();
        }
        spaces();
        do {
            field();
        } while (take(','));
        spaces();
        timestamp = line.substring(at).strip();
    }

    private void tag() throws LineException {
        String name = word("=, ", "=, ");
        if (name.isEmpty() || !take('=')) {
            throw new LineException("tag must be name=value: column=" + (at + 1));
        }
        tags.add(name);
        tags.add(word(", ", "=, "));
        if (tags.size() > 2 * PARTS_LIMIT) {
            throw new LineException("tags must be at most " + PARTS_LIMIT);
        }
    }

    private void field() throws LineException {
        String name = word("=, ", "=, ");
        if (name.isEmpty() || !take('=')) {
            throw new LineException("field must be name=value: column=" + (at + 1));
        }
        if (at < line.length() && line.charAt(at) == '"') {
            quoted();
            return;
        }
        int start = at;
        while (at < line.length() && line.charAt(at) != ',' && line.charAt(at) != ' ') {
            at++;
        }
        add(name, number(line.substring(start, at)));
    }

    private void add(String name, double value) throws LineException {
        if (fields.size() >= PARTS_LIMIT) {
            throw new LineException("fields must be at most " + PARTS_LIMIT);
        }
        if (fields.size() == values.length) {
            values = Arrays.copyOf(values, 2 * values.length);
        }
        values[fields.size()] = value;
        fields.add(name);
    }

    /// Texts are no samples.
    private void quoted() throws LineException {
        at++;
        while (at < line.length() && line.charAt(at) != '"') {
            at += line.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= line.length()) {
            throw new LineException("text must end with a quote");
        }
        at++;
    }

    private static double number(String text) throws LineException {
        switch (text) {
            case "t", "T", "true", "True", "TRUE" -> {
                return 1;
            }
            case "f", "F", "false", "False", "FALSE" -> {
                return 0;
            }
            default -> {}
        }
        String digits = text;
        if (text.endsWith("i") || text.endsWith("u")) {
            digits = text.substring(0, text.length() - 1);
            if (!digits.matches("-?[0-9]{1,20}")) {
                throw wrong(text);
            }
        } else if (!text.matches("[-+]?[0-9]*\\.?[0-9]*([eE][-+]?[0-9]{1,4})?")
                || text.length() > 64) {
            throw wrong(text);
        }
        try {
            return Double.parseDouble(digits);
        } catch (NumberFormatException e) {
            throw wrong(text);
        }
    }

    private static LineException wrong(String text) {
        return new LineException(
                "value must be a number, true, false or a text in quotes: found="
                        + (text.length() <= 40 ? text : text.substring(0, 40) + "…"));
    }

    /// Text up to one of some characters, where a backslash takes the meaning of others away.
    private String word(String ends, String escaped) {
        text.setLength(0);
        while (at < line.length()) {
            char c = line.charAt(at);
            boolean escapes =
                    c == '\\'
                            && at + 1 < line.length()
                            && escaped.indexOf(line.charAt(at + 1)) >= 0;
            if (escapes) {
                text.append(line.charAt(at + 1));
                at += 2;
            } else if (ends.indexOf(c) >= 0) {
                break;
            } else {
                text.append(c);
                at++;
            }
        }
        return text.toString();
    }

    private boolean take(char c) {
        if (at < line.length() && line.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void spaces() {
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
    }
}
