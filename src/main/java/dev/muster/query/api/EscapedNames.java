package dev.muster.query.api;

/// Label names in paths: one that is not of letters, digits and underscores comes as `U__` and the
/// name with `__` for an underscore and `_HEX_` for every other sign.
final class EscapedNames {
    private static final String PREFIX = "U__";

    /// Most hexadecimal digits of a code point.
    private static final int DIGITS = 6;

    private EscapedNames() {}

    /// The name that is meant; a text that is not well escaped is taken as it stands.
    static String unescape(String escaped) {
        if (!escaped.startsWith(PREFIX)) {
            return escaped;
        }
        StringBuilder name = new StringBuilder();
        int i = PREFIX.length();
        while (i < escaped.length()) {
            char c = escaped.charAt(i);
            if (c != '_') {
                name.append(c);
                i++;
                continue;
            }
            int end = escaped.indexOf('_', i + 1);
            if (end < 0 || end - i > DIGITS + 1) {
                return escaped;
            }
            if (end == i + 1) {
                name.append('_');
            } else {
                int point = point(escaped.substring(i + 1, end));
                if (point < 0) {
                    return escaped;
                }
                name.appendCodePoint(point);
            }
            i = end + 1;
        }
        return name.toString();
    }

    /// The code point, or -1.
    private static int point(String hex) {
        int point = 0;
        for (int i = 0; i < hex.length(); i++) {
            int digit = Character.digit(hex.charAt(i), 16);
            if (digit < 0 || hex.charAt(i) > 'f') {
                return -1;
            }
            point = 16 * point + digit;
        }
        boolean surrogate = point >= 0xd800 && point <= 0xdfff;
        return Character.isValidCodePoint(point) && !surrogate ? point : -1;
    }
}
