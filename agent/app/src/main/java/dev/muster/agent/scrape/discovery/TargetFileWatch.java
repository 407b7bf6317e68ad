package dev.muster.agent.scrape.discovery;

import dev.muster.agent.scrape.file.TargetFile;
import dev.muster.agent.scrape.job.TargetFiles;
import dev.muster.agent.scrape.job.TargetGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads target files and reads them again when they change. A file that is wrong keeps the targets
/// it had when it was last right; a file that is gone has none. Confined to one thread.
public final class TargetFileWatch {
    /// Most files that one pattern may match.
    private static final int FILES_LIMIT = 1_000;

    private record Seen(
            Object fileKey, long modifiedMs, long sizeBytes, List<TargetGroup> groups) {}

    private final Map<Path, Seen> seen = new HashMap<>();
    private final Map<Path, String> errors = new TreeMap<>();

    /// The groups of the files now, sorted by path.
    public List<TargetGroup> groups(TargetFiles files) {
        List<TargetGroup> groups = new ArrayList<>();
        for (Path path : paths(files)) {
            for (TargetGroup group : read(path)) {
                Map<String, String> labels = new HashMap<>(group.labels());
                labels.putAll(TargetRelabelling.fileMeta(path.toString()));
                groups.add(new TargetGroup(group.source(), group.addresses(), labels));
            }
        }
        return groups;
    }

    /// What is wrong with files now, by path.
    public Map<Path, String> errors() {
        return Map.copyOf(errors);
    }

    private List<TargetGroup> read(Path path) {
        @Nullable Seen before = seen.get(path);
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            Object fileKey = now.fileKey() == null ? path : now.fileKey();
            long modifiedMs = now.lastModifiedTime().toMillis();
            if (before != null
                    && before.fileKey.equals(fileKey)
                    && before.modifiedMs == modifiedMs
                    && before.sizeBytes == now.size()) {
                return before.groups;
            }
            List<TargetGroup> groups = TargetFile.read(path);
            seen.put(path, new Seen(fileKey, modifiedMs, now.size(), groups));
            errors.remove(path);
            return groups;
        } catch (IOException e) {
            errors.put(path, String.valueOf(e.getMessage()));
            return before == null ? List.of() : before.groups;
        }
    }

    private Set<Path> paths(TargetFiles files) {
        Set<Path> paths = new TreeSet<>();
        for (String name : files.names()) {
            Path path = files.directory().resolve(name);
            if (String.valueOf(path.getFileName()).contains("*")) {
                matching(path, paths);
            } else if (Files.exists(path)) {
                paths.add(path);
            }
        }
        return paths;
    }

    private void matching(Path pattern, Set<Path> into) {
        @Nullable Path directory = pattern.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(directory, String.valueOf(pattern.getFileName()))) {
            for (Path path : found) {
                if (into.size() >= FILES_LIMIT) {
                    errors.put(pattern, "pattern must match at most " + FILES_LIMIT + " files");
                    return;
                }
                into.add(path);
            }
            errors.remove(pattern);
        } catch (IOException | UncheckedIOException e) {
            errors.put(pattern, "directory must be readable: " + e);
        }
    }
}
