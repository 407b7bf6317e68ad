package dev.muster.query.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The queries that run now, in a file that outlives a killed process: the next one says which
/// queries ran when it died. Thread-safe.
///
/// The file is mapped: writing to it costs no call of the kernel, and what is written is in the
/// file even if this process is killed the moment after. Each line has its place and is padded with
/// blanks to [#SLOT_BYTES]; empty places are blank lines.
public final class ActiveFile {
    static final int SLOT_BYTES = 1_024;

    private static final System.Logger LOG = System.getLogger(ActiveFile.class.getName());

    private final @Nullable MappedByteBuffer slots;
    private final Deque<Integer> free = new ArrayDeque<>();

    private ActiveFile(@Nullable MappedByteBuffer slots, int count) {
        this.slots = slots;
        for (int i = 0; i < count; i++) {
            free.add(i);
        }
        for (int i = 0; i < count; i++) {
            blank(i);
        }
    }

    /// No file.
    static ActiveFile none() {
        return new ActiveFile(null, 0);
    }

    /// Reads what a process before has left, says so in the log, and starts anew. A file that
    /// cannot be written is left out with a warning: queries are answered without it.
    ///
    /// @param count most queries in the file; others are left out
    static ActiveFile open(Optional<Path> path, int count) {
        if (path.isEmpty()) {
            return none();
        }
        try {
            for (String line : leftBehind(path.get())) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        () -> "query ran when the process before this one died " + line);
            }
            return create(path.get(), count);
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "file of active queries cannot be used path=" + path.get(),
                    e);
            return none();
        }
    }

    private static ActiveFile create(Path path, int count) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try (FileChannel channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            channel.truncate((long) count * SLOT_BYTES);
            return new ActiveFile(
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) count * SLOT_BYTES),
                    count);
        }
    }

    /// The lines of a file that are not blank; none if there is no file.
    static List<String> leftBehind(Path path) throws IOException {
        List<String> lines = new ArrayList<>();
        if (Files.exists(path)) {
            String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
            text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(lines::add);
        }
        return lines;
    }

    /// @return the place of the query; negative where there is none
    int write(ActiveQuery.Origin origin, long nowMs) {
        MappedByteBuffer buffer = slots;
        if (buffer == null) {
            return -1;
        }
        String line =
                "since="
                        + Instant.ofEpochMilli(nowMs)
                        + " call="
                        + origin.call()
                        + " client="
                        + origin.client()
                        + " query="
                        + oneLine(origin.query());
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        synchronized (this) {
            Integer slot = free.poll();
            if (slot == null) {
                return -1;
            }
            buffer.put(slot * SLOT_BYTES, bytes, 0, Math.min(bytes.length, SLOT_BYTES - 1));
            return slot;
        }
    }

    void clear(int slot) {
        if (slot >= 0) {
            synchronized (this) {
                blank(slot);
                free.push(slot);
            }
        }
    }

    private void blank(int slot) {
        MappedByteBuffer buffer = slots;
        if (buffer != null) {
            ByteBuffer blanks = ByteBuffer.allocate(SLOT_BYTES);
            while (blanks.remaining() > 1) {
                blanks.put((byte) ' ');
            }
            blanks.put((byte) '\n');
            buffer.put(slot * SLOT_BYTES, blanks.array());
        }
    }

    /// Line breaks would make two lines of one query.
    static String oneLine(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
