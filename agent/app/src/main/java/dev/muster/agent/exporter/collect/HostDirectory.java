package dev.muster.agent.exporter.collect;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// A directory of /proc or /sys: small files that come and go with their devices.
///
/// What is not there, or cannot be read just now, is absent rather than an error: a device may
/// leave between two reads, and drivers refuse single files. Immutable.
public final class HostDirectory {
    /// Longer files of /proc and /sys are cut: none that is read here is longer.
    private static final int FILE_LIMIT = 4 << 20;

    private static final Pattern DECIMAL = Pattern.compile("[-+]?\\d+(\\.\\d*)?");
    private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]{1,16}");

    /// What drivers say of a counter that the device does not have.
    private static final String NOT_COUNTED = "0xffffffffffffffff";

    private final Path path;

    /// @param path need not be there
    public HostDirectory(Path path) {
        this.path = path;
    }

    public Path path() {
        return path;
    }

    /// The last part of its path.
    public String name() {
        return String.valueOf(path.getFileName());
    }

    public boolean exists() {
        return Files.isDirectory(path);
    }

    /// What lies below, or is linked from, here; it need not be there.
    public HostDirectory below(String relative) {
        return new HostDirectory(path.resolve(relative));
    }

    /// Entries by name whose whole name fits, directories and links to them; empty if there are
    /// none.
    public List<HostDirectory> directories(Pattern names) {
        return entries(names).stream().filter(HostDirectory::exists).toList();
    }

    /// All entries by name whose whole name fits.
    public List<HostDirectory> entries(Pattern names) {
        List<HostDirectory> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(path)) {
            for (Path entry : all) {
                if (names.matcher(String.valueOf(entry.getFileName())).matches()) {
                    found.add(new HostDirectory(entry));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        found.sort((one, other) -> one.name().compareTo(other.name()));
        return found;
    }

    /// Content of a file, without blanks at its ends.
    public Optional<String> text(String file) {
        try (InputStream in = Files.newInputStream(path.resolve(file))) {
            byte[] bytes = in.readNBytes(FILE_LIMIT);
            return Optional.of(new String(bytes, StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Content of a file, or the empty text.
    public String textOrEmpty(String file) {
        return text(file).orElse("");
    }

    /// Lines of a file; none if it is not there.
    public List<String> lines(String file) {
        return text(file).map(content -> content.lines().toList()).orElse(List.of());
    }

    /// A file that must be there.
    ///
    /// @throws NoDataException if it is not
    public String required(String file) throws NoDataException {
        return text(file)
                .orElseThrow(() -> new NoDataException("host has no file " + path.resolve(file)));
    }

    /// The number that a file holds, decimal or hexadecimal with `0x`; absent if it holds something
    /// else.
    public OptionalDouble number(String file) {
        return text(file).map(HostDirectory::parse).orElse(OptionalDouble.empty());
    }

    /// A number as the kernel writes them, decimal or hexadecimal with `0x`; absent for something
    /// else, and for what a driver does not count (all ones).
    public static OptionalDouble parse(String text) {
        if (DECIMAL.matcher(text).matches()) {
            return OptionalDouble.of(Double.parseDouble(text));
        }
        return HEXADECIMAL.matcher(text).matches() && !text.equals(NOT_COUNTED)
                ? OptionalDouble.of(Long.parseUnsignedLong(text, 2, text.length(), 16))
                : OptionalDouble.empty();
    }

    /// Where it is when all links are followed; absent if it is not there.
    public Optional<Path> real() {
        try {
            return Optional.of(path.toRealPath());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
