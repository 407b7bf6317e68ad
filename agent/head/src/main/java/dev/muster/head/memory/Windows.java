package dev.muster.head.memory;

import dev.muster.head.chunk.ChunkFile;
import dev.muster.head.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The chunk files of the windows that are held. Thread-safe.
final class Windows {
    private static final String SUFFIX = ".chunks";

    private final Disk disk;
    private final Path directory;
    private final long windowMs;
    private final TreeMap<Long, ChunkFile> files = new TreeMap<>();
    private int created;
    private boolean closed;

    Windows(Disk disk, Path directory, long windowMs) {
        this.disk = disk;
        this.directory = directory;
        this.windowMs = windowMs;
    }

    long startOf(long timestampMs) {
        return Math.floorDiv(timestampMs, windowMs) * windowMs;
    }

    long windowMs() {
        return windowMs;
    }

    /// The file of the window that starts there, which is created where there is none.
    synchronized ChunkFile file(long startMs) throws IOException {
        ChunkFile file = files.get(startMs);
        if (file == null) {
            if (closed) {
                throw new IOException("head must be open: directory=" + directory);
            }
            Path path = directory.resolve(startMs + "-" + created++ + SUFFIX);
            file = ChunkFile.create(disk, path, startMs);
            files.put(startMs, file);
        }
        return file;
    }

    synchronized @Nullable ChunkFile existing(long startMs) {
        return files.get(startMs);
    }

    /// Starts of the windows that have a file, oldest first.
    synchronized List<Long> starts() {
        return new ArrayList<>(files.keySet());
    }

    synchronized Map<Long, ChunkFile> all() {
        return new TreeMap<>(files);
    }

    /// Deletes the file of a window as soon as nobody reads it.
    synchronized void delete(long startMs) {
        ChunkFile file = files.remove(startMs);
        if (file != null) {
            file.delete();
        }
    }

    synchronized long sizeBytes() {
        long bytes = 0;
        for (ChunkFile file : files.values()) {
            bytes += file.sizeBytes();
        }
        return bytes;
    }

    /// Forces the files to the device. Files are not deleted meanwhile; commits go on.
    void force() throws IOException {
        for (ChunkFile file : all().values()) {
            file.force();
        }
    }

    /// Opens the files that a checkpoint lists, by name, at their lengths, and deletes all others.
    ///
    /// @return by window start; those that are not there any more are missing
    synchronized Map<Long, ChunkFile> reopen(Map<String, Long> sizes) throws IOException {
        Set<String> known = new HashSet<>(sizes.keySet());
        try (Stream<Path> found = Files.list(directory)) {
            for (Path path : found.toList()) {
                String name = path.getFileName().toString();
                if (!name.endsWith(SUFFIX)) {
                    continue;
                }
                created = Math.max(created, numberOf(name) + 1);
                if (!known.contains(name)) {
                    Files.delete(path);
                }
            }
        }
        Map<Long, ChunkFile> opened = new HashMap<>();
        for (Map.Entry<String, Long> entry : sizes.entrySet()) {
            Path path = directory.resolve(entry.getKey());
            if (Files.exists(path)) {
                ChunkFile file = ChunkFile.reopen(disk, path, entry.getValue());
                opened.put(startOf(entry.getKey()), file);
                files.put(startOf(entry.getKey()), file);
            }
        }
        return opened;
    }

    /// The window start in a file's name, which may be negative.
    static long startOf(String name) {
        return Long.parseLong(name.substring(0, name.lastIndexOf('-')));
    }

    private static int numberOf(String name) {
        return Integer.parseInt(
                name.substring(name.lastIndexOf('-') + 1, name.length() - SUFFIX.length()));
    }

    synchronized void close() throws IOException {
        closed = true;
        for (ChunkFile file : files.values()) {
            file.close();
        }
    }
}
