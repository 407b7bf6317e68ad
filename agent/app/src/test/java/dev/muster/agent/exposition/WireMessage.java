package dev.muster.agent.exposition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes protobuf messages by hand, right or wrong.
final class WireMessage {
    private byte[] bytes = new byte[64];
    private int size;

    static WireMessage empty() {
        return new WireMessage();
    }

    WireMessage number(int field, long value) {
        raw(field << 3);
        return raw(value);
    }

    /// A number that may be negative and short.
    WireMessage signed(int field, long value) {
        return number(field, (value << 1) ^ (value >> 63));
    }

    WireMessage real(int field, double value) {
        raw((field << 3) | WireReader.FIXED64);
        return raw(value);
    }

    WireMessage text(int field, String value) {
        return content(field, value.getBytes(StandardCharsets.UTF_8));
    }

    WireMessage message(int field, WireMessage value) {
        return content(field, value.bytes());
    }

    WireMessage content(int field, byte[] value) {
        raw((field << 3) | WireReader.BYTES);
        raw(value.length);
        return raw(value);
    }

    WireMessage packedSigned(int field, long... values) {
        WireMessage packed = empty();
        for (long value : values) {
            packed.raw((value << 1) ^ (value >> 63));
        }
        return message(field, packed);
    }

    WireMessage packedReal(int field, double... values) {
        WireMessage packed = empty();
        for (double value : values) {
            packed.raw(value);
        }
        return message(field, packed);
    }

    /// A number without a tag.
    WireMessage raw(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        return put((byte) rest);
    }

    WireMessage raw(byte[] value) {
        for (byte b : value) {
            put(b);
        }
        return this;
    }

    private WireMessage raw(double value) {
        return raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
    }

    private WireMessage put(byte b) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * size);
        }
        bytes[size++] = b;
        return this;
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, size);
    }

    /// The message after its length.
    byte[] delimited() {
        return empty().raw(size).raw(bytes()).bytes();
    }

    /// A family by the number of its type.
    static WireMessage family(String name, int type, WireMessage... metrics) {
        WireMessage family = empty().text(1, name).number(3, type);
        for (WireMessage metric : metrics) {
            family.message(4, metric);
        }
        return family;
    }

    /// A metric with labels: name, value, name, value, …
    static WireMessage metric(String... labels) {
        WireMessage metric = empty();
        for (int i = 0; i < labels.length; i += 2) {
            metric.message(1, label(labels[i], labels[i + 1]));
        }
        return metric;
    }

    static WireMessage label(String name, String value) {
        return empty().text(1, name).text(2, value);
    }

    static WireMessage span(long offset, long length) {
        return empty().signed(1, offset).number(2, length);
    }

    static WireMessage bucket(double bound, long count) {
        return empty().number(1, count).real(2, bound);
    }

    static WireMessage time(long seconds, int nanos) {
        return empty().number(1, seconds).number(2, nanos);
    }
}
