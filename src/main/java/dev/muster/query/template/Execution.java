package dev.muster.query.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One run of a template. Confined to one thread; one use.
final class Execution {
    private static final int STEPS_LIMIT = 1_000_000;
    private static final int DEPTH_LIMIT = 100;
    private static final int ITERATIONS_LIMIT = 100_000;

    /// Stands for a value that is not there, where nil may stand.
    private static final Object MISSING = new Object();

    private static final Given NONE = new Given(null, new Node.Text(0, ""), List.of(), MISSING);

    private final Map<String, Definition> templates;
    private final Map<String, TemplateFunction> functions;
    private final boolean html;
    private final StringBuilder out = new StringBuilder();
    private List<Binding> variables = new ArrayList<>();
    private Node at = new Node.Text(0, "");
    private String templateName;
    private Definition definition;
    private int steps;
    private int depth;

    /// A variable. Nil is null.
    private static final class Binding {
        private final String name;
        private @Nullable Object value;

        private Binding(String name, @Nullable Object value) {
            this.name = name;
            this.value = value;
        }
    }

    /// What stands behind a word.
    ///
    /// @param whole the command, for messages
    /// @param last what the pipe brings, or [#MISSING]
    private record Given(
            @Nullable Object dot, Node whole, List<Node.Operand> words, @Nullable Object last) {
        private boolean isAny() {
            return !words.isEmpty() || last != MISSING;
        }
    }

    /// How a list of nodes came to its end.
    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    Execution(
            String name,
            Map<String, Definition> templates,
            Map<String, TemplateFunction> functions,
            boolean html) {
        this.templates = templates;
        this.functions = functions;
        this.html = html;
        templateName = name;
        definition = templates.getOrDefault(name, new Definition(name, "", List.of()));
    }

    String run(@Nullable Object dot) throws TemplateException {
        variables.add(new Binding("$", dot));
        walk(dot, definition.nodes());
        return out.toString();
    }

    private Flow walk(@Nullable Object dot, List<Node> nodes) throws TemplateException {
        for (Node node : nodes) {
            Flow flow = walk(dot, node);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow walk(@Nullable Object dot, Node node) throws TemplateException {
        step(node);
        switch (node) {
            case Node.Text(_, var plain) -> print(plain);
            case Node.Action(_, var pipe) -> {
                Object value = pipe(dot, pipe);
                if (pipe.variables().isEmpty()) {
                    print(shown(value));
                }
            }
            case Node.If(_, var pipe, var then, var otherwise) -> {
                int mark = variables.size();
                boolean truth = Builtins.truth(pipe(dot, pipe));
                Flow flow = walk(dot, truth ? then : otherwise);
                release(mark);
                return flow;
            }
            case Node.With(_, var pipe, var then, var otherwise) -> {
                int mark = variables.size();
                Object value = pipe(dot, pipe);
                Flow flow = Builtins.truth(value) ? walk(value, then) : walk(dot, otherwise);
                release(mark);
                return flow;
            }
            case Node.Range range -> {
                return range(dot, range);
            }
            case Node.Invoke invoke -> invoke(dot, invoke);
            case Node.Break _ -> {
                return Flow.BREAK;
            }
            case Node.Continue _ -> {
                return Flow.CONTINUE;
            }
            case Node.Command _, Node.Operand _ ->
                    throw new IllegalStateException("node must be a statement: " + node);
        }
        return Flow.ON;
    }

    private void step(Node node) throws TemplateException {
        at = node;
        if (++steps > STEPS_LIMIT) {
            throw error("template must take at most steps=" + STEPS_LIMIT);
        }
    }

    private void print(String more) throws TemplateException {
        if (out.length() + (long) more.length() > Template.CHARS_LIMIT) {
            throw error("template must print at most chars=" + Template.CHARS_LIMIT);
        }
        out.append(more);
    }

    private String shown(@Nullable Object value) {
        if (html) {
            return HtmlText.of(value, out);
        }
        return value == null ? "<no value>" : GoText.of(value);
    }

    private void release(int mark) {
        variables.subList(mark, variables.size()).clear();
    }

    private Flow range(@Nullable Object dot, Node.Range range) throws TemplateException {
        int mark = variables.size();
        Object over = pipe(dot, range.pipe());
        // the pipeline has declared its variables as if it were none of a range
        List<String> names = range.pipe().variables();
        Map<Object, @Nullable Object> items = items(over);
        if (items.isEmpty()) {
            release(mark);
            return walk(dot, range.otherwise());
        }
        int inner = variables.size();
        for (var item : items.entrySet()) {
            step(range);
            if (names.size() == 1) {
                assign(names.getFirst(), item.getValue());
            } else if (names.size() == 2) {
                assign(names.getFirst(), item.getKey());
                assign(names.getLast(), item.getValue());
            }
            Flow flow = walk(item.getValue(), range.then());
            release(inner);
            if (flow == Flow.BREAK) {
                break;
            }
        }
        release(mark);
        return Flow.ON;
    }

    private Map<Object, @Nullable Object> items(@Nullable Object over) throws TemplateException {
        Map<Object, @Nullable Object> items = new LinkedHashMap<>();
        switch (Methods.plain(over)) {
            case null -> {}
            case List<?> list -> {
                long index = 0;
                for (Object each : list) {
                    items.put(index++, each);
                }
            }
            case Words words -> items.putAll(words.entries());
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> sorted = new TreeMap<>();
                map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
                items.putAll(sorted);
            }
            case Long count -> {
                if (count > ITERATIONS_LIMIT) {
                    throw error("range must be over at most items=" + ITERATIONS_LIMIT);
                }
                for (long i = 0; i < count; i++) {
                    items.put(i, i);
                }
            }
            default -> throw error("range can't iterate over " + GoText.of(over));
        }
        return items;
    }

    private void invoke(@Nullable Object dot, Node.Invoke invoke) throws TemplateException {
        Definition called = templates.get(invoke.name());
        if (called == null) {
            throw error("template " + GoText.quoted(invoke.name()) + " not defined");
        }
        if (++depth > DEPTH_LIMIT) {
            throw error("exceeded maximum template depth (" + DEPTH_LIMIT + ")");
        }
        Object inner = invoke.pipe().isPresent() ? pipe(dot, invoke.pipe().get()) : null;
        List<Binding> outer = variables;
        String outerName = templateName;
        Definition outerDefinition = definition;
        variables = new ArrayList<>(List.of(new Binding("$", inner)));
        templateName = invoke.name();
        definition = called;
        walk(inner, called.nodes());
        variables = outer;
        templateName = outerName;
        definition = outerDefinition;
        depth--;
    }

    private @Nullable Object pipe(@Nullable Object dot, Node.Pipe pipe) throws TemplateException {
        step(pipe);
        Object value = MISSING;
        for (Node.Command command : pipe.commands()) {
            value = command(dot, command, value);
        }
        for (String variable : pipe.variables()) {
            if (pipe.assign()) {
                assign(variable, value);
            } else {
                variables.add(new Binding(variable, value));
            }
        }
        return value;
    }

    private void assign(String variable, @Nullable Object value) throws TemplateException {
        binding(variable).value = value;
    }

    private Binding binding(String variable) throws TemplateException {
        for (int i = variables.size() - 1; i >= 0; i--) {
            if (variables.get(i).name.equals(variable)) {
                return variables.get(i);
            }
        }
        throw error("undefined variable: " + variable);
    }

    private @Nullable Object command(
            @Nullable Object dot, Node.Command command, @Nullable Object last)
            throws TemplateException {
        List<Node.Operand> words = command.words();
        Node.Operand first = words.getFirst();
        Given given = new Given(dot, command, words.subList(1, words.size()), last);
        switch (first) {
            case Node.Function function -> {
                step(function);
                return call(dot, function, command, given.words(), last);
            }
            case Node.Field(_, var fields) -> {
                step(first);
                return fields(dot, fields, given);
            }
            case Node.Variable(_, var variable, var fields) when !fields.isEmpty() -> {
                step(first);
                return fields(binding(variable).value, fields, given);
            }
            case Node.Chain(_, var of, var fields) -> {
                step(first);
                return fields(operand(dot, of), fields, given);
            }
            default -> {}
        }
        step(first);
        if (given.isAny()) {
            throw error("can't give argument to non-function " + first);
        }
        if (first instanceof Node.Nil) {
            throw error("nil is not a command");
        }
        return operand(dot, first);
    }

    /// The value of a word that is no command.
    private @Nullable Object operand(@Nullable Object dot, Node.Operand operand)
            throws TemplateException {
        step(operand);
        return switch (operand) {
            case Node.Dot _ -> dot;
            case Node.Nil _ -> null;
            case Node.Constant(_, var value, _) -> value;
            case Node.Field(_, var fields) -> fields(dot, fields, NONE);
            case Node.Variable(_, var variable, var fields) ->
                    fields(binding(variable).value, fields, NONE);
            case Node.Chain(_, var of, var fields) -> {
                if (of instanceof Node.Nil) {
                    throw error("indirection through explicit nil in " + operand);
                }
                Object value = operand(dot, of);
                at = operand;
                yield fields(value, fields, NONE);
            }
            case Node.Pipe pipe -> pipe(dot, pipe);
            case Node.Function function -> call(dot, function, function, List.of(), MISSING);
        };
    }

    private @Nullable Object fields(@Nullable Object of, List<String> fields, Given given)
            throws TemplateException {
        Object value = of;
        for (int i = 0; i < fields.size(); i++) {
            value = field(value, fields.get(i), i == fields.size() - 1 ? given : NONE);
        }
        return value;
    }

    private @Nullable Object field(@Nullable Object of, String field, Given given)
            throws TemplateException {
        switch (of) {
            case null -> {
                return null;
            }
            case Words words -> {
                requireNone(given, field + " is not a method but has arguments");
                return words.get(field);
            }
            case Map<?, ?> map -> {
                requireNone(given, field + " is not a method but has arguments");
                return map.get(field);
            }
            case Fields(_, var values) when values.containsKey(field) -> {
                requireNone(given, field + " has arguments but cannot be invoked as function");
                return values.get(field);
            }
            case QuerySample sample when field.equals("Labels") -> {
                return sample.labels();
            }
            case QuerySample sample when field.equals("Value") -> {
                return sample.value();
            }
            case Methods with -> {
                Optional<TemplateFunction> method = with.method(field);
                if (method.isPresent()) {
                    return call(given.dot(), field, method.get(), given);
                }
                if (with.value() instanceof Words || with.value() instanceof Map) {
                    return field(with.value(), field, given);
                }
            }
            default -> {}
        }
        throw error("can't evaluate field " + field + " in type " + GoText.type(of));
    }

    private void requireNone(Given given, String message) throws TemplateException {
        if (given.isAny()) {
            throw error(message);
        }
    }

    private @Nullable Object call(
            @Nullable Object dot,
            Node.Function node,
            Node whole,
            List<Node.Operand> words,
            @Nullable Object last)
            throws TemplateException {
        TemplateFunction function = functions.get(node.name());
        if (function == null) {
            throw error(GoText.quoted(node.name()) + " is not a defined function");
        }
        boolean and = node.name().equals("and");
        if (and || node.name().equals("or")) {
            requireCount(node.name(), function, words.size() + (last == MISSING ? 0 : 1));
            return shortCircuit(dot, and, words, last);
        }
        return call(dot, node.name(), function, new Given(dot, whole, words, last));
    }

    private @Nullable Object call(
            @Nullable Object dot, String called, TemplateFunction function, Given given)
            throws TemplateException {
        List<Node.Operand> words = given.words();
        Object last = given.last();
        requireCount(called, function, words.size() + (last == MISSING ? 0 : 1));
        List<@Nullable Object> arguments = new ArrayList<>();
        for (Node.Operand word : words) {
            arguments.add(argument(dot, word, kind(function, arguments.size())));
        }
        if (last != MISSING) {
            TemplateFunction.Kind kind = kind(function, arguments.size());
            requireKind(kind, last);
            arguments.add(last);
        }
        try {
            return function.body().call(arguments);
        } catch (TemplateException e) {
            at = given.whole();
            throw error("error calling " + called + ": " + e.getMessage());
        }
    }

    private void requireCount(String called, TemplateFunction function, int count)
            throws TemplateException {
        int wanted = function.parameters().size();
        if (function.more() != null && count < wanted) {
            throw error(
                    "wrong number of args for "
                            + called
                            + ": want at least "
                            + wanted
                            + " got "
                            + count);
        }
        if (function.more() == null && count != wanted) {
            throw error(
                    "wrong number of args for " + called + ": want " + wanted + " got " + count);
        }
    }

    private static TemplateFunction.Kind kind(TemplateFunction function, int index) {
        if (index < function.parameters().size()) {
            return function.parameters().get(index);
        }
        TemplateFunction.Kind more = function.more();
        return more == null ? TemplateFunction.Kind.ANY : more;
    }

    private @Nullable Object shortCircuit(
            @Nullable Object dot, boolean and, List<Node.Operand> words, @Nullable Object last)
            throws TemplateException {
        Object value = null;
        for (Node.Operand word : words) {
            value = operand(dot, word);
            if (Builtins.truth(value) != and) {
                return value;
            }
        }
        return last == MISSING ? value : last;
    }

    private @Nullable Object argument(
            @Nullable Object dot, Node.Operand word, TemplateFunction.Kind kind)
            throws TemplateException {
        at = word;
        if (word instanceof Node.Constant(_, var constant, _) && !kind.accepts(constant)) {
            throw error(
                    kind == TemplateFunction.Kind.TEXT
                            ? "expected string; found " + word
                            : "can't handle " + word + " for arg of type " + kind.goName());
        }
        if (word instanceof Node.Nil && kind == TemplateFunction.Kind.TEXT) {
            throw error("cannot assign nil to string");
        }
        Object value = operand(dot, word);
        at = word;
        requireKind(kind, value);
        return value;
    }

    private void requireKind(TemplateFunction.Kind kind, @Nullable Object value)
            throws TemplateException {
        if (!kind.accepts(value)) {
            throw error(
                    value == null
                            ? "invalid value; expected " + kind.goName()
                            : "wrong type for value; expected "
                                    + kind.goName()
                                    + "; got "
                                    + GoText.type(value));
        }
    }

    private TemplateException error(String message) {
        int start = at.start();
        String text = definition.text();
        String before = text.substring(0, Math.min(start, text.length()));
        int line = before.lastIndexOf('\n');
        return new TemplateException(
                "template: "
                        + definition.file()
                        + ":"
                        + Lexer.line(text, start)
                        + ":"
                        + (line < 0 ? start : start - line - 1)
                        + ": executing "
                        + GoText.quoted(templateName)
                        + " at <"
                        + context()
                        + ">: "
                        + message);
    }

    private String context() {
        return switch (at) {
            case Node.Invoke(_, var called, var pipe) ->
                    "{{template "
                            + GoText.quoted(called)
                            + pipe.map(each -> " " + each).orElse("")
                            + "}}";
            case Node.Action(_, var pipe) -> "{{" + pipe + "}}";
            default -> at.toString();
        };
    }
}
