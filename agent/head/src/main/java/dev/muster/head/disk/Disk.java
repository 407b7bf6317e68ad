package dev.muster.head.disk;

import java.io.IOException;
import java.nio.file.Path;

/// Opens files. Thread-safe.
@FunctionalInterface
public interface Disk {
    /// Opens a file to read and write; it is created where it does not exist.
    DiskFile open(Path path) throws IOException;

    /// The file system as it is.
    static Disk local() {
        return LocalFile::open;
    }
}
