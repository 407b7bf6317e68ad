package dev.muster.agent.intake.otlp;

import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ExpositionLimits;
import dev.muster.agent.exposition.WireReader;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/// Reads attributes: keys and values of any kind, which become text. Confined to one thread.
final class OtlpAttributes {
    private static final ExpositionLimits LIMITS = ExpositionLimits.DEFAULT;
    private static final int DEPTH_LIMIT = 8;

    private final WireReader pair = new WireReader();

    /// Adds a `KeyValue` message.
    void add(byte[] bytes, int from, int to, Map<String, String> into) throws ExpositionException {
        String key = "";
        String value = "";
        pair.reset(bytes, from, to);
        while (pair.next()) {
            switch (pair.field()) {
                case 1 -> key = pair.text("attribute key", LIMITS.nameLength());
                case 2 -> {
                    pair.content();
                    value = text(bytes, pair.start(), pair.stop());
                }
                default -> pair.skip();
            }
        }
        if (!key.isEmpty() && into.size() < LIMITS.labelCount()) {
            into.put(key, value);
        }
    }

    private static String text(byte[] bytes, int from, int to) throws ExpositionException {
        WireReader in = new WireReader();
        in.reset(bytes, from, to);
        String text = "";
        while (in.next()) {
            if (in.field() == 1) {
                text = in.text("attribute value", LIMITS.valueLength());
            } else {
                text = other(in, bytes, 0, false);
            }
        }
        return text;
    }

    /// The value of the field that the reader stands at.
    private static String other(WireReader in, byte[] bytes, int depth, boolean nested)
            throws ExpositionException {
        switch (in.field()) {
            case 1 -> {
                return quoted(in.text("attribute value", LIMITS.valueLength()));
            }
            case 2 -> {
                return in.number() != 0 ? "true" : "false";
            }
            case 3 -> {
                return Long.toString(in.number());
            }
            case 4 -> {
                return real(in.real());
            }
            case 5, 6 -> {
                boolean array = in.field() == 5;
                in.content();
                return depth < DEPTH_LIMIT
                        ? list(bytes, in.start(), in.stop(), array, depth + 1)
                        : "null";
            }
            case 7 -> {
                in.content();
                byte[] content = Arrays.copyOfRange(bytes, in.start(), in.stop());
                String text = Base64.getEncoder().encodeToString(content);
                return nested ? quoted(text) : text;
            }
            default -> {
                in.skip();
                return nested ? "null" : "";
            }
        }
    }

    private static String list(byte[] bytes, int from, int to, boolean array, int depth)
            throws ExpositionException {
        StringBuilder text = new StringBuilder(array ? "[" : "{");
        Map<String, String> entries = new TreeMap<>();
        WireReader in = new WireReader();
        in.reset(bytes, from, to);
        while (in.next()) {
            if (in.field() != 1) {
                in.skip();
                continue;
            }
            in.content();
            if (array) {
                text.append(text.length() > 1 ? "," : "")
                        .append(nested(bytes, in.start(), in.stop(), depth));
            } else {
                entry(bytes, in.start(), in.stop(), depth, entries);
            }
        }
        entries.forEach((key, value) ->
                text.append(text.length() > 1 ? "," : "")
                        .append(quoted(key))
                        .append(':')
                        .append(value));
        return text.append(array ? ']' : '}').toString();
    }

    private static void entry(
            byte[] bytes, int from, int to, int depth, Map<String, String> entries)
            throws ExpositionException {
        WireReader in = new WireReader();
        in.reset(bytes, from, to);
        String key = "";
        String value = "null";
        while (in.next()) {
            switch (in.field()) {
                case 1 -> key = in.text("attribute key", LIMITS.nameLength());
                case 2 -> {
                    in.content();
                    value = nested(bytes, in.start(), in.stop(), depth);
                }
                default -> in.skip();
            }
        }
        entries.put(key, value);
    }

    private static String nested(byte[] bytes, int from, int to, int depth)
            throws ExpositionException {
        WireReader in = new WireReader();
        in.reset(bytes, from, to);
        String text = "null";
        while (in.next()) {
            text = other(in, bytes, depth, true);
        }
        return text;
    }

    private static String real(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static String quoted(String text) {
        StringBuilder result = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                result.append('\\').append(c);
            } else if (c < 0x20) {
                result.append("\\u%04x".formatted((int) c));
            } else {
                result.append(c);
            }
        }
        return result.append('"').toString();
    }
}
