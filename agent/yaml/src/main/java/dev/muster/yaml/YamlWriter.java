package dev.muster.yaml;

import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/// Writes a mapping of a file as YAML again: with values that hold although they do not stand
/// there, and without secrets. Confined to one thread; for one text.
public final class YamlWriter {
    /// What stands in place of a secret.
    public static final String HIDDEN = "<secret>";

    private static final Resolver RESOLVER = new Resolver();

    private final Predicate<String> secret;
    private final Map<String, Node> entries = new LinkedHashMap<>();

    /// @param secret tells keys whose values are not to be shown, at any depth
    public YamlWriter(Predicate<String> secret) {
        this.secret = secret;
    }

    /// An entry with a single value.
    public void put(String key, String value) {
        entries.put(key, plain(value));
    }

    /// An entry with a list of single values.
    public void put(String key, List<String> values) {
        List<Node> items = new ArrayList<>();
        values.forEach(value -> items.add(plain(value)));
        entries.put(key, new SequenceNode(Tag.SEQ, items, FlowStyle.BLOCK));
    }

    /// The entries of a mapping that are not there yet.
    ///
    /// @throws YamlException if aliases stand for too much
    public void putOthers(YamlMap map) throws YamlException {
        for (Map.Entry<String, Node> entry : map.nodes().entrySet()) {
            if (!entries.containsKey(entry.getKey())) {
                entries.put(entry.getKey(), shown(entry.getKey(), entry.getValue(), map));
            }
        }
    }

    /// All entries as YAML, one a line.
    public String text() {
        List<NodeTuple> tuples = new ArrayList<>();
        entries.forEach((key, value) -> tuples.add(new NodeTuple(plain(key), value)));
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(FlowStyle.BLOCK);
        options.setSplitLines(false);
        StringWriter out = new StringWriter();
        try {
            new Yaml(options).serialize(new MappingNode(Tag.MAP, tuples, FlowStyle.BLOCK), out);
        } catch (UncheckedIOException e) {
            throw new IllegalStateException("a text takes what is written", e);
        }
        return out.toString();
    }

    private static Node plain(String value) {
        Tag tag = RESOLVER.resolve(NodeId.scalar, value, true);
        return new ScalarNode(tag, value, null, null, ScalarStyle.PLAIN);
    }

    private Node shown(String key, Node node, YamlMap map) throws YamlException {
        map.count(node);
        return switch (node) {
            case MappingNode mapping -> {
                List<NodeTuple> tuples = new ArrayList<>();
                for (NodeTuple entry : mapping.getValue()) {
                    String below =
                            entry.getKeyNode() instanceof ScalarNode scalar
                                    ? scalar.getValue()
                                    : "";
                    tuples.add(
                            new NodeTuple(
                                    entry.getKeyNode(), shown(below, entry.getValueNode(), map)));
                }
                yield new MappingNode(Tag.MAP, tuples, FlowStyle.BLOCK);
            }
            case SequenceNode list -> {
                List<Node> items = new ArrayList<>();
                for (Node item : list.getValue()) {
                    items.add(shown(key, item, map));
                }
                yield new SequenceNode(Tag.SEQ, items, FlowStyle.BLOCK);
            }
            case ScalarNode scalar ->
                    secret.test(key) && !scalar.getValue().isEmpty()
                            ? plain(HIDDEN)
                            : new ScalarNode(
                                    scalar.getTag(),
                                    withoutPassword(scalar.getValue()),
                                    null,
                                    null,
                                    scalar.getScalarStyle());
            default -> node;
        };
    }

    /// A URL may have a password: it is shown as Go does.
    private static String withoutPassword(String value) {
        return value.contains("://")
                ? value.replaceAll("(://[^/@:\\s]*):[^/@\\s]+@", "$1:xxxxx@")
                : value;
    }
}
