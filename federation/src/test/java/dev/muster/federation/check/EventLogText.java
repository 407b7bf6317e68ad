package dev.muster.federation.check;

import dev.muster.federation.check.LoggedEvent.Alive;
import dev.muster.federation.check.LoggedEvent.Began;
import dev.muster.federation.check.LoggedEvent.Change;
import dev.muster.federation.check.LoggedEvent.Digest;
import dev.muster.federation.check.LoggedEvent.Fault;
import dev.muster.federation.check.LoggedEvent.Healed;
import dev.muster.federation.check.LoggedEvent.Kind;
import dev.muster.federation.check.LoggedEvent.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads the lines of an event log, which are drawn in `docs/format/event-log.md`: flat JSON
/// objects of texts, whole numbers and lists of texts. What a line has beyond that is passed over.
public final class EventLogText {
    private final String line;
    private int at;

    private EventLogText(String line) {
        this.line = line;
    }

    /// The event of a line; empty for a kind that this reader does not know.
    ///
    /// @throws IllegalArgumentException if it is no such line
    public static Optional<LoggedEvent> read(String line) {
        return event(new EventLogText(line).object());
    }

    private static Optional<LoggedEvent> event(Map<String, Object> f) {
        return switch (text(f, "event")) {
            case "began" -> Optional.of(new Began(text(f, "node"), number(f, "atMs")));
            case "alive" -> Optional.of(new Alive(text(f, "node"), number(f, "atMs")));
            case "change" -> Optional.of(change(f));
            case "digest" ->
                    Optional.of(new Digest(text(f, "node"), number(f, "atMs"), text(f, "digest")));
            case "fault" ->
                    Optional.of(
                            new Fault(
                                    Kind.valueOf(text(f, "kind").toUpperCase(Locale.ROOT)),
                                    target(f),
                                    number(f, "fromMs"),
                                    f.containsKey("untilMs")
                                            ? number(f, "untilMs")
                                            : Long.MAX_VALUE));
            case "healed" -> Optional.of(new Healed(number(f, "atMs")));
            default -> Optional.empty();
        };
    }

    private static Change change(Map<String, Object> f) {
        Target target = target(f);
        return new Change(
                text(f, "node"),
                target.cell(),
                target.host(),
                target.job(),
                target.instance(),
                number(f, "atMs"),
                number(f, "decidedMs"),
                text(f, "from"),
                text(f, "to"),
                text(f, "cause"),
                text(f, "provenance"),
                texts(f, "witnesses"),
                number(f, "version"));
    }

    private static Target target(Map<String, Object> f) {
        return new Target(
                text(f, "cell"),
                text(f, "host"),
                f.containsKey("job") ? text(f, "job") : "",
                f.containsKey("instance") ? text(f, "instance") : "");
    }

    private static String text(Map<String, Object> fields, String name) {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("event must have a text: name=" + name);
    }

    private static long number(Map<String, Object> fields, String name) {
        if (fields.get(name) instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException("event must have a number: name=" + name);
    }

    private static List<String> texts(Map<String, Object> fields, String name) {
        List<String> texts = new ArrayList<>();
        if (fields.get(name) instanceof List<?> list) {
            list.forEach(text -> texts.add(String.valueOf(text)));
        }
        return texts;
    }

    private Map<String, Object> object() {
        Map<String, Object> fields = new HashMap<>();
        expect('{');
        if (peek() == '}') {
            return fields;
        }
        do {
            String name = string();
            expect(':');
            fields.put(name, value());
        } while (more('}'));
        return fields;
    }

    private Object value() {
        char first = peek();
        if (first == '"') {
            return string();
        }
        if (first == '[') {
            at++;
            List<String> texts = new ArrayList<>();
            if (peek() == ']') {
                at++;
                return texts;
            }
            do {
                texts.add(string());
            } while (more(']'));
            return texts;
        }
        int start = at;
        while (at < line.length() && ",}] ".indexOf(line.charAt(at)) < 0) {
            at++;
        }
        String word = line.substring(start, at);
        return word.equals("true") || word.equals("false") ? word : (Object) whole(word);
    }

    private long whole(String word) {
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw refuse("a text, a whole number or a list of texts");
        }
    }

    private boolean more(char end) {
        char next = peek();
        if (next != ',' && next != end) {
            throw refuse("',' or '" + end + "'");
        }
        at++;
        return next == ',';
    }

    private String string() {
        expect('"');
        StringBuilder text = new StringBuilder();
        while (at < line.length() && line.charAt(at) != '"') {
            char c = line.charAt(at++);
            text.append(c == '\\' ? escaped() : c);
        }
        expect('"');
        return text.toString();
    }

    private char escaped() {
        if (at >= line.length()) {
            throw refuse("an escape");
        }
        char c = line.charAt(at++);
        if (c == 'u' && at + 4 <= line.length()) {
            at += 4;
            return (char) Integer.parseInt(line.substring(at - 4, at), 16);
        }
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            default -> c;
        };
    }

    private char peek() {
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        if (at >= line.length()) {
            throw refuse("more");
        }
        return line.charAt(at);
    }

    private void expect(char c) {
        if (peek() != c) {
            throw refuse("'" + c + "'");
        }
        at++;
    }

    private IllegalArgumentException refuse(String wanted) {
        return new IllegalArgumentException(
                "event log line: must have " + wanted + ": column=" + at + ", line=" + line);
    }
}
