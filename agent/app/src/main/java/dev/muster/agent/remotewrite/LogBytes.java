package dev.muster.agent.remotewrite;

import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Reads the body of a record. Confined to one thread.
final class LogBytes {
    private byte[] bytes = new byte[0];
    private int at;
    private int end;

    void reset(byte[] source, int from, int to) {
        bytes = source;
        at = from;
        end = to;
    }

    boolean more() {
        return at < end;
    }

    int position() {
        return at;
    }

    long varint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            need(1);
            byte next = bytes[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IOException("number must have at most 64 bits");
    }

    int count() throws IOException {
        long value = varint();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new IOException("count must have at most 31 bits: found=" + value);
        }
        return (int) value;
    }

    long signed() throws IOException {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    static long zigZag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    double real() throws IOException {
        need(8);
        long bits = 0;
        for (int i = 0; i < 8; i++) {
            bits |= (bytes[at++] & 0xFFL) << (8 * i);
        }
        return Double.longBitsToDouble(bits);
    }

    String text() throws IOException {
        int from = skip(count());
        return new String(bytes, from, at - from, StandardCharsets.UTF_8);
    }

    /// @return where the skipped bytes begin
    int skip(int length) throws IOException {
        need(length);
        int from = at;
        at += length;
        return from;
    }

    Labels labels() throws IOException {
        Labels.Builder labels = Labels.builder();
        for (int left = count(); left > 0; left--) {
            labels.set(text(), text());
        }
        return labels.build();
    }

    private void need(int length) throws IOException {
        if (length < 0 || length > end - at) {
            throw new IOException(
                    "record must not be cut: needed=" + length + ", remaining=" + (end - at));
        }
    }
}
