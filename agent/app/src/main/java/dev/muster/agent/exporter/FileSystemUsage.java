package dev.muster.agent.exporter;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Asks the operating system how full a file system is. Confined to one thread.
sealed interface FileSystemUsage permits FileSystemUsage.Portable, Statvfs {
    int SIZE = 0;
    int FREE = 1;
    int AVAILABLE = 2;
    int FILES = 3;
    int FILES_FREE = 4;

    /// How many values an answer has.
    int FIELDS = 5;

    /// Writes the values, bytes and counts, from `offset` on; NaN for those that are not known.
    ///
    /// @return empty, or why the file system refused
    String read(String path, double[] into, int offset);

    /// statvfs where it can be called, what the JDK offers elsewhere, such as in a JVM that is not
    /// allowed native access.
    static FileSystemUsage ofThisPlatform() {
        if (!Statvfs.isSupported()) {
            return new Portable();
        }
        try {
            return new Statvfs();
        } catch (RuntimeException | LinkageError e) {
            System.getLogger(FileSystemUsage.class.getName())
                    .log(
                            Level.WARNING,
                            () ->
                                    "file systems are asked without their counts of files: cause="
                                            + e);
            return new Portable();
        }
    }

    /// What the JDK offers: it does not count files.
    final class Portable implements FileSystemUsage {
        @Override
        public String read(String path, double[] into, int offset) {
            try {
                FileStore store = Files.getFileStore(Path.of(path));
                into[offset + SIZE] = store.getTotalSpace();
                into[offset + FREE] = store.getUnallocatedSpace();
                into[offset + AVAILABLE] = store.getUsableSpace();
                into[offset + FILES] = Double.NaN;
                into[offset + FILES_FREE] = Double.NaN;
                return "";
            } catch (NoSuchFileException e) {
                return "no such file or directory";
            } catch (IOException e) {
                return "input/output error";
            }
        }
    }
}
