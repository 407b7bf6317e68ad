package dev.muster.query.cluster;

import dev.muster.federation.cluster.Share;
import dev.muster.federation.member.FrameException;
import dev.muster.model.frame.ByteSink;
import dev.muster.model.frame.ByteSource;
import dev.muster.model.frame.FrameFormatException;
import dev.muster.model.frame.Sealed;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartQueryCodec;

/// What one query node asks of another: a part of a query, over a share of all hosts.
///
/// @param share of which the other node is the owner
/// @param limits of the query
/// @param query the part
record ShareRequest(Share share, ShareLimits limits, PartQuery query) {
    /// A request larger than this is refused unread.
    static final int SIZE_LIMIT_BYTES = PartQueryCodec.SIZE_LIMIT_BYTES + (128 << 10);

    private static final int MAGIC = 0x3151534d; // "MSQ1"

    /// Its bytes; drawn in `docs/format/cluster-frames.md`.
    byte[] encode() {
        ByteSink out = Sealed.open(MAGIC);
        out.writeVarint(limits.samples());
        out.writeVarint(limits.series());
        out.writeVarint(limits.fetchedBytes());
        out.writeVarint(limits.memoryBytes());
        write(share.encode(), out);
        write(PartQueryCodec.encode(query), out);
        return Sealed.close(out);
    }

    /// @throws FrameFormatException if these are not the bytes of a request
    static ShareRequest decode(byte[] bytes) throws FrameFormatException {
        ByteSource in = Sealed.content("share request", MAGIC, SIZE_LIMIT_BYTES, bytes);
        try {
            ShareLimits limits =
                    new ShareLimits(
                            in.readVarint(), in.readVarint(), in.readVarint(), in.readVarint());
            Share share = Share.decode(read(in));
            PartQuery query = PartQueryCodec.decode(read(in));
            if (!in.exhausted()) {
                throw new FrameFormatException("share request: must end here: left=" + in.left());
            }
            return new ShareRequest(share, limits, query);
        } catch (IllegalArgumentException | FrameException e) {
            throw new FrameFormatException("share request: " + e.getMessage());
        }
    }

    private static void write(byte[] bytes, ByteSink out) {
        out.writeVarint(bytes.length);
        for (byte value : bytes) {
            out.writeByte(value);
        }
    }

    private static byte[] read(ByteSource in) throws FrameFormatException {
        byte[] bytes = new byte[in.readCount("number of bytes", in.left())];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) in.readByte();
        }
        return bytes;
    }
}
