package dev.muster.yaml;

import java.io.StringReader;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/// A YAML (or JSON) file that is being read: its name, and how much may still be read of it.
/// Confined to one thread.
final class YamlSource {
    /*
     * A few lines with aliases can stand for millions of values: what aliases stand for is counted
     * each time it is looked at.
     */
    private static final int VALUES_LIMIT = 1_000_000;
    private static final int ALIASES_LIMIT = 10_000;
    private static final int FILE_CHARS_LIMIT = 16 << 20;
    private static final int NESTING_LIMIT = 50;

    /// The scanner takes time with the square of brackets that are open at once, before its own
    /// limit on nesting comes to bear. Brackets in quotes and comments are counted, too.
    private static final int BRACKETS_LIMIT = 5_000;

    /// And with the square of a value or comment without a line end.
    private static final int LINE_CHARS_LIMIT = 2 << 20;

    private final String file;
    private int values;

    YamlSource(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }

    /// The tree of the first document of a text; null for an empty one.
    @Nullable Node compose(String text) throws YamlException {
        bound(text);
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(ALIASES_LIMIT);
        options.setCodePointLimit(FILE_CHARS_LIMIT);
        options.setNestingDepthLimit(NESTING_LIMIT);
        try {
            Iterator<Node> documents =
                    new Yaml(options).composeAll(new StringReader(text)).iterator();
            @Nullable Node node = documents.hasNext() ? documents.next() : null;
            return isNull(node) ? null : node;
        } catch (MarkedYAMLException e) {
            throw wrong(e);
        } catch (ReaderException e) {
            int before = Math.min(Math.max(0, e.getPosition()), text.length());
            int line = 1 + (int) text.substring(0, before).chars().filter(c -> c == '\n').count();
            throw new YamlException(file, line, "must be YAML: character is not allowed in it", e);
        } catch (YAMLException e) {
            throw new YamlException(file, 1, "must be YAML: " + oneLine(e.getMessage()), e);
        }
    }

    private void bound(String text) throws YamlException {
        if (text.length() > FILE_CHARS_LIMIT) {
            throw limit(1, "a file must have at most chars=" + FILE_CHARS_LIMIT);
        }
        int open = 0;
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '\n' -> {
                    line++;
                    lineStart = i;
                }
                case '[', '{' -> open++;
                case ']', '}' -> open = Math.max(0, open - 1);
                default -> {}
            }
            if (open > BRACKETS_LIMIT) {
                throw limit(line, "brackets must nest less deep: open=" + open);
            }
            if (i - lineStart > LINE_CHARS_LIMIT) {
                throw limit(line, "a line must have at most chars=" + LINE_CHARS_LIMIT);
            }
        }
    }

    private YamlException limit(int line, String message) {
        return new YamlException(file, line, "must be YAML: " + message, null);
    }

    private YamlException wrong(MarkedYAMLException e) {
        @Nullable Mark mark = e.getProblemMark();
        if (mark == null) {
            mark = e.getContextMark();
        }
        String message = "must be YAML: " + oneLine(e.getProblem());
        return mark == null
                ? new YamlException(file, 1, message, e)
                : new YamlException(file, mark.getLine() + 1, mark.getColumn() + 1, message, e);
    }

    private static String oneLine(@Nullable String text) {
        return text == null ? "wrong" : text.replaceAll("\\s+", " ").strip();
    }

    /// A value is looked at.
    void count(Node node) throws YamlException {
        if (++values > VALUES_LIMIT) {
            throw error(node, "aliases must not stand for more than values=" + VALUES_LIMIT);
        }
    }

    /// An error where a node begins.
    YamlException error(Node node, String message) {
        Mark mark = node.getStartMark();
        return new YamlException(file, mark.getLine() + 1, mark.getColumn() + 1, message, null);
    }

    static int lineOf(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    static int columnOf(Node node) {
        return node.getStartMark().getColumn() + 1;
    }

    static boolean isNull(@Nullable Node node) {
        return node == null || Tag.NULL.equals(node.getTag());
    }

    /// What a node is, for messages; not its value, which may be a secret that stands in the wrong
    /// place.
    static String kind(Node node) {
        return switch (node.getNodeId()) {
            case mapping -> "mapping";
            case sequence -> "list";
            case scalar -> "single value";
            case anchor -> "anchor";
        };
    }
}
