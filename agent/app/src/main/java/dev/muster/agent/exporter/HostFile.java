package dev.muster.agent.exporter;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A file of the kernel that is read again and again: it stays open, and its content goes into a
/// buffer that is reused. Confined to one thread.
final class HostFile implements AutoCloseable {
    /// Files of /proc and /sys are smaller; what is larger is not what was looked for.
    private static final int SIZE_LIMIT = 16 << 20;

    private final Path path;
    private byte[] buffer;
    private @Nullable RandomAccessFile file;

    HostFile(Path path) {
        this(path, 4 << 10);
    }

    /// @param sizeBytes room for so much content before the buffer grows
    HostFile(Path path, int sizeBytes) {
        this.path = path;
        buffer = new byte[sizeBytes];
    }

    /// Reads the file as it is now into a cursor, which looks into this file's buffer until the
    /// next call.
    void read(TextCursor into) throws IOException {
        int size;
        RandomAccessFile open = file;
        if (open == null) {
            size = read(reopen());
        } else {
            size = readAgain(open);
        }
        into.reset(buffer, size);
    }

    /// A file that was open may have gone, with its device, and come again.
    private int readAgain(RandomAccessFile open) throws IOException {
        try {
            return read(open);
        } catch (IOException e) {
            close();
            return read(reopen());
        }
    }

    private RandomAccessFile reopen() throws IOException {
        RandomAccessFile opened = new RandomAccessFile(path.toFile(), "r");
        file = opened;
        return opened;
    }

    private int read(RandomAccessFile open) throws IOException {
        open.seek(0);
        int size = 0;
        int read = open.read(buffer, 0, buffer.length);
        while (read > 0) {
            size += read;
            if (size == buffer.length) {
                grow();
            }
            read = open.read(buffer, size, buffer.length - size);
        }
        return size;
    }

    private void grow() throws IOException {
        if (buffer.length >= SIZE_LIMIT) {
            throw new IOException(
                    "host file " + path + ": size must be within its limit: limit=" + SIZE_LIMIT);
        }
        buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }

    @Override
    public void close() throws IOException {
        RandomAccessFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }
}
