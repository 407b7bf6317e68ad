package dev.muster.model.labels;

/// How label names and values are written in PromQL and in expositions.
public final class LabelText {
    private LabelText() {}

    /// Does it match `[a-zA-Z_:][a-zA-Z0-9_:]*`, so that it needs no quotes as a metric name?
    public static boolean isLegacyMetricName(String text) {
        return isIdentifier(text, true);
    }

    /// Does it match `[a-zA-Z_][a-zA-Z0-9_]*`, so that it needs no quotes as a label name?
    public static boolean isLegacyLabelName(String text) {
        return isIdentifier(text, false);
    }

    /// The label name, in quotes where it needs them.
    public static String name(String name) {
        return isLegacyLabelName(name) ? name : quoted(name);
    }

    /// The text in double quotes, with backslash, quote and control characters escaped.
    public static String quoted(String text) {
        StringBuilder result = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> result.append("\\\\");
                case '"' -> result.append("\\\"");
                case '\n' -> result.append("\\n");
                case '\r' -> result.append("\\r");
                case '\t' -> result.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        result.append("\\x")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        result.append(c);
                    }
                }
            }
        }
        return result.append('"').toString();
    }

    private static boolean isIdentifier(String text, boolean colons) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || c == '_'
                            || (colons && c == ':');
            boolean digit = c >= '0' && c <= '9';
            if (!letter && (!digit || i == 0)) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
