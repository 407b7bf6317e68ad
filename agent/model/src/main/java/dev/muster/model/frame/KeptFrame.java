package dev.muster.model.frame;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// A frame that was received, still encoded. Thread-safe.
sealed interface KeptFrame {
    /// Bytes `offset` to `offset + length` of the payload.
    ///
    /// @param buffer where they may be put
    ByteSource slice(int offset, int length, Buffer buffer) throws IOException;

    /// Room for a part of a frame that grows where it must. Confined to one thread.
    final class Buffer {
        private static final int LEAST_BYTES = 4 << 10;
        private byte[] bytes = new byte[0];

        byte[] of(int length) {
            if (bytes.length < length) {
                bytes = new byte[Math.max(LEAST_BYTES, length + length / 4)];
            }
            return bytes;
        }
    }

    /// A frame that owns its bytes.
    final class InMemory implements KeptFrame {
        private final byte[] payload;

        InMemory(byte[] payload) {
            this.payload = payload;
        }

        @Override
        public ByteSource slice(int offset, int length, Buffer buffer) throws FrameFormatException {
            ByteSource source = new ByteSource(payload, offset, payload.length);
            return source.slice(length);
        }
    }

    /// A frame in a file.
    ///
    /// @param channel open as long as the store is
    /// @param fileOffset where the frame begins
    /// @param size its length in bytes
    record InFile(FileChannel channel, long fileOffset, int size) implements KeptFrame {
        @Override
        public ByteSource slice(int offset, int length, Buffer buffer) throws IOException {
            if (offset + length > size) {
                throw new FrameFormatException(
                        "frame must have the bytes of its pieces: size="
                                + size
                                + ", needed="
                                + (offset + length));
            }
            byte[] bytes = buffer.of(length);
            ByteBuffer into = ByteBuffer.wrap(bytes, 0, length);
            while (into.hasRemaining()) {
                if (channel.read(into, fileOffset + offset + into.position()) < 0) {
                    throw new EOFException("file of frames is shorter than what was put in");
                }
            }
            return new ByteSource(bytes, 0, length);
        }
    }
}
