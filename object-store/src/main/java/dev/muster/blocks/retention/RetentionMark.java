package dev.muster.blocks.retention;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Says since when a day is to go. Drawn in docs/format/retention.md.
///
/// @param markedMs when that was found, Unix time
record RetentionMark(long markedMs) {
    static final int LIMIT_BYTES = 256;

    private static final Pattern TEXT =
            Pattern.compile("muster-retention 1\nmarked_ms (\\d{1,15})\n");

    byte[] encode() {
        return "muster-retention 1\nmarked_ms %d\n"
                .formatted(markedMs)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// Empty if it is no such mark.
    static Optional<RetentionMark> decode(byte[] bytes) {
        Matcher text = TEXT.matcher(new String(bytes, StandardCharsets.US_ASCII));
        return text.matches()
                ? Optional.of(new RetentionMark(Long.parseLong(text.group(1))))
                : Optional.empty();
    }
}
