package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.Place;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/// A mapping in a YAML (or JSON) file that knows its lines. Every key asked for is a key that may
/// stand there; [#refuseOthers] refuses the rest. Confined to one thread.
public final class YamlMap {
    private static final String MERGE = "<<";
    private static final int MERGE_DEPTH_LIMIT = 20;

    /// So many known keys are named beside an unknown one.
    private static final int KNOWN_SHOWN = 12;

    private final YamlSource source;
    private final int line;
    private final int column;
    private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
    private final Set<String> asked = new TreeSet<>();

    private YamlMap(YamlSource source, MappingNode node) throws ScrapeFileException {
        this.source = source;
        line = YamlSource.lineOf(node);
        column = node.getStartMark().getColumn() + 1;
        Node merged = null;
        for (NodeTuple entry : node.getValue()) {
            source.count(node);
            String key = scalar(entry.getKeyNode(), "a key");
            if (key.equals(MERGE)) {
                merged = entry.getValueNode();
            } else if (entries.putIfAbsent(key, entry) != null) {
                throw source.error(
                        entry.getKeyNode(),
                        "a key must not stand twice: found=" + YamlSource.shown(key));
            }
        }
        if (merged != null) {
            merge(merged, new HashSet<>(), 0);
        }
    }

    /// Takes the entries of `<<` that do not stand here; the first of a list wins.
    private void merge(Node from, Set<Node> seen, int depth) throws ScrapeFileException {
        if (depth > MERGE_DEPTH_LIMIT) {
            throw source.error(from, "<< must not nest deeper than levels=" + MERGE_DEPTH_LIMIT);
        }
        if (!seen.add(from)) {
            return;
        }
        switch (from) {
            case SequenceNode list -> {
                for (Node item : list.getValue()) {
                    merge(item, seen, depth + 1);
                }
            }
            case MappingNode map -> {
                Node deeper = null;
                for (NodeTuple entry : map.getValue()) {
                    source.count(map);
                    String key = scalar(entry.getKeyNode(), "a key");
                    if (key.equals(MERGE)) {
                        deeper = entry.getValueNode();
                    } else {
                        entries.putIfAbsent(key, entry);
                    }
                }
                if (deeper != null) {
                    merge(deeper, seen, depth + 1);
                }
            }
            default ->
                    throw source.error(
                            from, "<< must be a mapping: found=" + YamlSource.kind(from));
        }
    }

    /// The mapping that a file holds; an empty file is an empty mapping.
    public static YamlMap parse(String file, String text) throws ScrapeFileException {
        YamlSource source = new YamlSource(file);
        @Nullable Node root = source.compose(text);
        Node whole = root == null ? source.compose("{}") : root;
        return of(source, Objects.requireNonNull(whole), "the file");
    }

    /// The list of mappings that a file holds; an empty file is an empty list.
    static List<YamlMap> parseList(String file, String text) throws ScrapeFileException {
        YamlSource source = new YamlSource(file);
        @Nullable Node root = source.compose(text);
        return root == null ? List.of() : maps(source, root, "the file");
    }

    int line() {
        return line;
    }

    /// Where the mapping starts.
    Place place() {
        return new Place(source.file(), line);
    }

    public boolean has(String key) {
        return node(key) != null;
    }

    String text(String key, String fallback) throws ScrapeFileException {
        @Nullable Node node = node(key);
        return node == null ? fallback : scalar(node, key);
    }

    /// A value that stands there in words and is converted; `convert` is empty for a wrong one.
    public <T> T value(
            String key, T fallback, String expected, Function<String, Optional<T>> convert)
            throws ScrapeFileException {
        @Nullable Node node = node(key);
        if (node == null) {
            return fallback;
        }
        String text = scalar(node, key);
        Optional<T> value = convert.apply(text);
        if (value.isEmpty()) {
            throw source.error(
                    node, key + " must be " + expected + ": found=" + YamlSource.shown(text));
        }
        return value.get();
    }

    Duration duration(String key, Duration fallback) throws ScrapeFileException {
        return value(key, fallback, "a duration such as 15s", PrometheusDuration::parse);
    }

    long size(String key, long fallback) throws ScrapeFileException {
        return value(
                key,
                fallback,
                "a size such as 10MB",
                text -> ByteSize.parse(text).stream().boxed().findFirst());
    }

    int count(String key, int fallback) throws ScrapeFileException {
        return value(key, fallback, "a whole number from 0 to 2147483647", YamlMap::parseCount);
    }

    boolean flag(String key, boolean fallback) throws ScrapeFileException {
        return value(key, fallback, "true or false", YamlMap::parseFlag);
    }

    /// A file, relative names from `directory` on; empty where none is given.
    Optional<Path> path(String key, Path directory) throws ScrapeFileException {
        return value(
                key,
                Optional.empty(),
                "a path",
                text -> {
                    try {
                        return Optional.of(
                                text.isEmpty()
                                        ? Optional.empty()
                                        : Optional.of(directory.resolve(text)));
                    } catch (InvalidPathException e) {
                        return Optional.empty();
                    }
                });
    }

    /// Files, relative names from `directory` on.
    List<Path> paths(String key, Path directory) throws ScrapeFileException {
        List<Path> paths = new ArrayList<>();
        for (String text : texts(key)) {
            try {
                paths.add(directory.resolve(text));
            } catch (InvalidPathException e) {
                throw error(key, "an entry of " + key + " must be a path");
            }
        }
        return paths;
    }

    List<String> texts(String key) throws ScrapeFileException {
        @Nullable Node node = node(key);
        return node == null ? List.of() : texts(node, key);
    }

    public Optional<YamlMap> map(String key) throws ScrapeFileException {
        @Nullable Node node = node(key);
        return node == null ? Optional.empty() : Optional.of(of(source, node, key));
    }

    List<YamlMap> maps(String key) throws ScrapeFileException {
        @Nullable Node node = node(key);
        return node == null ? List.of() : maps(source, node, key);
    }

    /// A mapping of any keys to words.
    Map<String, String> words(String key) throws ScrapeFileException {
        Map<String, String> words = new LinkedHashMap<>();
        Optional<YamlMap> map = map(key);
        if (map.isPresent()) {
            for (String name : map.get().entries.keySet()) {
                words.put(name, map.get().text(name, ""));
            }
        }
        return words;
    }

    /// A mapping of any keys to lists of words.
    public Map<String, List<String>> wordLists(String key) throws ScrapeFileException {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        Optional<YamlMap> map = map(key);
        if (map.isPresent()) {
            for (String name : map.get().entries.keySet()) {
                lists.put(name, map.get().texts(name));
            }
        }
        return lists;
    }

    /// A mapping of any keys to mappings.
    public Map<String, YamlMap> namedMaps(String key) throws ScrapeFileException {
        Map<String, YamlMap> maps = new LinkedHashMap<>();
        Optional<YamlMap> map = map(key);
        if (map.isPresent()) {
            for (String name : map.get().entries.keySet()) {
                @Nullable Node node = map.get().node(name);
                if (node != null) {
                    maps.put(name, of(source, node, name));
                }
            }
        }
        return maps;
    }

    /// Keys that may stand there, whatever their values are.
    void allow(Collection<String> keys) {
        asked.addAll(keys);
    }

    /// How many entries the list at `key` has; 1 where there is something else, 0 without it.
    int size(String key) {
        @Nullable Node node = node(key);
        return node == null ? 0 : node instanceof SequenceNode list ? list.getValue().size() : 1;
    }

    /// Line of `key`, or of the mapping where there is none.
    int line(String key) {
        NodeTuple entry = entries.get(key);
        return entry == null ? line : YamlSource.lineOf(entry.getKeyNode());
    }

    /// Refuses keys that were never asked for.
    ///
    /// @param notCarried keys that Prometheus knows and this agent does not carry
    public void refuseOthers(Set<String> notCarried) throws ScrapeFileException {
        for (Map.Entry<String, NodeTuple> entry : entries.entrySet()) {
            String key = entry.getKey();
            if (!asked.contains(key)) {
                throw source.error(
                        entry.getValue().getKeyNode(),
                        notCarried.contains(key)
                                ? "key is Prometheus' but not carried by this agent: found=" + key
                                : unknown(key));
            }
        }
    }

    private String unknown(String key) {
        String message = "unknown key: found=" + YamlSource.shown(key);
        Optional<String> nearest = NearestKey.of(key, asked);
        return message
                + nearest.map(known -> ", nearest=" + known).orElse("")
                + (asked.size() <= KNOWN_SHOWN ? ", known=" + asked : "");
    }

    /// An error at `key`, or at the mapping where there is none.
    public ScrapeFileException error(String key, String message) {
        NodeTuple entry = entries.get(key);
        return entry == null
                ? new ScrapeFileException(source.file(), line, column, message, null)
                : source.error(entry.getKeyNode(), message);
    }

    private @Nullable Node node(String key) {
        asked.add(key);
        NodeTuple entry = entries.get(key);
        return entry == null || YamlSource.isNull(entry.getValueNode())
                ? null
                : entry.getValueNode();
    }

    private static YamlMap of(YamlSource source, Node node, String what)
            throws ScrapeFileException {
        if (node instanceof MappingNode mapping) {
            return new YamlMap(source, mapping);
        }
        throw source.error(node, what + " must be a mapping: found=" + YamlSource.kind(node));
    }

    private static List<YamlMap> maps(YamlSource source, Node node, String what)
            throws ScrapeFileException {
        List<YamlMap> maps = new ArrayList<>();
        for (Node item : items(source, node, what)) {
            maps.add(of(source, item, "an entry of " + what));
        }
        return maps;
    }

    private List<String> texts(Node node, String what) throws ScrapeFileException {
        List<String> texts = new ArrayList<>();
        for (Node item : items(source, node, what)) {
            source.count(item);
            texts.add(scalar(item, "an entry of " + what));
        }
        return texts;
    }

    private static List<Node> items(YamlSource source, Node node, String what)
            throws ScrapeFileException {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw source.error(node, what + " must be a list: found=" + YamlSource.kind(node));
    }

    private String scalar(Node node, String what) throws ScrapeFileException {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw source.error(node, what + " must be a single value: found=" + YamlSource.kind(node));
    }

    private static Optional<Integer> parseCount(String text) {
        try {
            int count = Integer.parseInt(text);
            return count < 0 ? Optional.empty() : Optional.of(count);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Boolean> parseFlag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> Optional.of(true);
            case "false", "no", "off" -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
