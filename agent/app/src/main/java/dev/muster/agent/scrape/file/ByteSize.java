package dev.muster.agent.scrape.file;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sizes as Prometheus writes them: `64MB`, `1GiB`, powers of 1024 either way; a bare number is
/// bytes.
public final class ByteSize {
    private static final Pattern SYNTAX = Pattern.compile("(\\d{1,15})(?:([KMGTP]?)i?B)?");
    private static final String PREFIXES = "KMGTP";

    private ByteSize() {}

    /// Empty if `text` is no such size or too large for a `long`.
    public static OptionalLong parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        String prefix = matcher.group(2);
        int shift = prefix == null || prefix.isEmpty() ? 0 : 10 * (PREFIXES.indexOf(prefix) + 1);
        return count > Long.MAX_VALUE >> shift
                ? OptionalLong.empty()
                : OptionalLong.of(count << shift);
    }
}
