package dev.muster.query.template;

import dev.muster.query.template.Token.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Parses templates.
final class TemplateParser {
    static final Set<String> KEYWORDS =
            Set.of(
                    "if",
                    "else",
                    "end",
                    "range",
                    "with",
                    "define",
                    "template",
                    "block",
                    "break",
                    "continue",
                    "nil");

    private static final int DEPTH_LIMIT = 100;

    private final String name;
    private final String text;
    private final Set<String> functions;
    private final List<Token> tokens;
    private final Map<String, List<Node>> templates = new HashMap<>();
    private List<String> variables = new ArrayList<>(List.of("$"));
    private int at;
    private int depth;
    private int loops;

    /// How a list of nodes ends.
    private enum Ending {
        END,
        ELSE
    }

    private record Body(List<Node> nodes, Ending ending) {}

    private TemplateParser(String name, String text, Set<String> functions)
            throws TemplateException {
        this.name = name;
        this.text = text;
        this.functions = functions;
        tokens = Lexer.tokens(name, text);
    }

    /// All templates of a text by name, the text itself under `name`.
    static Map<String, List<Node>> parse(String name, String text, Set<String> functions)
            throws TemplateException {
        TemplateParser parser = new TemplateParser(name, text, functions);
        parser.templates.put(name, parser.root());
        return parser.templates;
    }

    private List<Node> root() throws TemplateException {
        List<Node> nodes = new ArrayList<>();
        while (peek().kind() != Kind.EOF) {
            if (isKeyword(1, "define")) {
                define();
            } else if (isKeyword(1, "end") || isKeyword(1, "else")) {
                next();
                throw error("unexpected {{" + peekWord().text() + "}}");
            } else {
                nodes.add(node());
            }
        }
        return nodes;
    }

    private void define() throws TemplateException {
        next();
        nextWord();
        String what = templateName("define clause");
        expect(Kind.RIGHT, "define clause");
        List<String> outer = variables;
        variables = new ArrayList<>(List.of("$"));
        templates.put(what, whole("define"));
        variables = outer;
    }

    private List<Node> whole(String context) throws TemplateException {
        Body body = body();
        if (body.ending != Ending.END) {
            throw error("unexpected {{else}} in " + context + " clause");
        }
        return body.nodes;
    }

    /// Nodes up to `{{end}}`, which is taken, or up to what follows `{{else`.
    private Body body() throws TemplateException {
        List<Node> nodes = new ArrayList<>();
        if (++depth > DEPTH_LIMIT) {
            throw error("template must nest less deep: limit=" + DEPTH_LIMIT);
        }
        while (peek().kind() != Kind.EOF) {
            boolean end = isKeyword(1, "end");
            if (end || isKeyword(1, "else")) {
                next();
                nextWord();
                if (end) {
                    expect(Kind.RIGHT, "end");
                }
                depth--;
                return new Body(nodes, end ? Ending.END : Ending.ELSE);
            }
            nodes.add(node());
        }
        throw error("unexpected EOF");
    }

    private Node node() throws TemplateException {
        Token token = next();
        if (token.kind() == Kind.TEXT) {
            return new Node.Text(token.start(), token.text());
        }
        Token first = peekWord();
        if (first.kind() == Kind.IDENTIFIER && KEYWORDS.contains(first.text())) {
            if (!first.text().equals("nil")) {
                nextWord();
                return keyword(first);
            }
        }
        Node.Pipe pipe = pipeline("command", Kind.RIGHT);
        return new Node.Action(first.start(), pipe);
    }

    private Node keyword(Token token) throws TemplateException {
        return switch (token.text()) {
            case "if", "with", "range" -> branch(token, token.text());
            case "template" -> invoke();
            case "block" -> block(token);
            case "break", "continue" -> leave(token);
            default -> throw unexpected(token, "command");
        };
    }

    private Node leave(Token token) throws TemplateException {
        expect(Kind.RIGHT, "{{" + token.text() + "}}");
        if (loops == 0) {
            throw error("{{" + token.text() + "}} outside {{range}}");
        }
        return token.text().equals("break")
                ? new Node.Break(token.start())
                : new Node.Continue(token.start());
    }

    private Node branch(Token token, String context) throws TemplateException {
        int outer = variables.size();
        Node.Pipe pipe = pipeline(context, Kind.RIGHT);
        loops += context.equals("range") ? 1 : 0;
        Body then = body();
        loops -= context.equals("range") ? 1 : 0;
        List<Node> otherwise = then.ending == Ending.END ? List.of() : otherwise(context);
        variables = new ArrayList<>(variables.subList(0, outer));
        return switch (context) {
            case "if" -> new Node.If(token.start(), pipe, then.nodes, otherwise);
            case "with" -> new Node.With(token.start(), pipe, then.nodes, otherwise);
            default -> new Node.Range(token.start(), pipe, then.nodes, otherwise);
        };
    }

    /// What follows `{{else`: another condition, or nodes.
    private List<Node> otherwise(String context) throws TemplateException {
        Token next = peekWord();
        if (!context.equals("range")
                && next.kind() == Kind.IDENTIFIER
                && next.text().equals(context)) {
            nextWord();
            if (++depth > DEPTH_LIMIT) {
                throw error("template must nest less deep: limit=" + DEPTH_LIMIT);
            }
            Node nested = branch(next, context);
            depth--;
            return List.of(nested);
        }
        expect(Kind.RIGHT, "else");
        return whole(context);
    }

    private Node invoke() throws TemplateException {
        int start = peekWord().start();
        String what = templateName("template clause");
        if (peekWord().kind() == Kind.RIGHT) {
            nextWord();
            return new Node.Invoke(start, what, Optional.empty());
        }
        return new Node.Invoke(start, what, Optional.of(pipeline("template clause", Kind.RIGHT)));
    }

    private Node block(Token token) throws TemplateException {
        String what = templateName("block clause");
        Node.Pipe pipe = pipeline("block clause", Kind.RIGHT);
        List<String> outer = variables;
        variables = new ArrayList<>(List.of("$"));
        templates.put(what, whole("block"));
        variables = outer;
        return new Node.Invoke(token.start(), what, Optional.of(pipe));
    }

    private String templateName(String context) throws TemplateException {
        Token token = nextWord();
        if (token.kind() != Kind.STRING) {
            throw unexpected(token, context);
        }
        return unquoted(token);
    }

    private Node.Pipe pipeline(String context, Kind end) throws TemplateException {
        int start = peekWord().start();
        List<String> set = new ArrayList<>();
        boolean assign = declarations(context, set);
        List<Node.Command> commands = new ArrayList<>();
        while (true) {
            Token token = peekWord();
            if (token.kind() == end) {
                nextWord();
                check(commands, context);
                return new Node.Pipe(start, set, assign, commands);
            }
            if (!startsOperand(token)) {
                throw unexpected(nextWord(), context);
            }
            commands.add(command());
        }
    }

    /// @return whether the variables are assigned to rather than declared
    private boolean declarations(String context, List<String> set) throws TemplateException {
        while (peekWord().kind() == Kind.VARIABLE) {
            int before = at;
            Token variable = nextWord();
            Kind following = peekWord().kind();
            boolean range = context.equals("range");
            if (following == Kind.ASSIGN || following == Kind.DECLARE) {
                nextWord();
                boolean assign = following == Kind.ASSIGN;
                set.add(variable.text());
                variables.addAll(set);
                return assign;
            }
            if (following == Kind.COMMA) {
                nextWord();
                if (!range || !set.isEmpty() || peekWord().kind() != Kind.VARIABLE) {
                    throw error(
                            range && set.isEmpty()
                                    ? "range can only initialize variables"
                                    : "too many declarations in " + context);
                }
                set.add(variable.text());
            } else {
                at = before;
                return false;
            }
        }
        return false;
    }

    private void check(List<Node.Command> commands, String context) throws TemplateException {
        if (commands.isEmpty()) {
            throw error("missing value for " + context);
        }
        for (int i = 1; i < commands.size(); i++) {
            switch (commands.get(i).words().getFirst()) {
                case Node.Constant _, Node.Dot _, Node.Nil _ ->
                        throw error("non executable command in pipeline stage " + (i + 1));
                default -> {}
            }
        }
    }

    private Node.Command command() throws TemplateException {
        int start = peekWord().start();
        List<Node.Operand> words = new ArrayList<>();
        while (true) {
            if (startsOperand(peekWord())) {
                words.add(operand());
            }
            Token token = peek();
            if (token.kind() == Kind.SPACE) {
                next();
                continue;
            }
            if (token.kind() == Kind.PIPE) {
                next();
            } else if (token.kind() != Kind.RIGHT && token.kind() != Kind.CLOSE) {
                throw unexpected(next(), "operand");
            }
            break;
        }
        if (words.isEmpty()) {
            throw error("empty command");
        }
        return new Node.Command(start, words);
    }

    private static boolean startsOperand(Token token) {
        return switch (token.kind()) {
            case DOT, FIELD, VARIABLE, NUMBER, CHAR, STRING, OPEN -> true;
            case IDENTIFIER -> !KEYWORDS.contains(token.text()) || token.text().equals("nil");
            default -> false;
        };
    }

    private Node.Operand operand() throws TemplateException {
        Node.Operand term = term();
        if (peek().kind() != Kind.FIELD) {
            return term;
        }
        int start = peek().start();
        List<String> fields = new ArrayList<>();
        while (peek().kind() == Kind.FIELD) {
            fields.add(next().text().substring(1));
        }
        return switch (term) {
            case Node.Field(_, var first) -> new Node.Field(start, joined(first, fields));
            case Node.Variable(_, var variable, var first) ->
                    new Node.Variable(start, variable, joined(first, fields));
            case Node.Constant _, Node.Nil _, Node.Dot _ ->
                    throw error("unexpected . after term " + GoText.quoted(term.toString()));
            default -> new Node.Chain(start, term, fields);
        };
    }

    private static List<String> joined(List<String> first, List<String> more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(more);
        return all;
    }

    private Node.Operand term() throws TemplateException {
        Token token = nextWord();
        int start = token.start();
        return switch (token.kind()) {
            case IDENTIFIER -> identifier(token);
            case DOT -> new Node.Dot(start);
            case FIELD -> new Node.Field(start, List.of(token.text().substring(1)));
            case VARIABLE -> {
                requireKnown(token);
                yield new Node.Variable(start, token.text(), List.of());
            }
            case NUMBER -> new Node.Constant(start, Numbers.parse(token.text()), token.text());
            case CHAR -> {
                String one = unquoted(token);
                if (one.codePointCount(0, one.length()) != 1) {
                    throw error("malformed character constant: " + token.text());
                }
                yield new Node.Constant(start, (long) one.codePointAt(0), token.text());
            }
            case STRING -> new Node.Constant(start, unquoted(token), token.text());
            case OPEN -> {
                if (++depth > DEPTH_LIMIT) {
                    throw error("template must nest less deep: limit=" + DEPTH_LIMIT);
                }
                Node.Pipe pipe = pipeline("parenthesized pipeline", Kind.CLOSE);
                depth--;
                yield pipe;
            }
            default -> throw unexpected(token, "operand");
        };
    }

    private Node.Operand identifier(Token token) throws TemplateException {
        return switch (token.text()) {
            case "true" -> new Node.Constant(token.start(), true, "true");
            case "false" -> new Node.Constant(token.start(), false, "false");
            case "nil" -> new Node.Nil(token.start());
            default -> {
                if (!functions.contains(token.text())) {
                    throw error("function " + GoText.quoted(token.text()) + " not defined");
                }
                yield new Node.Function(token.start(), token.text());
            }
        };
    }

    private void requireKnown(Token variable) throws TemplateException {
        if (!variables.contains(variable.text())) {
            throw error("undefined variable " + GoText.quoted(variable.text()));
        }
    }

    private String unquoted(Token token) throws TemplateException {
        return GoText.unquoted(token.text()).orElseThrow(() -> error("invalid syntax"));
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token next() {
        Token token = tokens.get(at);
        at += token.kind() == Kind.EOF ? 0 : 1;
        return token;
    }

    /// The next token that is no space.
    private Token nextWord() {
        while (peek().kind() == Kind.SPACE) {
            next();
        }
        return next();
    }

    private Token peekWord() {
        int index = at;
        while (tokens.get(index).kind() == Kind.SPACE) {
            index++;
        }
        return tokens.get(index);
    }

    /// Does the action that begins here start with that word?
    private boolean isKeyword(int offset, String word) {
        if (peek().kind() != Kind.LEFT) {
            return false;
        }
        int index = at + offset;
        while (tokens.get(index).kind() == Kind.SPACE) {
            index++;
        }
        Token token = tokens.get(index);
        return token.kind() == Kind.IDENTIFIER && token.text().equals(word);
    }

    private void expect(Kind kind, String context) throws TemplateException {
        Token token = nextWord();
        if (token.kind() != kind) {
            throw unexpected(token, context);
        }
    }

    private TemplateException unexpected(Token token, String context) {
        return Lexer.error(
                name, text, token.start(), "unexpected " + token.shown() + " in " + context);
    }

    private TemplateException error(String message) {
        int index = at == 0 ? 0 : tokens.get(at - 1).start();
        return Lexer.error(name, text, index, message);
    }
}
