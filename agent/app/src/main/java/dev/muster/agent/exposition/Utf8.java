package dev.muster.agent.exposition;

/// Checks that bytes are UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above
/// U+10FFFF.
final class Utf8 {
    private Utf8() {}

    /// The first byte of a sequence that is not UTF-8, or `to`.
    static int firstInvalid(byte[] bytes, int from, int to) {
        int at = from;
        while (true) {
            at = Bytes.nonAscii(bytes, at, to);
            if (at >= to) {
                return to;
            }
            int length = sequenceLength(bytes, at, to);
            if (length == 0) {
                return at;
            }
            at += length;
        }
    }

    /// How many code points are in the range, which must be UTF-8.
    static int codePoints(byte[] bytes, int from, int to) {
        int count = 0;
        for (int at = from; at < to; at++) {
            if ((bytes[at] & 0xc0) != 0x80) {
                count++;
            }
        }
        return count;
    }

    /// Length of the sequence of two to four bytes that starts at `at`; 0 where there is none.
    private static int sequenceLength(byte[] bytes, int at, int to) {
        int first = bytes[at] & 0xff;
        if (first < 0xc2 || first > 0xf4) {
            return 0;
        }
        int length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        if (to - at < length) {
            return 0;
        }
        int second = bytes[at + 1] & 0xff;
        int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < least || second > most) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
}
