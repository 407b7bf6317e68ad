package dev.muster.agent.scrape.file;

import dev.muster.agent.scrape.job.Place;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
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
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// A mapping in a YAML (or JSON) file that knows its lines. Every key asked for is a key that may
/// stand there; [#refuseOthers] refuses the rest. Confined to one thread.
final class YamlMap {
    /// Aliases to collections in one file, so that a few lines cannot become millions.
    private static final int ALIASES_LIMIT = 50;

    private static final int FILE_CHARS_LIMIT = 16 << 20;

    private final String file;
    private final int line;
    private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
    private final Set<String> asked = new TreeSet<>();

    private YamlMap(String file, MappingNode node) throws ScrapeFileException {
        this.file = file;
        line = lineOf(node);
        for (NodeTuple entry : node.getValue()) {
            String key = scalar(file, entry.getKeyNode(), "a key");
            if (entries.putIfAbsent(key, entry) != null) {
                throw error(entry.getKeyNode(), "a key must not stand twice: found=" + key);
            }
        }
    }

    /// The mapping that a file holds; an empty file is an empty mapping.
    static YamlMap parse(String file, String text) throws ScrapeFileException {
        @Nullable Node root = compose(file, text);
        return root == null ? empty(file) : of(file, root, "the file");
    }

    /// The list of mappings that a file holds; an empty file is an empty list.
    static List<YamlMap> parseList(String file, String text) throws ScrapeFileException {
        @Nullable Node root = compose(file, text);
        return root == null ? List.of() : maps(file, root, "the file");
    }

    private static YamlMap empty(String file) throws ScrapeFileException {
        @Nullable Node node = compose(file, "{}");
        return of(file, Objects.requireNonNull(node), "the file");
    }

    private static @Nullable Node compose(String file, String text) throws ScrapeFileException {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(ALIASES_LIMIT);
        options.setCodePointLimit(FILE_CHARS_LIMIT);
        try {
            @Nullable Node node = new Yaml(options).compose(new StringReader(text));
            return isNull(node) ? null : node;
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw new ScrapeFileException(file, line, "must be YAML: " + e.getProblem(), e);
        } catch (YAMLException e) {
            throw new ScrapeFileException(file, 0, "must be YAML: " + e.getMessage(), e);
        }
    }

    int line() {
        return line;
    }

    /// Where the mapping starts.
    Place place() {
        return new Place(file, line);
    }

    boolean has(String key) {
        return node(key) != null;
    }

    String text(String key, String fallback) throws ScrapeFileException {
        @Nullable Node node = node(key);
        return node == null ? fallback : scalar(file, node, key);
    }

    /// A value that stands there in words and is converted; `convert` is empty for a wrong one.
    <T> T value(String key, T fallback, String expected, Function<String, Optional<T>> convert)
            throws ScrapeFileException {
        @Nullable Node node = node(key);
        if (node == null) {
            return fallback;
        }
        String text = scalar(file, node, key);
        Optional<T> value = convert.apply(text);
        if (value.isEmpty()) {
            throw error(node, key + " must be " + expected + ": found=" + text);
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

    List<String> texts(String key) throws ScrapeFileException {
        @Nullable Node node = node(key);
        return node == null ? List.of() : texts(file, node, key);
    }

    Optional<YamlMap> map(String key) throws ScrapeFileException {
        @Nullable Node node = node(key);
        return node == null ? Optional.empty() : Optional.of(of(file, node, key));
    }

    List<YamlMap> maps(String key) throws ScrapeFileException {
        @Nullable Node node = node(key);
        return node == null ? List.of() : maps(file, node, key);
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
    Map<String, List<String>> wordLists(String key) throws ScrapeFileException {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        Optional<YamlMap> map = map(key);
        if (map.isPresent()) {
            for (String name : map.get().entries.keySet()) {
                lists.put(name, map.get().texts(name));
            }
        }
        return lists;
    }

    /// Refuses keys that were never asked for.
    ///
    /// @param notCarried keys that Prometheus knows and this agent does not carry
    void refuseOthers(Set<String> notCarried) throws ScrapeFileException {
        for (Map.Entry<String, NodeTuple> entry : entries.entrySet()) {
            String key = entry.getKey();
            if (!asked.contains(key)) {
                String message =
                        notCarried.contains(key)
                                ? "key is Prometheus' but not carried by this agent: found=" + key
                                : "unknown key: found=" + key + ", known=" + asked;
                throw error(entry.getValue().getKeyNode(), message);
            }
        }
    }

    /// An error at the value of `key`, or at the mapping where there is none.
    ScrapeFileException error(String key, String message) {
        NodeTuple entry = entries.get(key);
        return entry == null
                ? new ScrapeFileException(file, line, message, null)
                : error(entry.getKeyNode(), message);
    }

    private ScrapeFileException error(Node node, String message) {
        return error(file, node, message);
    }

    private @Nullable Node node(String key) {
        asked.add(key);
        NodeTuple entry = entries.get(key);
        return entry == null || isNull(entry.getValueNode()) ? null : entry.getValueNode();
    }

    private static YamlMap of(String file, Node node, String what) throws ScrapeFileException {
        if (node instanceof MappingNode mapping) {
            return new YamlMap(file, mapping);
        }
        throw error(file, node, what + " must be a mapping: found=" + kind(node));
    }

    private static List<YamlMap> maps(String file, Node node, String what)
            throws ScrapeFileException {
        List<YamlMap> maps = new ArrayList<>();
        for (Node item : items(file, node, what)) {
            maps.add(of(file, item, "an entry of " + what));
        }
        return maps;
    }

    private static List<String> texts(String file, Node node, String what)
            throws ScrapeFileException {
        List<String> texts = new ArrayList<>();
        for (Node item : items(file, node, what)) {
            texts.add(scalar(file, item, "an entry of " + what));
        }
        return texts;
    }

    private static List<Node> items(String file, Node node, String what)
            throws ScrapeFileException {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw error(file, node, what + " must be a list: found=" + kind(node));
    }

    private static String scalar(String file, Node node, String what) throws ScrapeFileException {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw error(file, node, what + " must be a single value: found=" + kind(node));
    }

    private static String kind(Node node) {
        return switch (node.getNodeId()) {
            case mapping -> "mapping";
            case sequence -> "list";
            case scalar -> ((ScalarNode) node).getValue();
            case anchor -> "anchor";
        };
    }

    private static boolean isNull(@Nullable Node node) {
        return node == null || Tag.NULL.equals(node.getTag());
    }

    private static ScrapeFileException error(String file, Node node, String message) {
        return new ScrapeFileException(file, lineOf(node), message, null);
    }

    private static int lineOf(Node node) {
        return node.getStartMark().getLine() + 1;
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
