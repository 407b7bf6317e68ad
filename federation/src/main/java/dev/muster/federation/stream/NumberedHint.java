package dev.muster.federation.stream;

import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.FrameReader;
import dev.muster.federation.member.FrameWriter;
import dev.muster.federation.member.Names;

/// A hint as its own agent gives it, with the number by which its beats call it; drawn in
/// `docs/format/name-filter.md`. Immutable.
///
/// @param number of the hint in the agent's run, from 1
/// @param hint what it says
public record NumberedHint(int number, Hint hint) {
    private static final int TYPE = 21;

    /// The bytes of a frame.
    public byte[] encode() {
        return new FrameWriter(TYPE)
                .text(hint.host())
                .i64(hint.incarnation())
                .i32(number)
                .varint(hint.bytes().length)
                .bytes(hint.bytes())
                .finish();
    }

    /// @throws FrameException if the bytes are damaged, or no such hint
    public static NumberedHint decode(byte[] frame) throws FrameException {
        var in = new FrameReader(frame);
        if (in.type() != TYPE) {
            throw in.refuse("frame must be a hint");
        }
        try {
            String host = in.text();
            Names.refuseBadHost(host);
            long incarnation = in.count64();
            int number = in.i32();
            byte[] bytes = in.bytes(in.varint(Hint.SIZE_LIMIT));
            in.end();
            return new NumberedHint(number, new Hint(host, incarnation, true, bytes));
        } catch (IllegalArgumentException e) {
            throw in.refuse(e);
        }
    }
}
