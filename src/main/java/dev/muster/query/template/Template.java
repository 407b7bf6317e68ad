package dev.muster.query.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A parsed template. Immutable and thread-safe, if its functions are.
public final class Template {
    /// Most chars of a template and of what one execution may print.
    public static final int CHARS_LIMIT = 1 << 20;

    private final String name;
    private final String text;
    private final Map<String, List<Node>> templates;
    private final Map<String, TemplateFunction> functions;

    private Template(
            String name,
            String text,
            Map<String, List<Node>> templates,
            Map<String, TemplateFunction> functions) {
        this.name = name;
        this.text = text;
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
        return new Template(name, text, TemplateParser.parse(name, text, all.keySet()), all);
    }

    /// What it prints.
    ///
    /// @param dot what it speaks of: null, a boolean, [Long], [Double], [String], [List], [Map],
    ///   [Words], [Fields] or [QuerySample]
    /// @throws TemplateException if it fails or costs too much
    public String execute(@Nullable Object dot) throws TemplateException {
        return new Execution(name, text, templates, functions).run(dot);
    }
}
