package dev.muster.query.template;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Templates of several texts that call each other by name. Immutable and thread-safe, if its
/// functions are.
public final class TemplateSet {
    private static final String GIVEN = "";

    private final Map<String, Definition> definitions;
    private final Map<String, TemplateFunction> functions;

    private TemplateSet(
            Map<String, Definition> definitions, Map<String, TemplateFunction> functions) {
        this.definitions = definitions;
        this.functions = functions;
    }

    /// No templates yet.
    ///
    /// @param functions they may call beside Go's own
    public static TemplateSet of(Map<String, TemplateFunction> functions) {
        return new TemplateSet(Map.of(), Builtins.with(functions));
    }

    /// These and those of a text. What is defined later holds, unless it is blank.
    ///
    /// @param file name of the text, for messages
    /// @throws TemplateException if it is wrong
    public TemplateSet with(String file, String text) throws TemplateException {
        return new TemplateSet(joined(file, text), functions);
    }

    /// Whether there is a template of that name.
    public boolean has(String name) {
        return definitions.containsKey(name);
    }

    /// What a text prints that may call these templates.
    ///
    /// @throws TemplateException if the text is wrong, fails or costs too much
    public String text(String text, @Nullable Object dot) throws TemplateException {
        return new Execution(GIVEN, joined(GIVEN, text), functions, false).run(dot);
    }

    /// The same as HTML: what values print is escaped, unless it is a [SafeText].
    ///
    /// @throws TemplateException if the text is wrong, fails or costs too much
    public String html(String text, @Nullable Object dot) throws TemplateException {
        return new Execution(GIVEN, joined(GIVEN, text), functions, true).run(dot);
    }

    private Map<String, Definition> joined(String file, String text) throws TemplateException {
        if (text.length() > Template.CHARS_LIMIT) {
            throw new TemplateException(
                    "template: "
                            + file
                            + ":1: text must have at most chars="
                            + Template.CHARS_LIMIT);
        }
        Map<String, List<Node>> parsed = TemplateParser.parse(file, text, functions.keySet());
        Map<String, Definition> all = new HashMap<>(definitions);
        parsed.forEach((name, nodes) -> {
            Definition added = new Definition(file, text, nodes);
            all.merge(name, added, (old, late) -> late.isBlank() ? old : late);
        });
        all.put(file, new Definition(file, text, parsed.getOrDefault(file, List.of())));
        return all;
    }
}
