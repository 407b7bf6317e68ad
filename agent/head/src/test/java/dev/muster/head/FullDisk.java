package dev.muster.head;

import dev.muster.head.disk.Disk;
import dev.muster.head.disk.DiskFile;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/// A disk on which so many bytes may still be written; a write that does not fit is done in part,
/// as file systems do.
final class FullDisk implements Disk {
    private final AtomicLong freeBytes = new AtomicLong(Long.MAX_VALUE);

    void freeBytes(long bytes) {
        freeBytes.set(bytes);
    }

    @Override
    public DiskFile open(Path path) throws IOException {
        DiskFile file = Disk.local().open(path);
        return new DiskFile() {
            @Override
            public void write(byte[] bytes, int offset, int length, long positionBytes)
                    throws IOException {
                long free = freeBytes.get();
                if (free < length) {
                    freeBytes.set(0);
                    file.write(bytes, offset, (int) free, positionBytes);
                    throw new IOException("No space left on device");
                }
                freeBytes.addAndGet(-length);
                file.write(bytes, offset, length, positionBytes);
            }

            @Override
            public long size() throws IOException {
                return file.size();
            }

            @Override
            public void truncate(long sizeBytes) throws IOException {
                file.truncate(sizeBytes);
            }

            @Override
            public void force() throws IOException {
                file.force();
            }

            @Override
            public MappedByteBuffer map(long positionBytes, long lengthBytes) throws IOException {
                return file.map(positionBytes, lengthBytes);
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }
}
