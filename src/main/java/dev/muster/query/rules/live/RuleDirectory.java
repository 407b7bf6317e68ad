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

    /// Writes a file, whole or not at all.
    ///
    /// @return whether there was none of that name
    /// @throws RuleFileException with all that is wrong in it; then nothing is written
    public synchronized boolean put(String name, String text)
            throws RuleFileException, IOException {
        Path file = file(name);
        var _ = RuleFile.parse(name + ENDING, text);
        Files.createDirectories(directory);
        boolean isNew = !Files.exists(file);
        if (isNew && names().size() >= FILES_LIMIT) {
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
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force();
        return isNew;
    }

    /// Takes a file away.
    ///
    /// @return whether there was one
    public synchronized boolean delete(String name) throws IOException {
        boolean there = Files.deleteIfExists(file(name));
        if (there) {
            force();
        }
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
