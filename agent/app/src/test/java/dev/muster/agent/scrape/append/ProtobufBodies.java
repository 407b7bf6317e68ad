package dev.muster.agent.scrape.append;

import dev.muster.agent.exposition.ExpositionFormat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Bodies in Prometheus' protobuf format, put together field by field.
final class ProtobufBodies {
    private ProtobufBodies() {}

    /// A counter `requests` with a path.
    static byte[] counter(String path, double value) {
        byte[] counter = fixed(1, value);
        return family("requests", 0, concat(message(1, label("path", path)), message(3, counter)));
    }

    /// A native histogram `latency` of schema 3 with the counts of buckets 1, 2, 3, …
    static byte[] histogram(long... counts) {
        long total = 0;
        byte[] deltas = new byte[0];
        long before = 0;
        for (long count : counts) {
            total += count;
            deltas = concat(deltas, varint(zigzag(count - before)));
            before = count;
        }
        byte[] span = concat(number(1, zigzag(1)), number(2, counts.length));
        byte[] histogram =
                concat(
                        number(1, total),
                        fixed(2, 12.5),
                        number(5, zigzag(3)),
                        fixed(6, 0.001),
                        message(12, span),
                        message(13, deltas));
        return family("latency", 4, message(7, histogram));
    }

    static ScrapeBody body(byte[]... families) {
        byte[] bytes = concat(families);
        return new ScrapeBody(ExpositionFormat.PROMETHEUS_PROTOBUF, bytes, bytes.length);
    }

    private static byte[] family(String name, int type, byte[] metric) {
        byte[] family = concat(text(1, name), number(3, type), message(4, metric));
        return concat(varint(family.length), family);
    }

    private static byte[] label(String name, String value) {
        return concat(text(1, name), text(2, value));
    }

    private static byte[] text(int field, String text) {
        return message(field, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] message(int field, byte[] content) {
        return concat(varint((field << 3) | 2), varint(content.length), content);
    }

    private static byte[] number(int field, long value) {
        return concat(varint((long) field << 3), varint(value));
    }

    private static byte[] fixed(int field, double value) {
        ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        return concat(varint((field << 3) | 1), bytes.putDouble(value).array());
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    private static byte[] varint(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return out.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
