package dev.muster.agent.exporter.network;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The attributes at the end of a netlink message, one after the other: u16 length, u16 type,
/// value, each at a multiple of four bytes. Ends at one that does not fit. Confined to one thread.
final class NetlinkAttributes {
    private static final int HEADER = 4;

    /// Without the flags for nested values and byte order.
    private static final int TYPE = 0x3fff;

    private final ByteBuffer in;
    private int at;
    private int length;

    /// @param offset of the first one in the body
    NetlinkAttributes(ByteBuffer body, int offset) {
        in = body;
        at = offset;
    }

    /// Goes to the next one.
    ///
    /// @return false at the end
    boolean next() {
        at += (length + 3) & ~3;
        if (in.limit() - at < HEADER) {
            return false;
        }
        length = Short.toUnsignedInt(in.getShort(at));
        return length >= HEADER && length <= in.limit() - at;
    }

    int type() {
        return in.getShort(at + 2) & TYPE;
    }

    ByteBuffer value() {
        return in.slice(at + HEADER, length - HEADER).order(in.order());
    }

    /// A text with a zero at its end.
    String text() {
        ByteBuffer value = value();
        byte[] bytes = new byte[Math.max(0, value.limit() - 1)];
        value.get(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// An unsigned number of four bytes; 0 if it is shorter.
    long number() {
        ByteBuffer value = value();
        return value.limit() < 4 ? 0 : Integer.toUnsignedLong(value.getInt(0));
    }
}
