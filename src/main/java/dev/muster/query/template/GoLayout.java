package dev.muster.query.template;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Times in Go's layouts, which show how one certain time would look: `2006-01-02 15:04:05`.
final class GoLayout {
    /// Parts of a layout and what stands for them in Java's patterns; longer ones go first where
    /// one begins like another.
    private static final Map<String, String> PARTS = parts();

    private GoLayout() {}

    private static Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("January", "MMMM");
        parts.put("Jan", "MMM");
        parts.put("Monday", "EEEE");
        parts.put("Mon", "EEE");
        parts.put("MST", "z");
        parts.put("2006", "yyyy");
        parts.put("002", "DDD");
        parts.put("01", "MM");
        parts.put("02", "dd");
        parts.put("03", "hh");
        parts.put("04", "mm");
        parts.put("05", "ss");
        parts.put("06", "yy");
        parts.put("15", "HH");
        parts.put("PM", "a");
        parts.put("Z07:00", "XXX");
        parts.put("Z0700", "XX");
        parts.put("Z07", "X");
        parts.put("-07:00", "xxx");
        parts.put("-0700", "xx");
        parts.put("-07", "x");
        parts.put("1", "M");
        parts.put("2", "d");
        parts.put("3", "h");
        parts.put("4", "m");
        parts.put("5", "s");
        return parts;
    }

    static String format(String layout, ZonedDateTime time) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < layout.length()) {
            int fraction = fraction(layout, at);
            String part = fraction > 0 ? "" : part(layout, at);
            if (fraction > 0) {
                out.append(fraction(layout.substring(at, at + fraction), time));
                at += fraction;
            } else if (layout.startsWith("_2", at) && !layout.startsWith("_2006", at)) {
                out.append(String.format(Locale.ROOT, "%2d", time.getDayOfMonth()));
                at += 2;
            } else if (layout.startsWith("pm", at)) {
                out.append(time.getHour() < 12 ? "am" : "pm");
                at += 2;
            } else if (part.isEmpty()) {
                out.append(layout.charAt(at++));
            } else {
                out.append(value(part, time));
                at += part.length();
            }
        }
        return out.toString();
    }

    private static String part(String layout, int at) {
        for (String part : PARTS.keySet()) {
            if (layout.startsWith(part, at)) {
                // "Jan" begins no other word, nor does "Mon"
                boolean word = part.equals("Jan") || part.equals("Mon");
                int end = at + part.length();
                if (word && end < layout.length() && Character.isLowerCase(layout.charAt(end))) {
                    continue;
                }
                return part;
            }
        }
        return "";
    }

    private static String value(String part, ZonedDateTime time) {
        if (part.equals("MST") && time.getZone() instanceof ZoneOffset offset) {
            return offset.equals(ZoneOffset.UTC) ? "UTC" : pattern("xx", time);
        }
        return pattern(PARTS.getOrDefault(part, ""), time);
    }

    private static String pattern(String pattern, ZonedDateTime time) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).format(time);
    }

    /// Length of a fraction of a second that begins there, `.000` or `.999`; 0 if none does.
    private static int fraction(String layout, int at) {
        char c = layout.charAt(at);
        if ((c != '.' && c != ',') || at + 1 >= layout.length()) {
            return 0;
        }
        char digit = layout.charAt(at + 1);
        if (digit != '0' && digit != '9') {
            return 0;
        }
        int end = at + 1;
        while (end < layout.length() && layout.charAt(end) == digit) {
            end++;
        }
        boolean more = end < layout.length() && Character.isDigit(layout.charAt(end));
        return more || end - at > 10 ? 0 : end - at;
    }

    private static String fraction(String layout, ZonedDateTime time) {
        String digits =
                String.format(Locale.ROOT, "%09d", time.getNano())
                        .substring(0, layout.length() - 1);
        if (layout.charAt(1) == '9') {
            digits = digits.replaceFirst("0+$", "");
        }
        return digits.isEmpty() ? "" : layout.charAt(0) + digits;
    }
}
