package dev.muster.federation.hazelcast;

import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.FrameReader;
import dev.muster.federation.member.FrameWriter;
import dev.muster.federation.member.Names;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// What an agent scrapes, so that others can do it in its place: bytes that mean nothing to the
/// cell. Only the agent itself makes one; of two, that with the greater (incarnation, seq) holds.
/// Drawn in `docs/format/cell-frames.md`.
///
/// Owns its array; it is not to be changed.
final class Manifest {
    /// Most bytes of what it carries.
    static final int SIZE_LIMIT = 256 << 10;

    /// Most bytes of its frame.
    static final int FRAME_LIMIT = SIZE_LIMIT + 1024;

    private static final int TYPE = 24;

    private final String host;
    private final long incarnation;
    private final long seq;
    private final byte[] content;
    private final int hash;

    /// @param seq number of the manifest in the agent's run, from 1
    Manifest(String host, long incarnation, long seq, byte[] content) {
        Names.refuseBadHost(host);
        if (content.length > SIZE_LIMIT) {
            throw new IllegalArgumentException(
                    "manifest host="
                            + host
                            + ": must be at most "
                            + SIZE_LIMIT
                            + " bytes: length="
                            + content.length);
        }
        if (incarnation < 0 || seq < 1) {
            throw new IllegalArgumentException(
                    "manifest host="
                            + host
                            + ": must be numbered: incarnation="
                            + incarnation
                            + ", seq="
                            + seq);
        }
        this.host = host;
        this.incarnation = incarnation;
        this.seq = seq;
        this.content = content;
        this.hash = hash(content);
    }

    String host() {
        return host;
    }

    byte[] content() {
        return content;
    }

    /// Names the content; 0 names none, so it is never 0.
    int hash() {
        return hash;
    }

    boolean isNewerThan(Manifest other) {
        return incarnation != other.incarnation ? incarnation > other.incarnation : seq > other.seq;
    }

    byte[] encode(String cell) {
        return new FrameWriter(TYPE)
                .i32(cellHash(cell))
                .text(host)
                .i64(incarnation)
                .i64(seq)
                .i32(content.length)
                .bytes(content)
                .finish();
    }

    /// @throws FrameException if the bytes are damaged, or no manifest of that cell
    static Manifest decode(String cell, byte[] frame) throws FrameException {
        var in = new FrameReader(frame);
        if (in.type() != TYPE || in.i32() != cellHash(cell)) {
            throw in.refuse("frame must be a manifest of this cell");
        }
        try {
            var manifest = new Manifest(in.text(), in.i64(), in.i64(), content(in));
            in.end();
            return manifest;
        } catch (IllegalArgumentException e) {
            throw in.refuse(e);
        }
    }

    private static byte[] content(FrameReader in) throws FrameException {
        int length = in.i32();
        if (length < 0 || length > SIZE_LIMIT) {
            throw in.refuse("manifest must be at most " + SIZE_LIMIT + " bytes: length=" + length);
        }
        return in.bytes(length);
    }

    private static int cellHash(String cell) {
        return crc(cell.getBytes(StandardCharsets.UTF_8));
    }

    private static int hash(byte[] content) {
        int crc = crc(content);
        return crc == 0 ? 1 : crc;
    }

    private static int crc(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }
}
