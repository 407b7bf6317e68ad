package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.Discovery;
import dev.muster.agent.scrape.job.DiscoveryContext;
import dev.muster.agent.scrape.job.DiscoveryState;
import dev.muster.agent.scrape.job.TargetGroup;
import dev.muster.model.labels.Labels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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

/// Reads target files and, at each poll, reads those again that changed. A file that is wrong keeps
/// the targets it had when it was last right; a file that is gone has none. Thread-safe.
final class FileDiscovery implements Discovery {
    /// Most files that one entry may match.
    private static final int FILES_LIMIT = 1_000;

    private static final Logger LOG = System.getLogger(FileDiscovery.class.getName());

    private record Seen(
            Object fileKey, long modifiedMs, long sizeBytes, List<TargetGroup> groups) {}

    private final FileTargets settings;
    private final DiscoveryContext context;
    private final Map<Path, Seen> seen = new HashMap<>();
    private final Map<Path, String> errors = new TreeMap<>();
    private volatile DiscoveryState state = DiscoveryState.NONE;

    FileDiscovery(FileTargets settings, DiscoveryContext context) {
        this.settings = settings;
        this.context = context;
        poll();
    }

    @Override
    public String kind() {
        return settings.kind();
    }

    @Override
    public DiscoveryState state() {
        return state;
    }

    @Override
    public void close() {}

    @Override
    public synchronized void poll() {
        Map<Path, String> before = Map.copyOf(errors);
        List<TargetGroup> groups = new ArrayList<>();
        Set<Path> paths = paths();
        seen.keySet().retainAll(paths);
        errors.keySet().removeIf(path -> !paths.contains(path) && !isPattern(path));
        paths.forEach(path -> groups.addAll(read(path)));
        errors.forEach((path, error) -> {
            if (!error.equals(before.get(path))) {
                LOG.log(Level.WARNING, () -> "target file keeps its last targets: " + error);
            }
        });
        if (errors.isEmpty()) {
            context.metrics().refreshed(kind());
        } else {
            context.metrics().failed(kind());
        }
        long nowMs = Math.max(0, context.clock().millis());
        state =
                errors.isEmpty()
                        ? new DiscoveryState(groups, nowMs, "")
                        : new DiscoveryState(
                                groups, state.updatedMs(), String.join("; ", errors.values()));
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
            List<TargetGroup> groups =
                    TargetFile.read(path).stream().map(group -> withMeta(group, path)).toList();
            seen.put(path, new Seen(fileKey, modifiedMs, now.size(), groups));
            errors.remove(path);
            return groups;
        } catch (IOException e) {
            errors.put(path, String.valueOf(e.getMessage()));
            return before == null ? List.of() : before.groups;
        }
    }

    private static TargetGroup withMeta(TargetGroup group, Path path) {
        Labels labels = group.labels().toBuilder().set("__meta_filepath", path.toString()).build();
        return new TargetGroup(group.source(), group.targets(), labels);
    }

    private Set<Path> paths() {
        Set<Path> paths = new TreeSet<>();
        for (String name : settings.names()) {
            Path path = settings.directory().resolve(name);
            if (isPattern(path)) {
                matching(path, paths);
            } else if (Files.exists(path)) {
                paths.add(path);
            }
        }
        return paths;
    }

    private static boolean isPattern(Path path) {
        return String.valueOf(path.getFileName()).contains("*");
    }

    private void matching(Path pattern, Set<Path> into) {
        @Nullable Path directory = pattern.getParent();
        errors.remove(pattern);
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
        } catch (IOException | UncheckedIOException e) {
            errors.put(pattern, "directory must be readable: " + e);
        }
    }
}
