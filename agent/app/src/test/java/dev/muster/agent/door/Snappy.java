package dev.muster.agent.door;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// Writes snappy blocks for tests: literals, and copies where eight bytes repeat.
public final class Snappy {
    private static final int BLOCK = 1 << 16;

    private Snappy() {}

    public static byte[] compress(byte[] in) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varint(out, in.length);
        int[] seen = new int[1 << 14];
        Arrays.fill(seen, -1);
        int literal = 0;
        for (int at = 0; at < in.length; ) {
            int match = at + 8 <= in.length ? swap(seen, in, at) : -1;
            if (match >= 0
                    && at - match < BLOCK
                    && Arrays.equals(in, match, match + 8, in, at, at + 8)) {
                literal(out, in, literal, at);
                int length = 8;
                while (length < 64
                        && at + length < in.length
                        && in[match + length] == in[at + length]) {
                    length++;
                }
                out.write(2 | (length - 1) << 2);
                out.write(at - match);
                out.write((at - match) >> 8);
                at += length;
                literal = at;
            } else {
                at++;
            }
        }
        literal(out, in, literal, in.length);
        return out.toByteArray();
    }

    private static int swap(int[] seen, byte[] in, int at) {
        int hash = 0;
        for (int i = 0; i < 8; i++) {
            hash = hash * 31 + in[at + i];
        }
        int slot = (hash * 0x9E3779B1) >>> 18;
        int before = seen[slot];
        seen[slot] = at;
        return before;
    }

    private static void literal(ByteArrayOutputStream out, byte[] in, int from, int to) {
        int length = to - from;
        if (length == 0) {
            return;
        }
        if (length <= 60) {
            out.write((length - 1) << 2);
        } else {
            out.write(62 << 2);
            out.write(length - 1);
            out.write((length - 1) >> 8);
            out.write((length - 1) >> 16);
        }
        out.write(in, from, length);
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest >= 0x80) {
            out.write(rest | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
