package dev.muster.query.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/// Patterns of file names as Go's `filepath.Glob` has them: `*`, `?` and `[a-z]` within a name.
public final class FileGlob {
    private static final int FILES_LIMIT = 10_000;

    private FileGlob() {}

    /// The files that match, sorted; none where there is no such file.
    ///
    /// @param directory where relative patterns start
    /// @throws IOException if a directory cannot be read, or too many files match
    public static List<Path> files(Path directory, String pattern) throws IOException {
        boolean absolute = pattern.startsWith("/");
        List<Path> found = List.of(absolute ? Path.of("/") : directory);
        for (String segment : pattern.split("/", -1)) {
            if (!segment.isEmpty()) {
                found = next(found, segment);
            }
        }
        return found;
    }

    private static List<Path> next(List<Path> directories, String segment) throws IOException {
        List<Path> found = new ArrayList<>();
        boolean plain = segment.chars().noneMatch(c -> "*?[\\".indexOf(c) >= 0);
        for (Path directory : directories) {
            if (plain) {
                Path file = directory.resolve(segment);
                if (Files.exists(file)) {
                    found.add(file);
                }
            } else if (Files.isDirectory(directory)) {
                Pattern pattern = pattern(segment);
                try (Stream<Path> all = Files.list(directory)) {
                    all.filter(file -> pattern.matcher(file.getFileName().toString()).matches())
                            .sorted()
                            .forEach(found::add);
                }
            }
            if (found.size() > FILES_LIMIT) {
                throw new IOException("pattern must match at most files=" + FILES_LIMIT);
            }
        }
        return found;
    }

    private static Pattern pattern(String segment) throws IOException {
        StringBuilder regex = new StringBuilder();
        boolean inClass = false;
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (inClass) {
                inClass = c != ']';
                regex.append(c == '[' || c == '&' ? "\\" + c : String.valueOf(c));
            } else {
                switch (c) {
                    case '*' -> regex.append(".*");
                    case '?' -> regex.append('.');
                    case '[' -> {
                        regex.append('[');
                        inClass = true;
                    }
                    case '\\' -> {
                        i = Math.min(i + 1, segment.length() - 1);
                        regex.append(Pattern.quote(segment.substring(i, i + 1)));
                    }
                    default -> regex.append(Pattern.quote(String.valueOf(c)));
                }
            }
        }
        try {
            return Pattern.compile(regex.toString());
        } catch (PatternSyntaxException e) {
            throw new IOException("syntax error in pattern: found=" + segment, e);
        }
    }
}
