package dev.muster.promql;

import java.nio.charset.StandardCharsets;

/// A part of the query's text.
///
/// @param start index of its first char
/// @param end index after its last char
public record Position(int start, int end) {
    public Position {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException(
                    "position must be ascending: start=" + start + ", end=" + end);
        }
    }

    /// From the start of this part to the end of the other.
    Position to(Position other) {
        return new Position(start, Math.max(start, other.end));
    }

    /// Line and column of the start, `1:5`: both from 1, the column in bytes of UTF-8.
    public String of(String query) {
        if (query.isEmpty()) {
            return "unknown position";
        }
        if (start > query.length()) {
            return "invalid position";
        }
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < start; i++) {
            if (query.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        int bytes = query.substring(lineStart, start).getBytes(StandardCharsets.UTF_8).length;
        return line + ":" + (bytes + 1);
    }
}
