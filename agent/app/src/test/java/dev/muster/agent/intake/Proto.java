package dev.muster.agent.intake;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Writes protobuf for tests.
public final class Proto {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public static byte[] of(Consumer<Proto> writing) {
        Proto proto = new Proto();
        writing.accept(proto);
        return proto.out.toByteArray();
    }

    public Proto raw(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    public Proto number(int field, long value) {
        return raw((long) field << 3).raw(value);
    }

    public Proto signed(int field, long value) {
        return number(field, (value << 1) ^ (value >> 63));
    }

    public Proto real(int field, double value) {
        return fixed(field, Double.doubleToRawLongBits(value));
    }

    public Proto fixed(int field, long value) {
        raw(((long) field << 3) | 1);
        out.writeBytes(
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
        return this;
    }

    public Proto bytes(int field, byte[] bytes) {
        raw(((long) field << 3) | 2).raw(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    public Proto text(int field, String text) {
        return bytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    public Proto message(int field, Consumer<Proto> writing) {
        return bytes(field, of(writing));
    }

    public Proto packed(int field, long... values) {
        return bytes(
                field,
                of(p -> {
                    for (long value : values) {
                        p.raw(value);
                    }
                }));
    }

    public Proto packedSigned(int field, long... values) {
        long[] zigZag = values.clone();
        for (int i = 0; i < zigZag.length; i++) {
            zigZag[i] = (values[i] << 1) ^ (values[i] >> 63);
        }
        return packed(field, zigZag);
    }

    public Proto packedReal(int field, double... values) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            buffer.putDouble(value);
        }
        return bytes(field, buffer.array());
    }

    public Proto packedFixed(int field, long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            buffer.putLong(value);
        }
        return bytes(field, buffer.array());
    }
}
