package dev.muster.agent.scrape.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Files by a path whose last part may hold `*` and `?`.
final class PathPattern {
    private static final int FILES_LIMIT = 1_000;

    private PathPattern() {}

    /// The files that are there now, sorted; a path without such signs must not be there to match.
    ///
    /// @throws IllegalArgumentException if it is no path, or its directory cannot be read
    static List<Path> matching(Path directory, String pattern) {
        Path path = directory.resolve(pattern);
        String name = String.valueOf(path.getFileName());
        @Nullable Path parent = path.getParent();
        if (parent == null || (name.indexOf('*') < 0 && name.indexOf('?') < 0)) {
            return Files.exists(path) ? List.of(path) : List.of();
        }
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        Pattern regex =
                Pattern.compile(
                        ("\\Q" + name + "\\E").replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"));
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(parent)) {
            for (Path file : files) {
                if (regex.matcher(String.valueOf(file.getFileName())).matches()) {
                    found.add(file);
                }
                if (found.size() > FILES_LIMIT) {
                    throw new IllegalArgumentException("pattern matches too many files");
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new IllegalArgumentException("directory cannot be read: " + parent, e);
        }
        found.sort(null);
        return found;
    }
}
