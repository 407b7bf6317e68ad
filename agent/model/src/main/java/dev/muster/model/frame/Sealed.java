package dev.muster.model.frame;

import java.util.zip.CRC32C;

/// A message that comes whole: magic, content, CRC-32C of both. Stateless.
public final class Sealed {
    private static final int CRC_BYTES = 4;

    private Sealed() {}

    /// A sink for the content.
    public static ByteSink open(int magic) {
        ByteSink out = new ByteSink();
        out.writeInt(magic);
        return out;
    }

    /// The bytes of the message.
    public static byte[] close(ByteSink out) {
        out.writeInt(checksum(out.array(), out.size()));
        return out.toByteArray();
    }

    /// The content of a message whose checksum holds.
    ///
    /// @param what names the message in errors
    public static ByteSource content(String what, int magic, int limitBytes, byte[] bytes)
            throws FrameFormatException {
        if (bytes.length > limitBytes || bytes.length < 2 * CRC_BYTES) {
            throw new FrameFormatException(
                    what + ": size must be 8 to " + limitBytes + " bytes: found=" + bytes.length);
        }
        int end = bytes.length - CRC_BYTES;
        ByteSource in = new ByteSource(bytes, 0, end);
        int found = in.readInt();
        if (found != magic) {
            throw new FrameFormatException(
                    String.format("%s: must start with 0x%08x: found=0x%08x", what, magic, found));
        }
        int expected = new ByteSource(bytes, end, bytes.length).readInt();
        int actual = checksum(bytes, end);
        if (expected != actual) {
            throw new FrameFormatException(
                    String.format(
                            "%s: checksum must match: expected=0x%08x, actual=0x%08x",
                            what, expected, actual));
        }
        return in;
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
