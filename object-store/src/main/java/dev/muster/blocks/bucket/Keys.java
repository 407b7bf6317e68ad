package dev.muster.blocks.bucket;

import java.nio.charset.StandardCharsets;

/// What is a key and what is not.
final class Keys {
    /// S3 allows 1,024 bytes, a prefix among them.
    private static final int LONGEST_BYTES = 900;

    private Keys() {}

    static void check(String key) {
        for (String part : key.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw new IllegalArgumentException(
                        "bucket key: no part may be empty, a dot or two dots: found=" + key);
            }
        }
        if (key.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == '\\')
                || key.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
            throw new IllegalArgumentException(
                    "bucket key: must have at most "
                            + LONGEST_BYTES
                            + " bytes and no control character or backslash: found="
                            + key);
        }
    }

    /// A prefix may be empty and may end within a part.
    static void checkPrefix(String prefix) {
        if (!prefix.isEmpty()) {
            check(prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix);
        }
    }

    static void checkRange(String key, long offset, int length) {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException(
                    "bucket range key=%s: must not be negative: offset=%d, length=%d"
                            .formatted(key, offset, length));
        }
    }

    static BucketException endsBefore(
            String where, String key, long offset, int length, long found) {
        return new BucketException(
                BucketException.Kind.REFUSED,
                "%s range key=%s offset=%d: object must hold the range: length=%d, found=%d"
                        .formatted(where, key, offset, length, found),
                null);
    }

    static BucketException notFound(String where, String operation, String key) {
        return new BucketException(
                BucketException.Kind.NOT_FOUND,
                "%s %s key=%s: object must exist".formatted(where, operation, key),
                null);
    }
}
