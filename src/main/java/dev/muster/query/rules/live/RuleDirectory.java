package dev.muster.query.rules.live;

import dev.muster.query.rules.RuleFile;
import dev.muster.query.rules.RuleFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The rule files that come over the API: checked before they are written, and on the disk before
/// anybody is told so. Thread-safe.
public final class RuleDirectory {
    /// Most rule files.
    public static final int FILES_LIMIT = 1_000;

    private static final String ENDING = ".yml";

    /// Empty files that say that there is none of the rest of their name any more, and since when.
    private static final String GONE = ".gone-";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}");

    private final Path directory;

    public RuleDirectory(Path directory) {
        this.directory = directory;
    }

    /// May a file have this name?
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /// Names of the files, without their ending, ascending.
    public synchronized List<String> names() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .filter(RuleDirectory::isName)
                    .sorted()
                    .toList();
        }
    }

    /// The text of a file; empty if there is none of that name.
    public synchronized Optional<String> text(String name) throws IOException {
        try {
            return Optional.of(Files.readString(file(name)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /// A file, or that there is none any more, as nodes tell each other. Of two of one name the
    /// younger holds.
    ///
    /// @param text empty for a file that was taken away
    /// @param changedMs when that was, Unix time
    public record Version(String name, Optional<String> text, long changedMs) {}

    /// Writes a file, whole or not at all.
    ///
    /// @return whether there was none of that name
    /// @throws RuleFileException with all that is wrong in it; then nothing is written
    public synchronized boolean put(String name, String text, long nowMs)
            throws RuleFileException, IOException {
        var _ = RuleFile.parse(name + ENDING, text);
        boolean isNew = !Files.exists(file(name));
        write(name, text, after(name, nowMs));
        return isNew;
    }

    /// Younger than what there is, whatever the clocks of nodes say.
    private long after(String name, long nowMs) throws IOException {
        return Math.max(nowMs, changedMs(name) + 1);
    }

    /// When a file was changed or taken away; 0 if nothing is known of it.
    private long changedMs(String name) throws IOException {
        long changedMs = 0;
        for (Path path : List.of(file(name), gone(name))) {
            if (Files.exists(path)) {
                changedMs = Math.max(changedMs, Files.getLastModifiedTime(path).toMillis());
            }
        }
        return changedMs;
    }

    private Path gone(String name) {
        return directory.resolve(GONE + name);
    }

    /// All files, and those that were taken away.
    public synchronized List<Version> versions() throws IOException {
        List<Version> all = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return all;
        }
        for (String name : names()) {
            all.add(new Version(name, text(name), changedMs(name)));
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path path : files.filter(path -> name(path).startsWith(GONE)).toList()) {
                String name = name(path).substring(GONE.length());
                if (isName(name) && !Files.exists(file(name))) {
                    all.add(new Version(name, Optional.empty(), changedMs(name)));
                }
            }
        }
        return all;
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    /// The file of a name, or that it was taken away; empty if nothing is known of it.
    public synchronized Optional<Version> version(String name) throws IOException {
        long changedMs = changedMs(name);
        return changedMs == 0
                ? Optional.empty()
                : Optional.of(new Version(name, text(name), changedMs));
    }

    /// Takes over what another node has, unless this one has something younger.
    ///
    /// @return whether it was taken over
    /// @throws RuleFileException if it is wrong
    public synchronized boolean putReplica(Version version) throws RuleFileException, IOException {
        String name = version.name();
        if (!isName(name) || version.changedMs() <= changedMs(name)) {
            return false;
        }
        if (version.text().isPresent()) {
            var _ = RuleFile.parse(name + ENDING, version.text().get());
            write(name, version.text().get(), version.changedMs());
        } else {
            var _ = remove(name, version.changedMs());
        }
        return true;
    }

    private void write(String name, String text, long changedMs) throws IOException {
        Path file = file(name);
        Files.createDirectories(directory);
        if (!Files.exists(file) && names().size() >= FILES_LIMIT) {
            throw new IOException("rule files must be at most " + FILES_LIMIT);
        }
        Path part = directory.resolve("." + name + ".part");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (FileChannel out =
                FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            out.force(true);
        }
        Files.setLastModifiedTime(part, FileTime.fromMillis(changedMs));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(gone(name));
        force();
    }

    /// Takes a file away.
    ///
    /// @return whether there was one
    public synchronized boolean delete(String name, long nowMs) throws IOException {
        return Files.exists(file(name)) && remove(name, after(name, nowMs));
    }

    private boolean remove(String name, long changedMs) throws IOException {
        Files.createDirectories(directory);
        Path gone = gone(name);
        Files.writeString(gone, "");
        Files.setLastModifiedTime(gone, FileTime.fromMillis(changedMs));
        boolean there = Files.deleteIfExists(file(name));
        force();
        return there;
    }

    private Path file(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "name of a rule file must fit " + NAME + ": found=" + name);
        }
        return directory.resolve(name + ENDING);
    }

    /// Names are on the disk once their directory is.
    private void force() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
