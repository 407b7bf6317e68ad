package dev.muster.federation.cluster;

import dev.muster.federation.member.FrameException;
import dev.muster.federation.member.FrameReader;
import dev.muster.federation.member.FrameWriter;

/// Bytes of a node's beat; drawn in `docs/format/cluster-frames.md`.
final class NodeCodec {
    private static final int TYPE = 32;

    private NodeCodec() {}

    static byte[] encode(Node node) {
        return new FrameWriter(TYPE)
                .text(node.name())
                .text(node.url())
                .i64(node.incarnation())
                .u8(node.state().code())
                .finish();
    }

    /// @throws FrameException if the bytes are no whole, undamaged beat of a known version
    static Node decode(byte[] bytes) throws FrameException {
        var in = new FrameReader(bytes);
        if (in.type() != TYPE) {
            throw in.refuse("frame must be a node's beat: type=" + in.type());
        }
        String name = in.text();
        String url = in.text();
        long incarnation = in.count64();
        NodeState state = state(in);
        in.end();
        try {
            return new Node(name, url, incarnation, state);
        } catch (IllegalArgumentException e) {
            throw in.refuse(e);
        }
    }

    private static NodeState state(FrameReader in) throws FrameException {
        int code = in.u8();
        for (NodeState state : NodeState.values()) {
            if (state.code() == code) {
                return state;
            }
        }
        throw in.refuse("state must be known: found=" + code);
    }
}
