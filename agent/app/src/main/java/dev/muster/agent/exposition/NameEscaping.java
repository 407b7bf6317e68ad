package dev.muster.agent.exposition;

import org.jspecify.annotations.Nullable;

/// How metric and label names outside of `[a-zA-Z_:][a-zA-Z0-9_:]*` go to a reader that may not
/// take them: as they are, or written with the characters that every reader takes.
public enum NameEscaping {
    /// As they are, in quotes where the format has names in quotes.
    ALLOW_UTF_8("allow-utf-8"),
    /// Every other character becomes an underscore: short, and not to be undone.
    UNDERSCORES("underscores"),
    /// A dot becomes `_dot_`, an underscore and every other character two underscores.
    DOTS("dots"),
    /// `U__` and the name, an underscore as two and every other character as its number in
    /// hexadecimal between underscores: can be undone.
    VALUES("values");

    private final String text;

    NameEscaping(String text) {
        this.text = text;
    }

    /// The escaping of that name in a configuration or a header; null where there is none.
    public static @Nullable NameEscaping named(String text) {
        for (NameEscaping escaping : values()) {
            if (escaping.text.equals(text)) {
                return escaping;
            }
        }
        return null;
    }

    /// The name in configurations and headers, such as `allow-utf-8`.
    public String text() {
        return text;
    }

    /// The name as this escaping writes it.
    public String escape(String name) {
        return switch (this) {
            case ALLOW_UTF_8 -> name;
            case UNDERSCORES -> isPlain(name) ? name : underscores(name);
            case DOTS -> dots(name);
            case VALUES -> isPlain(name) ? name : values(name);
        };
    }

    /// Is it a name that every reader takes?
    static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (!isPlain(name.charAt(i), i)) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean isPlain(int c, int at) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '_'
                || c == ':'
                || (c >= '0' && c <= '9' && at > 0);
    }

    private static String underscores(String name) {
        StringBuilder result = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i = name.offsetByCodePoints(i, 1)) {
            int c = name.codePointAt(i);
            result.append(isPlain(c, i) ? (char) c : '_');
        }
        return result.toString();
    }

    private static String dots(String name) {
        StringBuilder result = new StringBuilder(name.length() + 16);
        for (int i = 0; i < name.length(); i = name.offsetByCodePoints(i, 1)) {
            int c = name.codePointAt(i);
            if (c == '.') {
                result.append("_dot_");
            } else if (c == '_' || !isPlain(c, i)) {
                result.append("__");
            } else {
                result.append((char) c);
            }
        }
        return result.toString();
    }

    private static String values(String name) {
        StringBuilder result = new StringBuilder(name.length() + 16).append("U__");
        for (int i = 0; i < name.length(); i = name.offsetByCodePoints(i, 1)) {
            int c = name.codePointAt(i);
            if (c == '_') {
                result.append("__");
            } else if (isPlain(c, i)) {
                result.append((char) c);
            } else {
                result.append('_').append(Integer.toHexString(c)).append('_');
            }
        }
        return result.toString();
    }
}
