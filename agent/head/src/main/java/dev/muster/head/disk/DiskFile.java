package dev.muster.head.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.MappedByteBuffer;

/// An open file that is read and written by position. Thread-safe.
public interface DiskFile extends Closeable {
    /// Writes all the bytes; after an exception any part of them may be there.
    void write(byte[] bytes, int offset, int length, long positionBytes) throws IOException;

    long size() throws IOException;

    void truncate(long sizeBytes) throws IOException;

    /// Returns when the content has reached the device.
    void force() throws IOException;

    /// The content as memory, to read. Stays valid after [#close()].
    MappedByteBuffer map(long positionBytes, long lengthBytes) throws IOException;
}
