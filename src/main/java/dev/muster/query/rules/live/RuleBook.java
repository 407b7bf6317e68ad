package dev.muster.query.rules.live;

import dev.muster.query.rules.FileGlob;
import dev.muster.query.rules.RuleFile;
import dev.muster.query.rules.RuleFileException;
import dev.muster.query.rules.RuleGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The rule files as they were read. A file that is wrong keeps the groups that it had before.
///
/// @param files groups by the name of their file, in the order of the names
/// @param errors what is wrong, with file and, where known, line and column
public record RuleBook(Map<String, List<RuleGroup>> files, List<String> errors) {
    /// Nothing was read yet.
    public static final RuleBook EMPTY = new RuleBook(Map.of(), List.of());

    private static final String OF_DIRECTORY = "*.yml";
    private static final String OF_API = "api/";

    public RuleBook {
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
        errors = List.copyOf(errors);
    }

    /// Reads all files again.
    static RuleBook read(LiveConfig config, RuleBook before) {
        List<String> errors = new ArrayList<>();
        Map<String, List<RuleGroup>> files = new TreeMap<>();
        for (Path file : paths(config, errors)) {
            String name = file.toString();
            if (files.containsKey(name)) {
                continue;
            }
            try {
                files.put(name, read(config, file));
            } catch (RuleFileException e) {
                errors.addAll(e.errors());
                keep(name, before, files);
            } catch (IOException e) {
                errors.add(name + ": file cannot be read: " + e);
                keep(name, before, files);
            }
        }
        return new RuleBook(files, errors);
    }

    /// Groups of files that came over the API are known by the file's name alone: its directory may
    /// be another one on each node.
    private static List<RuleGroup> read(LiveConfig config, Path file)
            throws RuleFileException, IOException {
        boolean ofApi =
                config.directory()
                        .map(directory ->
                                file.toAbsolutePath()
                                        .normalize()
                                        .startsWith(directory.toAbsolutePath().normalize()))
                        .orElse(false);
        return ofApi
                ? RuleFile.parse(OF_API + file.getFileName(), Files.readString(file))
                : RuleFile.read(file);
    }

    private static void keep(String name, RuleBook before, Map<String, List<RuleGroup>> files) {
        List<RuleGroup> groups = before.files.get(name);
        if (groups != null) {
            files.put(name, groups);
        }
    }

    private static List<Path> paths(LiveConfig config, List<String> errors) {
        List<Path> paths = new ArrayList<>();
        Path here = Path.of("").toAbsolutePath();
        for (String pattern : config.files()) {
            add(here, pattern, paths, errors);
        }
        config.directory()
                .ifPresent(directory -> {
                    if (Files.isDirectory(directory)) {
                        add(directory, OF_DIRECTORY, paths, errors);
                    }
                });
        return paths;
    }

    private static void add(Path here, String pattern, List<Path> paths, List<String> errors) {
        try {
            List<Path> found = FileGlob.files(here, pattern);
            found.forEach(path -> paths.add(path.normalize()));
            if (found.isEmpty() && pattern.chars().noneMatch(c -> "*?[".indexOf(c) >= 0)) {
                errors.add(pattern + ": file must exist");
            }
        } catch (IOException e) {
            errors.add(pattern + ": " + e.getMessage());
        }
    }

    /// All groups, by file and in the order of each.
    List<RuleGroup> groups() {
        return files.values().stream().flatMap(List::stream).toList();
    }

    /// What a group is known by.
    static String key(RuleGroup group) {
        return group.file() + ";" + group.name();
    }
}
