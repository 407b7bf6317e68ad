package dev.muster.federation.directory;

import dev.muster.federation.directory.DirectoryFrame.Digest;
import dev.muster.federation.directory.DirectoryFrame.Knew;
import dev.muster.federation.directory.DirectoryFrame.Push;
import dev.muster.federation.directory.DirectoryFrame.Reply;
import dev.muster.federation.directory.DirectoryFrame.Table;
import dev.muster.federation.directory.DirectoryFrame.Versions;
import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.FrameReader;
import dev.muster.federation.member.FrameWriter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Bytes of [DirectoryFrame]s; drawn in `docs/format/directory-frames.md`. Stateless.
public final class DirectoryCodec {
    /// Frame types.
    static final int PUSH = 64;

    static final int REPLY = 65;
    static final int VERSIONS = 66;
    static final int TABLE = 67;

    /// Most bytes of a frame: a full table of the most cells, and their watch.
    public static final int FRAME_LIMIT_BYTES = 1 << 20;

    private static final int DIGEST_LIMIT = DirectoryTable.CELL_LIMIT + DirectoryTable.WATCH_LIMIT;
    private static final int DIGEST_BYTES = 8;
    private static final int KEY_BYTES = 4;

    /// The bytes of a frame.
    public byte[] encode(DirectoryFrame frame) {
        return switch (frame) {
            case Push(long digest, List<Aged> items) -> {
                var out = new FrameWriter(PUSH).i64(digest);
                ItemCodec.write(items, out);
                yield out.finish();
            }
            case Reply(long digest, Knew knew, List<Aged> items) -> {
                var out = new FrameWriter(REPLY).i64(digest);
                byte[] bits = knew.bytes();
                out.u16(bits.length);
                for (byte bit : bits) {
                    out.u8(bit & 0xFF);
                }
                ItemCodec.write(items, out);
                yield out.finish();
            }
            case Versions(List<Digest> digests) -> {
                var out = new FrameWriter(VERSIONS).u16(digests.size());
                digests.forEach(d -> out.i32(d.key()).i32(d.version()));
                yield out.finish();
            }
            case Table(long digest, List<Aged> items, List<Integer> wanted) -> {
                var out = new FrameWriter(TABLE).i64(digest);
                ItemCodec.write(items, out);
                out.u16(wanted.size());
                wanted.forEach(out::i32);
                yield out.finish();
            }
        };
    }

    /// The frame of these bytes.
    ///
    /// @throws FrameException if the bytes are damaged, cut, too large or of an unknown version
    public DirectoryFrame decode(byte[] bytes) throws FrameException {
        if (bytes.length > FRAME_LIMIT_BYTES) {
            throw new FrameException(
                    "directory frame must have at most "
                            + FRAME_LIMIT_BYTES
                            + " bytes: length="
                            + bytes.length);
        }
        var in = new FrameReader(bytes);
        DirectoryFrame frame =
                switch (in.type()) {
                    case PUSH -> new Push(in.i64(), ItemCodec.read(in));
                    case REPLY -> new Reply(in.i64(), knew(in), ItemCodec.read(in));
                    case VERSIONS -> new Versions(digests(in));
                    case TABLE -> new Table(in.i64(), ItemCodec.read(in), wanted(in));
                    default -> throw in.refuse("frame must be of the directory");
                };
        in.end();
        return frame;
    }

    private static Knew knew(FrameReader in) throws FrameException {
        int count = in.count(DirectoryFrame.ITEM_LIMIT / 8 + 1, 1);
        byte[] bits = new byte[count];
        for (int i = 0; i < count; i++) {
            bits[i] = (byte) in.u8();
        }
        return new Knew(BitSet.valueOf(bits));
    }

    private static List<Digest> digests(FrameReader in) throws FrameException {
        int count = in.count(DIGEST_LIMIT, DIGEST_BYTES);
        List<Digest> digests = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            digests.add(new Digest(in.i32(), in.i32()));
        }
        return digests;
    }

    private static List<Integer> wanted(FrameReader in) throws FrameException {
        int count = in.count(DIGEST_LIMIT, KEY_BYTES);
        List<Integer> wanted = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            wanted.add(in.i32());
        }
        return wanted;
    }
}
