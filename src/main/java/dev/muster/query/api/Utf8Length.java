package dev.muster.query.api;

/// How long texts are as UTF-8.
final class Utf8Length {
    private Utf8Length() {}

    static long of(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else {
                // each half of a pair of surrogates is half of four bytes
                bytes += Character.isSurrogate(c) ? 2 : 3;
            }
        }
        return bytes;
    }
}
