package dev.muster.query.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A parsed template. Immutable and thread-safe, if its functions are.
public final class Template {
    /// Most chars of a template and of what one execution may print.
    public static final int CHARS_LIMIT = 1 << 20;

    private final String name;
    private final Map<String, Definition> templates;
    private final Map<String, TemplateFunction> functions;

    private Template(
            String name,
            Map<String, Definition> templates,
            Map<String, TemplateFunction> functions) {
        this.name = name;
        this.templates = templates;
        this.functions = functions;
    }

    /// @param name of the template, for messages
    /// @param functions it may call beside Go's own
    /// @throws TemplateException if it is wrong
    public static Template parse(String name, String text, Map<String, TemplateFunction> functions)
            throws TemplateException {
        if (text.length() > CHARS_LIMIT) {
            throw new TemplateException(
                    "template: " + name + ":1: text must have at most chars=" + CHARS_LIMIT);
        }
        Map<String, TemplateFunction> all = Builtins.with(functions);
        Map<String, Definition> templates = new HashMap<>();
        TemplateParser.parse(name, text, all.keySet())
                .forEach((key, nodes) -> templates.put(key, new Definition(name, text, nodes)));
        return new Template(name, templates, all);
    }

    /// What it prints.
    ///
    /// @param dot what it speaks of: null, a boolean, [Long], [Double], [String], [List], [Map],
    ///   [Words], [Fields], [Methods] or [QuerySample]
    /// @throws TemplateException if it fails or costs too much
    public String execute(@Nullable Object dot) throws TemplateException {
        return new Execution(name, templates, functions, false).run(dot);
    }
}
