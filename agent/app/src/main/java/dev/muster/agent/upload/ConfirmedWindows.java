package dev.muster.agent.upload;

import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;

/// Which windows have a confirmed block, and since when: one small file each, so that a restart
/// does not write and ship a block again. A file that is lost or damaged costs that, and no more.
/// Confined to one thread.
final class ConfirmedWindows {
    private static final String SUFFIX = ".confirmed";

    private final Path directory;
    private final TreeMap<TimeRange, Long> confirmed = new TreeMap<>();

    private ConfirmedWindows(Path directory) {
        this.directory = directory;
    }

    static ConfirmedWindows open(Path directory) throws IOException {
        Files.createDirectories(directory);
        ConfirmedWindows windows = new ConfirmedWindows(directory);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) {
                windows.load(file);
            }
        }
        return windows;
    }

    private void load(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        String range = name.substring(0, name.length() - SUFFIX.length());
        int dash = range.indexOf('-');
        try {
            confirmed.put(
                    new TimeRange(
                            Long.parseLong(range, 0, dash, 10),
                            Long.parseLong(range, dash + 1, range.length(), 10)),
                    Long.parseLong(Files.readString(file).strip()));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            Files.deleteIfExists(file);
        }
    }

    OptionalLong confirmedMs(TimeRange window) {
        Long ms = confirmed.get(window);
        return ms == null ? OptionalLong.empty() : OptionalLong.of(ms);
    }

    void confirm(TimeRange window, long nowMs) throws IOException {
        Path temporary = directory.resolve("confirmed.tmp");
        Files.writeString(temporary, Long.toString(nowMs));
        Files.move(temporary, file(window), StandardCopyOption.ATOMIC_MOVE);
        confirmed.put(window, nowMs);
    }

    /// Forgets windows that the head no longer holds.
    void keepOnly(Collection<TimeRange> windows) throws IOException {
        for (TimeRange window : List.copyOf(confirmed.keySet())) {
            if (!windows.contains(window)) {
                Files.deleteIfExists(file(window));
                confirmed.remove(window);
            }
        }
    }

    private Path file(TimeRange window) {
        return directory.resolve(window.startMs() + "-" + window.endMs() + SUFFIX);
    }
}
