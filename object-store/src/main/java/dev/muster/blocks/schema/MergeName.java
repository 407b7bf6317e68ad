package dev.muster.blocks.schema;

import dev.muster.model.labels.Xxh3;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of a merge, which follows from what was merged, and which part of its outcome a block
/// is: `m0123456789abcdef`, or `m0123456789abcdef.1of4` where the outcome is divided by metric.
///
/// @param hash 16 hex digits that follow from what was merged
/// @param part which part, from 1 on
/// @param parts how many there are; 1 to 1,024
public record MergeName(String hash, int part, int parts) {
    /// Most parts of one merge.
    public static final int PARTS_LIMIT = 1_024;

    private static final Pattern TEXT =
            Pattern.compile("m([0-9a-f]{16})(?:\\.(\\d{1,4})of(\\d{1,4}))?");

    public MergeName {
        if (!hash.matches("[0-9a-f]{16}") || part < 1 || part > parts || parts > PARTS_LIMIT) {
            throw new IllegalArgumentException(
                    "merge name: must have 16 hex digits and a part that there is: hash=%s, part=%d, parts=%d"
                            .formatted(hash, part, parts));
        }
    }

    /// As it stands in a key.
    public String text() {
        return "m" + hash + (parts == 1 ? "" : "." + part + "of" + parts);
    }

    /// Empty if the text is no such name.
    public static Optional<MergeName> of(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            MergeName name =
                    matcher.group(2) == null
                            ? new MergeName(matcher.group(1), 1, 1)
                            : new MergeName(
                                    matcher.group(1),
                                    Integer.parseInt(matcher.group(2)),
                                    Integer.parseInt(matcher.group(3)));
            return name.text().equals(text) ? Optional.of(name) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Does this part have the series of a metric?
    public boolean holds(String metric) {
        return parts == 1 || partOf(metric, parts) == part;
    }

    /// The part, from 1 on, that has the series of a metric: by XXH3-64 of its name, unsigned.
    public static int partOf(String metric, int parts) {
        byte[] bytes = metric.getBytes(StandardCharsets.UTF_8);
        return 1 + (int) Long.remainderUnsigned(Xxh3.hash(bytes, bytes.length), parts);
    }
}
