package dev.muster.yaml;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

/// A mapping in a YAML (or JSON) file that knows its lines. Every key asked for is a key that may
/// stand there; [#refuseOthers] refuses the rest. Confined to one thread.
public final class YamlMap {
    private static final String MERGE = "<<";
    private static final int MERGE_DEPTH_LIMIT = 20;

    /// So many known keys are named beside an unknown one.
    private static final int KNOWN_SHOWN = 12;

    private static final int SHOWN_CHARS = 100;

    private final YamlSource source;
    private final int line;
    private final int column;
    private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
    private final Set<String> asked = new TreeSet<>();

    private YamlMap(YamlSource source, MappingNode node) throws YamlException {
        this.source = source;
        line = YamlSource.lineOf(node);
        column = YamlSource.columnOf(node);
        Node merged = null;
        for (NodeTuple entry : node.getValue()) {
            source.count(node);
            String key = scalar(entry.getKeyNode(), "a key");
            if (key.equals(MERGE)) {
                merged = entry.getValueNode();
            } else if (entries.putIfAbsent(key, entry) != null) {
                throw source.error(
                        entry.getKeyNode(), "a key must not stand twice: found=" + shown(key));
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
    ///
    /// @throws YamlException if it is no YAML or too large
    public static YamlMap parse(String file, String text) throws YamlException {
        YamlSource source = new YamlSource(file);
        @Nullable Node root = source.compose(text);
        Node whole = root == null ? source.compose("{}") : root;
        return of(source, Objects.requireNonNull(whole), "the file");
    }

    /// The list of mappings that a file holds; an empty file is an empty list.
    public static List<YamlMap> parseList(String file, String text) throws YamlException {
        YamlSource source = new YamlSource(file);
        @Nullable Node root = source.compose(text);
        return root == null ? List.of() : maps(source, root, "the file");
    }

    /// The line where the mapping begins, from 1.
    public int line() {
        return line;
    }

    /// The column where the mapping begins, from 1.
    public int column() {
        return column;
    }

    /// The name of the file.
    public String file() {
        return source.file();
    }

    /// Line and column of the value of a key, `3:5`, or of the mapping where there is none.
    public String place(String key) {
        NodeTuple entry = entries.get(key);
        return entry == null
                ? line + ":" + column
                : YamlSource.lineOf(entry.getValueNode())
                        + ":"
                        + YamlSource.columnOf(entry.getValueNode());
    }

    /// Whether anything but null stands at a key.
    public boolean has(String key) {
        return node(key) != null;
    }

    /// The text of a single value; the fallback where there is none.
    public String text(String key, String fallback) throws YamlException {
        @Nullable Node node = node(key);
        return node == null ? fallback : scalar(node, key);
    }

    /// A value that stands there in words and is converted; `convert` is empty for a wrong one.
    public <T> T value(
            String key, T fallback, String expected, Function<String, Optional<T>> convert)
            throws YamlException {
        return value(key, expected, convert).orElse(fallback);
    }

    /// The same without a fallback: empty where nothing stands.
    public <T> Optional<T> value(String key, String expected, Function<String, Optional<T>> convert)
            throws YamlException {
        @Nullable Node node = node(key);
        if (node == null) {
            return Optional.empty();
        }
        String text = scalar(node, key);
        Optional<T> value = convert.apply(text);
        if (value.isEmpty()) {
            throw source.error(node, key + " must be " + expected + ": found=" + shown(text));
        }
        return value;
    }

    /// A duration such as `1h30m`; empty where there is none.
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
        @Nullable Node node = node(key);
        if (node instanceof ScalarNode scalar
                && scalar.getScalarStyle() != DumperOptions.ScalarStyle.PLAIN) {
            throw source.error(
                    node,
                    key
                            + " must be "
                            + expected
                            + ", not in quotes: found="
                            + shown(scalar.getValue()));
        }
    }

    /// A list of texts; empty where there is none.
    public List<String> texts(String key) throws YamlException {
        @Nullable Node node = node(key);
        return node == null ? List.of() : texts(node, key);
    }

    /// A mapping; empty where there is none.
    public Optional<YamlMap> map(String key) throws YamlException {
        @Nullable Node node = node(key);
        return node == null ? Optional.empty() : Optional.of(of(source, node, key));
    }

    /// A list of mappings; empty where there is none.
    public List<YamlMap> maps(String key) throws YamlException {
        @Nullable Node node = node(key);
        return node == null ? List.of() : maps(source, node, key);
    }

    /// A mapping of any keys to words, by key.
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

    /// A mapping of any keys to lists of words.
    public Map<String, List<String>> wordLists(String key) throws YamlException {
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
    public Map<String, YamlMap> namedMaps(String key) throws YamlException {
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
    public void allow(Collection<String> keys) {
        asked.addAll(keys);
    }

    /// How many entries the list at `key` has; 1 where there is something else, 0 without it.
    public int size(String key) {
        @Nullable Node node = node(key);
        return node == null ? 0 : node instanceof SequenceNode list ? list.getValue().size() : 1;
    }

    /// Line of `key`, or of the mapping where there is none.
    public int line(String key) {
        NodeTuple entry = entries.get(key);
        return entry == null ? line : YamlSource.lineOf(entry.getKeyNode());
    }

    /// Refuses keys that were never asked for.
    public void refuseOthers() throws YamlException {
        refuseOthers(Set.of());
    }

    /// Refuses keys that were never asked for.
    ///
    /// @param notCarried keys that Prometheus knows and this program does not carry
    public void refuseOthers(Set<String> notCarried) throws YamlException {
        for (Map.Entry<String, NodeTuple> entry : entries.entrySet()) {
            String key = entry.getKey();
            if (!asked.contains(key)) {
                throw source.error(
                        entry.getValue().getKeyNode(),
                        notCarried.contains(key)
                                ? "key is Prometheus' but not carried here: found=" + key
                                : unknown(key));
            }
        }
    }

    private String unknown(String key) {
        String message = "unknown key: found=" + shown(key);
        Optional<String> nearest = NearestKey.of(key, asked);
        return message
                + nearest.map(known -> ", nearest=" + known).orElse("")
                + (asked.size() <= KNOWN_SHOWN ? ", known=" + asked : "");
    }

    /// An error at `key`, or at the mapping where there is none.
    public YamlException error(String key, String message) {
        NodeTuple entry = entries.get(key);
        return entry == null
                ? new YamlException(source.file(), line, column, message, null)
                : source.error(entry.getKeyNode(), message);
    }

    /// The values by key, in the order of the file.
    Map<String, Node> nodes() {
        Map<String, Node> nodes = new LinkedHashMap<>();
        entries.forEach((key, entry) -> nodes.put(key, entry.getValueNode()));
        return nodes;
    }

    /// A value is looked at.
    void count(Node node) throws YamlException {
        source.count(node);
    }

    private @Nullable Node node(String key) {
        asked.add(key);
        NodeTuple entry = entries.get(key);
        return entry == null || YamlSource.isNull(entry.getValueNode())
                ? null
                : entry.getValueNode();
    }

    private static YamlMap of(YamlSource source, Node node, String what) throws YamlException {
        if (node instanceof MappingNode mapping) {
            return new YamlMap(source, mapping);
        }
        throw source.error(node, what + " must be a mapping: found=" + YamlSource.kind(node));
    }

    private static List<YamlMap> maps(YamlSource source, Node node, String what)
            throws YamlException {
        List<YamlMap> maps = new ArrayList<>();
        for (Node item : items(source, node, what)) {
            maps.add(of(source, item, "an entry of " + what));
        }
        return maps;
    }

    private List<String> texts(Node node, String what) throws YamlException {
        List<String> texts = new ArrayList<>();
        for (Node item : items(source, node, what)) {
            source.count(item);
            texts.add(YamlSource.isNull(item) ? "" : scalar(item, "an entry of " + what));
        }
        return texts;
    }

    private static List<Node> items(YamlSource source, Node node, String what)
            throws YamlException {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw source.error(node, what + " must be a list: found=" + YamlSource.kind(node));
    }

    private String scalar(Node node, String what) throws YamlException {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw source.error(node, what + " must be a single value: found=" + YamlSource.kind(node));
    }

    /// A value in a message: one line, not too long.
    public static String shown(String value) {
        String line = value.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= SHOWN_CHARS ? line : line.substring(0, SHOWN_CHARS) + "…";
    }
}
