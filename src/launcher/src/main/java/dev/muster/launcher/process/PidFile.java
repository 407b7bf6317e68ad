package dev.muster.launcher.process;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/// What a launcher remembers of a child on disk, so that a later launcher can find it again.
///
/// A pid alone proves nothing: the system hands it out again. A process counts as ours only if it
/// also started when the file says it did and carries our marker in its command line.
///
/// @param name what the child is called, such as `a1`
/// @param pid its process id; positive
/// @param startedMs when the system says it started, Unix time
/// @param marker a text that stands in its command line and in no other's
public record PidFile(String name, long pid, long startedMs, String marker) {
    private static final Duration START_TOLERANCE = Duration.ofSeconds(2);
    private static final String SUFFIX = ".pid";

    public PidFile {
        if (pid <= 0) {
            throw new IllegalArgumentException("pid must be positive: pid=" + pid);
        }
        if (marker.isBlank()) {
            throw new IllegalArgumentException("marker must not be blank: name=" + name);
        }
    }

    static PidFile of(String name, ProcessHandle process, String marker) {
        var startedMs = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return new PidFile(name, process.pid(), startedMs, marker);
    }

    /// Reads all pid files of a directory; what cannot be read as one is left alone.
    ///
    /// @param directory where they lie; may be absent
    /// @return in the order of their names
    public static List<PidFile> in(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .map(PidFile::read)
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Optional<PidFile> read(Path file) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(file)));
            return Optional.of(
                    new PidFile(
                            properties.getProperty("name", ""),
                            Long.parseLong(properties.getProperty("pid", "")),
                            Long.parseLong(properties.getProperty("startedMs", "")),
                            properties.getProperty("marker", "")));
        } catch (IOException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    void write(Path directory) throws IOException {
        var text = "name=%s%npid=%d%nstartedMs=%d%nmarker=%s%n";
        var scratch = directory.resolve(name + SUFFIX + ".new");
        Files.writeString(scratch, text.formatted(name, pid, startedMs, escaped(marker)));
        Files.move(scratch, path(directory, name), StandardCopyOption.REPLACE_EXISTING);
    }

    static void delete(Path directory, String name) throws IOException {
        Files.deleteIfExists(path(directory, name));
    }

    /// The process of this file, if it still runs and really is ours.
    public Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isOurs);
    }

    private boolean isOurs(ProcessHandle process) {
        var info = process.info();
        var sameStart =
                info.startInstant()
                        .map(start -> Math.abs(start.toEpochMilli() - startedMs))
                        .filter(differenceMs -> differenceMs <= START_TOLERANCE.toMillis());
        return sameStart.isPresent() && info.commandLine().orElse("").contains(marker);
    }

    private static Path path(Path directory, String name) {
        return directory.resolve(name + SUFFIX);
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\");
    }
}
