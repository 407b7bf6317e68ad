package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.Place;
import dev.muster.yaml.YamlException;
import dev.muster.yaml.YamlMap;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Values as Prometheus' configuration writes them.
final class ScrapeValues {
    private ScrapeValues() {}

    static Duration duration(YamlMap map, String key, Duration fallback) throws YamlException {
        return map.duration(key, PrometheusDuration::parse).orElse(fallback);
    }

    static long size(YamlMap map, String key, long fallback) throws YamlException {
        return map.value(
                key,
                fallback,
                "a size such as 10MB",
                text -> ByteSize.parse(text).stream().boxed().findFirst());
    }

    static int count(YamlMap map, String key, int fallback) throws YamlException {
        return map.value(
                key, fallback, "a whole number from 0 to 2147483647", ScrapeValues::parseCount);
    }

    private static Optional<Integer> parseCount(String text) {
        try {
            int count = Integer.parseInt(text);
            return count < 0 ? Optional.empty() : Optional.of(count);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// A file, relative names from `directory` on; empty where none is given.
    static Optional<Path> path(YamlMap map, String key, Path directory) throws YamlException {
        String text = map.text(key, "");
        return text.isEmpty() ? Optional.empty() : Optional.of(path(map, key, directory, text));
    }

    /// Files, relative names from `directory` on.
    static List<Path> paths(YamlMap map, String key, Path directory) throws YamlException {
        List<Path> paths = new ArrayList<>();
        for (String text : map.texts(key)) {
            paths.add(path(map, key, directory, text));
        }
        return paths;
    }

    private static Path path(YamlMap map, String key, Path directory, String text)
            throws YamlException {
        try {
            return directory.resolve(text);
        } catch (InvalidPathException e) {
            throw map.error(key, key + " must be a path");
        }
    }

    /// Where the mapping starts.
    static Place place(YamlMap map) {
        return new Place(map.file(), map.line());
    }
}
