package dev.muster.query.yaml;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/// A mapping in a YAML file. Every key asked for is a key that may stand there; [#refuseOthers]
/// refuses the rest. Confined to one thread.
public final class YamlMap {
    private static final String MERGE = "<<";
    private static final int MERGE_DEPTH_LIMIT = 20;

    private final YamlSource source;
    private final Node whole;
    private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
    private final Set<String> asked = new TreeSet<>();

    private YamlMap(YamlSource source, @Nullable MappingNode node, Node whole)
            throws YamlException {
        this.source = source;
        this.whole = whole;
        if (node != null) {
            read(node);
        }
    }

    private void read(MappingNode node) throws YamlException {
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
    private void merge(Node from, Set<Node> seen, int depth) throws YamlException {
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
                for (NodeTuple entry : map.getValue()) {
                    source.count(map);
                    String key = scalar(entry.getKeyNode(), "a key");
                    if (key.equals(MERGE)) {
                        merge(entry.getValueNode(), seen, depth + 1);
                    } else {
                        entries.putIfAbsent(key, entry);
                    }
                }
            }
            default ->
                    throw source.error(
                            from, "<< must be a mapping: found=" + YamlSource.kind(from));
        }
    }

    /// The mapping that the first document of a file holds; an empty file is an empty mapping.
    ///
    /// @throws YamlException if it is no YAML or too large
    public static YamlMap parse(String file, String text) throws YamlException {
        YamlSource source = new YamlSource(file);
        Node root = source.compose(text);
        if (root == null) {
            Node nothing = source.compose("{}");
            if (nothing == null) {
                throw new IllegalStateException("an empty mapping must be YAML");
            }
            return new YamlMap(source, null, nothing);
        }
        return of(source, root, "the file");
    }

    /// The line where the mapping begins, from 1.
    public int line() {
        return whole.getStartMark().getLine() + 1;
    }

    /// The column where the mapping begins, from 1.
    public int column() {
        return whole.getStartMark().getColumn() + 1;
    }

    /// Line and column of the value of a key, `3:5`, or of the mapping where there is none.
    public String place(String key) {
        NodeTuple entry = entries.get(key);
        Node node = entry == null ? whole : entry.getValueNode();
        return (node.getStartMark().getLine() + 1) + ":" + (node.getStartMark().getColumn() + 1);
    }

    /// The text of a single value; the fallback where there is none.
    public String text(String key, String fallback) throws YamlException {
        Node node = node(key);
        return node == null ? fallback : scalar(node, key);
    }

    /// A value that stands there in words and is converted; `convert` is empty for a wrong one.
    public <T> Optional<T> value(String key, String expected, Function<String, Optional<T>> convert)
            throws YamlException {
        Node node = node(key);
        if (node == null) {
            return Optional.empty();
        }
        String text = scalar(node, key);
        Optional<T> value = convert.apply(text);
        if (value.isEmpty()) {
            throw source.error(
                    node, key + " must be " + expected + ": found=" + YamlSource.shown(text));
        }
        return value;
    }

    /// A duration such as `1h30m`.
    ///
    /// @param parse answers milliseconds
    public Optional<Duration> duration(String key, Function<String, Optional<Duration>> parse)
            throws YamlException {
        return value(key, "a duration such as 15s", parse);
    }

    /// A whole number that stands there without quotes.
    public long count(String key, long fallback) throws YamlException {
        requirePlain(key, "a whole number");
        return value(key, "a whole number", YamlNumbers::whole).orElse(fallback);
    }

    /// A number that stands there without quotes.
    public double number(String key, double fallback) throws YamlException {
        requirePlain(key, "a number");
        return value(key, "a number", YamlNumbers::number).orElse(fallback);
    }

    /// A truth value that stands there without quotes.
    public boolean flag(String key, boolean fallback) throws YamlException {
        requirePlain(key, "true or false");
        return value(key, "true or false", YamlNumbers::flag).orElse(fallback);
    }

    private void requirePlain(String key, String expected) throws YamlException {
        Node node = node(key);
        if (node instanceof ScalarNode scalar
                && scalar.getScalarStyle() != DumperOptions.ScalarStyle.PLAIN) {
            throw source.error(
                    node,
                    key
                            + " must be "
                            + expected
                            + ", not in quotes: found="
                            + YamlSource.shown(scalar.getValue()));
        }
    }

    /// A list of texts; empty where there is none.
    public List<String> texts(String key) throws YamlException {
        List<String> texts = new ArrayList<>();
        for (Node item : items(key)) {
            texts.add(YamlSource.isNull(item) ? "" : scalar(item, "an entry of " + key));
        }
        return texts;
    }

    /// A mapping; empty where there is none.
    public Optional<YamlMap> map(String key) throws YamlException {
        Node node = node(key);
        return node == null ? Optional.empty() : Optional.of(of(source, node, key));
    }

    /// A list of mappings; empty where there is none.
    public List<YamlMap> maps(String key) throws YamlException {
        List<YamlMap> maps = new ArrayList<>();
        for (Node item : items(key)) {
            maps.add(of(source, item, "an entry of " + key));
        }
        return maps;
    }

    /// A mapping of any keys to texts, by key.
    public SortedMap<String, String> words(String key) throws YamlException {
        SortedMap<String, String> words = new TreeMap<>();
        Optional<YamlMap> map = map(key);
        if (map.isPresent()) {
            for (String name : map.get().entries.keySet()) {
                words.put(name, map.get().text(name, ""));
            }
        }
        return words;
    }

    /// Refuses keys that were never asked for.
    public void refuseOthers() throws YamlException {
        for (Map.Entry<String, NodeTuple> entry : entries.entrySet()) {
            String key = entry.getKey();
            if (!asked.contains(key)) {
                throw source.error(
                        entry.getValue().getKeyNode(),
                        "unknown key: found="
                                + YamlSource.shown(key)
                                + NearestKey.of(key, asked)
                                        .map(known -> ", nearest=" + known)
                                        .orElse("")
                                + ", known="
                                + asked);
            }
        }
    }

    /// An error at the value of `key`, or at the mapping where there is none.
    public YamlException error(String key, String message) {
        NodeTuple entry = entries.get(key);
        return source.error(entry == null ? whole : entry.getValueNode(), message);
    }

    private @Nullable Node node(String key) {
        asked.add(key);
        NodeTuple entry = entries.get(key);
        return entry == null || YamlSource.isNull(entry.getValueNode())
                ? null
                : entry.getValueNode();
    }

    private static YamlMap of(YamlSource source, Node node, String what) throws YamlException {
        if (YamlSource.isNull(node)) {
            return new YamlMap(source, null, node);
        }
        if (node instanceof MappingNode mapping) {
            return new YamlMap(source, mapping, node);
        }
        throw source.error(node, what + " must be a mapping: found=" + YamlSource.kind(node));
    }

    private List<Node> items(String key) throws YamlException {
        Node node = node(key);
        if (node == null) {
            return List.of();
        }
        if (node instanceof SequenceNode list) {
            for (Node item : list.getValue()) {
                source.count(item);
            }
            return list.getValue();
        }
        throw source.error(node, key + " must be a list: found=" + YamlSource.kind(node));
    }

    private String scalar(Node node, String what) throws YamlException {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw source.error(node, what + " must be a single value: found=" + YamlSource.kind(node));
    }
}
