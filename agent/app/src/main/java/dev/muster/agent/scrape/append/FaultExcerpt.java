package dev.muster.agent.scrape.append;

import java.nio.charset.StandardCharsets;

/// The text of a body around a fault, for people: at most [#LIMIT_BYTES] of one line, what cannot
/// be shown written as an escape.
final class FaultExcerpt {
    static final int LIMIT_BYTES = 160;
    private static final String CUT = "…";

    private FaultExcerpt() {}

    /// @param line from 1; an excerpt of no line is empty
    /// @param column byte within the line, from 1
    static String of(ScrapeBody body, int line, int column) {
        if (line < 1) {
            return "";
        }
        byte[] bytes = body.bytes();
        int start = startOf(bytes, body.length(), line);
        int end = start;
        while (end < body.length() && bytes[end] != '\n') {
            end++;
        }
        int from = start;
        int to = end;
        if (end - start > LIMIT_BYTES) {
            int fault = Math.min(end, start + Math.max(0, column - 1));
            from = Math.max(start, Math.min(fault - LIMIT_BYTES / 2, end - LIMIT_BYTES));
            to = from + LIMIT_BYTES;
        }
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        return (from > start ? CUT : "") + shown(text) + (to < end ? CUT : "");
    }

    private static int startOf(byte[] bytes, int length, int line) {
        int at = 0;
        for (int left = line - 1; left > 0 && at < length; at++) {
            if (bytes[at] == '\n') {
                left--;
            }
        }
        return at;
    }

    private static String shown(String text) {
        StringBuilder result = new StringBuilder(text.length());
        text.codePoints()
                .forEach(point -> {
                    if (point == '\t' || !Character.isISOControl(point)) {
                        result.appendCodePoint(point);
                    } else {
                        result.append("\\x%02x".formatted(point));
                    }
                });
        return result.toString();
    }
}
