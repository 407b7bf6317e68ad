package dev.muster.head.disk;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file of the file system.
///
/// A FileChannel is closed when its thread is interrupted, for all other threads too. So writes go
/// through a RandomAccessFile, and a mapping opens a channel of its own.
final class LocalFile implements DiskFile {
    private final Path path;
    private final RandomAccessFile file;

    private LocalFile(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    static DiskFile open(Path path) throws IOException {
        return new LocalFile(path, new RandomAccessFile(path.toFile(), "rw"));
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length, long positionBytes)
            throws IOException {
        file.seek(positionBytes);
        file.write(bytes, offset, length);
    }

    @Override
    public long size() throws IOException {
        return file.length();
    }

    @Override
    public synchronized void truncate(long sizeBytes) throws IOException {
        file.setLength(sizeBytes);
    }

    @Override
    public void force() throws IOException {
        file.getFD().sync();
    }

    @Override
    public MappedByteBuffer map(long positionBytes, long lengthBytes) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MappedByteBuffer mapped =
                    channel.map(FileChannel.MapMode.READ_ONLY, positionBytes, lengthBytes);
            mapped.order(ByteOrder.LITTLE_ENDIAN);
            return mapped;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
