package dev.muster.federation.member;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// Builds the bytes of one frame: a header, fields in big-endian order, and a CRC32C over all of
/// it. Drawn in `docs/format/cell-frames.md`. Confined to one thread, used once.
public final class FrameWriter {
    static final int MAGIC = 0x4D43;
    static final int VERSION = 2;
    static final int HEADER_BYTES = 4;
    static final int CRC_BYTES = 4;

    private byte[] bytes = new byte[128];
    private int size;

    /// @param type what the frame holds, 1 to 127
    public FrameWriter(int type) {
        u16(MAGIC);
        u8(VERSION);
        u8(type);
    }

    /// One byte.
    public FrameWriter u8(int value) {
        refuseOutside("u8", value, 0xFF);
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    /// Two bytes.
    public FrameWriter u16(int value) {
        refuseOutside("u16", value, 0xFFFF);
        room(2);
        bytes[size++] = (byte) (value >>> 8);
        bytes[size++] = (byte) value;
        return this;
    }

    /// Four bytes.
    public FrameWriter i32(int value) {
        room(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
        return this;
    }

    /// Four bytes that count something, 0 to 4,294,967,295.
    public FrameWriter u32(long value) {
        if (value < 0 || value > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("u32 must be 0 to 4294967295: value=" + value);
        }
        return i32((int) value);
    }

    /// Eight bytes.
    public FrameWriter i64(long value) {
        return i32((int) (value >>> 32)).i32((int) value);
    }

    /// A number in seven bits a byte, lowest first: small ones are short. Negative ones take ten
    /// bytes.
    public FrameWriter varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            u8((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        return u8((int) rest);
    }

    /// Bytes written yet, the header among them.
    public int size() {
        return size;
    }

    /// A copy of the bytes written since there were `from`.
    public byte[] since(int from) {
        return Arrays.copyOfRange(bytes, from, size);
    }

    /// A byte, 0 or 1.
    public FrameWriter flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    /// The length of the text's UTF-8 in two bytes, then the text.
    public FrameWriter text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        u16(utf8.length);
        room(utf8.length);
        System.arraycopy(utf8, 0, bytes, size, utf8.length);
        size += utf8.length;
        return this;
    }

    /// The number of services in two bytes, then each.
    public FrameWriter services(List<ServiceState> services) {
        u16(services.size());
        for (ServiceState service : services) {
            text(service.job()).text(service.instance());
            u8(service.health().code() | service.provenance().code() << 2);
            text(service.reason()).i64(service.sinceMs());
        }
        return this;
    }

    /// Bytes as they are, without their number.
    public FrameWriter bytes(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    /// An intent, or none.
    public FrameWriter intent(Optional<Intent> intent) {
        if (intent.isEmpty()) {
            return u8(0);
        }
        Intent held = intent.get();
        return u8(held.kind().code()).i64(held.untilMs()).text(held.author());
    }

    /// A place.
    public FrameWriter place(Place place) {
        return text(place.zone()).text(place.rack());
    }

    /// A transition.
    public FrameWriter transition(Transition t) {
        text(t.cell()).text(t.host()).text(t.job()).text(t.instance());
        i64(t.atMs()).i64(t.decidedMs()).text(t.from()).text(t.to());
        u8(t.cause().code()).u8(t.provenance().code());
        u8(t.witnesses().size());
        t.witnesses().forEach(this::text);
        return i64(t.version());
    }

    /// The whole frame.
    public byte[] finish() {
        var crc = new CRC32C();
        crc.update(bytes, 0, size);
        i32((int) crc.getValue());
        return Arrays.copyOf(bytes, size);
    }

    private void room(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, Math.multiplyExact(bytes.length, 2)));
        }
    }

    private static void refuseOutside(String what, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(what + " must be 0 to " + max + ": value=" + value);
        }
    }
}
