package dev.muster.federation.hazelcast;

import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.FrameReader;
import dev.muster.federation.member.FrameWriter;

/// What an agent says of its hint by the bus, where its datagrams do not reach; drawn in
/// `docs/format/cell-frames.md`.
///
/// @param hostHash who says it, as in [dev.muster.federation.member.StateHash#ofHost(String)]
/// @param incarnation its run
/// @param seq number of the beat that comes with it
/// @param number of the hint in which all its metric names are; 0 if there is none
record HintWord(long hostHash, long incarnation, long seq, int number) {
    private static final int TYPE = 22;

    /// Where a frame has its type.
    private static final int TYPE_AT = 3;

    /// Whether these bytes are meant to be one.
    static boolean isOne(byte[] frame) {
        return frame.length > TYPE_AT && frame[TYPE_AT] == TYPE;
    }

    /// The bytes of a frame.
    byte[] encode() {
        return new FrameWriter(TYPE).i64(hostHash).i64(incarnation).u32(seq).i32(number).finish();
    }

    /// @throws FrameException if the bytes are damaged, or no such word
    static HintWord decode(byte[] frame) throws FrameException {
        var in = new FrameReader(frame);
        if (in.type() != TYPE) {
            throw in.refuse("frame must be a word of a hint");
        }
        var word = new HintWord(in.i64(), in.count64(), in.u32(), in.i32());
        in.end();
        return word;
    }
}
