package dev.muster.model.frame;

import dev.muster.model.series.ReadBudget;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;

/// A stream that begins with a magic number and goes on in frames, each with its type, its length
/// and a checksum: what all readers of such streams share. Confined to one thread.
public final class SealedFrames {
    /// Type, length, checksum.
    public static final int HEADER_BYTES = 1 + 4 + 4;

    private final InputStream in;
    private final String name;
    private final int limitBytes;
    private final ReadBudget budget;
    private byte[] payload = {};
    private long offsetBytes;

    /// @param name of the stream, for messages
    /// @param limitBytes a frame that says it is larger is refused unread
    /// @param budget charged with the bytes of frames
    public SealedFrames(InputStream in, String name, int limitBytes, ReadBudget budget) {
        this.in = in;
        this.name = name;
        this.limitBytes = limitBytes;
        this.budget = budget;
    }

    /// The checksum of a frame.
    public static int checksum(int type, byte[] payload, int length) {
        CRC32C crc = new CRC32C();
        crc.update(type);
        crc.update(payload, 0, length);
        return (int) crc.getValue();
    }

    /// Reads the magic number; once, first.
    ///
    /// @throws FrameFormatException if another stands there
    public void begin(int magic) throws IOException {
        int found = new ByteSource(readFully(4), 0, 4).readInt();
        if (magic != found) {
            throw damaged(String.format("must start with 0x%08x: found=0x%08x", magic, found));
        }
    }

    /// Reads the next frame whole.
    ///
    /// @return its type
    /// @throws FrameFormatException if it is damaged, or the stream ends here
    public int next() throws IOException {
        ByteSource header = new ByteSource(readFully(HEADER_BYTES), 0, HEADER_BYTES);
        int type = header.readByte();
        int length = header.readInt();
        int expected = header.readInt();
        if (length < 0 || length > limitBytes) {
            throw damaged(
                    "frame must have at most "
                            + limitBytes
                            + " bytes: found="
                            + Integer.toUnsignedString(length));
        }
        budget.chargeFetchedBytes(length);
        payload = readFully(length);
        int actual = checksum(type, payload, length);
        if (expected != actual) {
            throw damaged(
                    String.format(
                            "checksum must match: expected=0x%08x, actual=0x%08x",
                            expected, actual));
        }
        return type;
    }

    /// What the last frame holds: an array of its own, the caller's from now on.
    public byte[] payload() {
        return payload;
    }

    /// An error at the place up to which the stream was read.
    public FrameFormatException damaged(String what) {
        return new FrameFormatException(name + " offsetBytes=" + offsetBytes + ": " + what);
    }

    private byte[] readFully(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw damaged(
                    "stream must end with an end frame: needed bytes="
                            + length
                            + ", found="
                            + bytes.length);
        }
        offsetBytes += length;
        return bytes;
    }
}
