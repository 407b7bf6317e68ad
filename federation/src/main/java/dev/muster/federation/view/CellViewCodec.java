package dev.muster.federation.view;

import dev.muster.federation.member.FrameException;

/// Bytes of a [CellView]; drawn in `docs/format/cell-frames.md`. Stateless.
public final class CellViewCodec {
    /// The bytes of a view.
    public byte[] encode(CellView view) {
        throw new UnsupportedOperationException(view.cell());
    }

    /// The view of these bytes.
    ///
    /// @throws FrameException if the bytes are damaged, cut, too large or of an unknown version
    public CellView decode(byte[] bytes) throws FrameException {
        throw new UnsupportedOperationException("length=" + bytes.length);
    }
}
