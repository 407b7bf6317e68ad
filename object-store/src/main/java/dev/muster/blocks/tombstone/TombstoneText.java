package dev.muster.blocks.tombstone;

import dev.muster.model.labels.InvalidPatternException;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.time.TimeRange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// Tombstones as the text of an object: see `docs/format/tombstones.md`.
final class TombstoneText {
    private static final String HEAD = "muster-tombstone 1";
    private static final String SUM = "crc32c ";

    private TombstoneText() {}

    static byte[] encode(Tombstone tombstone) {
        StringBuilder text = new StringBuilder(HEAD).append('\n');
        text.append("id ").append(tombstone.id()).append('\n');
        text.append("created_ms ").append(tombstone.createdMs()).append('\n');
        text.append("start_ms ").append(tombstone.range().startMs()).append('\n');
        text.append("end_ms ").append(tombstone.range().endMs()).append('\n');
        for (LabelMatcher matcher : tombstone.matchers()) {
            text.append("match ").append(kind(matcher)).append(' ');
            text.append(escaped(matcher.name())).append(' ').append(escaped(value(matcher)));
            text.append('\n');
        }
        String sum = sum(text.toString());
        text.append(SUM).append(sum).append('\n');
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// @throws IllegalArgumentException if it is no tombstone, or one that this version cannot read
    static Tombstone decode(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        int sumAt = text.lastIndexOf(SUM);
        if (sumAt < 0
                || !text.substring(sumAt).equals(SUM + sum(text.substring(0, sumAt)) + "\n")) {
            throw new IllegalArgumentException("tombstone: checksum must match");
        }
        String[] lines = text.substring(0, sumAt).split("\n", -1);
        if (!lines[0].equals(HEAD) || lines.length < 7) {
            throw new IllegalArgumentException("tombstone: version must be 1: found=" + lines[0]);
        }
        List<LabelMatcher> matchers = new ArrayList<>();
        for (int i = 5; i < lines.length - 1; i++) {
            matchers.add(matcher(lines[i]));
        }
        return new Tombstone(
                field(lines[1], "id "),
                number(lines[2], "created_ms "),
                new TimeRange(number(lines[3], "start_ms "), number(lines[4], "end_ms ")),
                matchers);
    }

    private static LabelMatcher matcher(String line) {
        String[] words = field(line, "match ").split(" ", -1);
        if (words.length != 3) {
            throw new IllegalArgumentException("tombstone: line must be a matcher: found=" + line);
        }
        String name = plain(words[1]);
        String value = plain(words[2]);
        try {
            return switch (words[0]) {
                case "=" -> LabelMatcher.equal(name, value);
                case "!=" -> LabelMatcher.notEqual(name, value);
                case "=~" -> LabelMatcher.regex(name, value);
                case "!~" -> LabelMatcher.notRegex(name, value);
                default ->
                        throw new IllegalArgumentException(
                                "tombstone: matcher must be known: found=" + words[0]);
            };
        } catch (InvalidPatternException e) {
            throw new IllegalArgumentException("tombstone: pattern must be valid: " + line, e);
        }
    }

    private static String kind(LabelMatcher matcher) {
        return switch (matcher) {
            case LabelMatcher.Equal(_, _) -> "=";
            case LabelMatcher.NotEqual(_, _) -> "!=";
            case LabelMatcher.Regex(_, _) -> "=~";
            case LabelMatcher.NotRegex(_, _) -> "!~";
        };
    }

    private static String value(LabelMatcher matcher) {
        return switch (matcher) {
            case LabelMatcher.Equal(_, var value) -> value;
            case LabelMatcher.NotEqual(_, var value) -> value;
            case LabelMatcher.Regex(_, var pattern) -> pattern.text();
            case LabelMatcher.NotRegex(_, var pattern) -> pattern.text();
        };
    }

    private static long number(String line, String name) {
        return Long.parseLong(field(line, name));
    }

    private static String field(String line, String name) {
        if (!line.startsWith(name)) {
            throw new IllegalArgumentException(
                    "tombstone: line must start with its name: expected="
                            + name.strip()
                            + ", found="
                            + line);
        }
        return line.substring(name.length());
    }

    /// Spaces, line ends and percent signs would be taken for others.
    private static String escaped(String text) {
        return text.replace("%", "%25")
                .replace(" ", "%20")
                .replace("\n", "%0A")
                .replace("\r", "%0D");
    }

    private static String plain(String text) {
        return text.replace("%0D", "\r")
                .replace("%0A", "\n")
                .replace("%20", " ")
                .replace("%25", "%");
    }

    private static String sum(String text) {
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(sum.getValue());
    }
}
