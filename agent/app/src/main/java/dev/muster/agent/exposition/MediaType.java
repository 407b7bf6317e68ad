package dev.muster.agent.exposition;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A `Content-Type` taken apart.
///
/// @param name type and subtype in lower case
/// @param parameters by name in lower case
record MediaType(String name, Map<String, String> parameters) {
    MediaType {
        parameters = Map.copyOf(parameters);
    }

    /// @return null if the text is no media type
    static @Nullable MediaType parse(String text) {
        int end = text.indexOf(';');
        String name = (end < 0 ? text : text.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        int slash = name.indexOf('/');
        if (slash < 0 || tokenEnd(name, 0) != slash || slash + 1 == name.length()) {
            return null;
        }
        if (tokenEnd(name, slash + 1) != name.length()) {
            return null;
        }
        @Nullable Map<String, String> parameters = parameters(text, end < 0 ? text.length() : end);
        return parameters == null ? null : new MediaType(name, parameters);
    }

    private static @Nullable Map<String, String> parameters(String text, int from) {
        Map<String, String> result = new HashMap<>();
        int at = blanksEnd(text, from);
        while (at < text.length()) {
            int start = blanksEnd(text, at + 1);
            if (text.charAt(at) != ';') {
                return null;
            }
            if (start == text.length()) {
                return result;
            }
            int equals = tokenEnd(text, start);
            if (equals == start || equals >= text.length() || text.charAt(equals) != '=') {
                return null;
            }
            boolean quoted = equals + 1 < text.length() && text.charAt(equals + 1) == '"';
            int open = quoted ? equals + 2 : equals + 1;
            int close = quoted ? text.indexOf('"', open) : tokenEnd(text, open);
            if (close < 0 || (close == open && !quoted)) {
                return null;
            }
            String name = text.substring(start, equals).toLowerCase(Locale.ROOT);
            if (result.put(name, text.substring(open, close)) != null) {
                return null;
            }
            at = blanksEnd(text, quoted ? close + 1 : close);
        }
        return result;
    }

    private static int blanksEnd(String text, int from) {
        int at = from;
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        return at;
    }

    private static int tokenEnd(String text, int from) {
        int at = from;
        while (at < text.length()
                && text.charAt(at) > ' '
                && text.charAt(at) < 0x7f
                && "()<>@,;:\\\"/[]?=".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }
}
