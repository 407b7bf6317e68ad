package dev.muster.query.alertmanager.match;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The syntax of matchers before Alertmanager 0.27: names as in the old data model, values with or
/// without quotes, anything but commas in them. For one text.
final class ClassicMatchers {
    private static final Pattern MATCHER =
            Pattern.compile(
                    "\\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(=~|=|!=|!~)\\s*(.*?)\\s*", Pattern.DOTALL);

    private ClassicMatchers() {}

    static List<Matcher> parse(String text) throws MatcherException {
        String inner = text;
        if (inner.startsWith("{")) {
            inner = inner.substring(1);
        }
        if (inner.endsWith("}")) {
            inner = inner.substring(0, inner.length() - 1);
        }
        List<Matcher> all = new ArrayList<>();
        for (String token : split(inner)) {
            all.add(matcher(token));
        }
        return all;
    }

    private static List<String> split(String text) {
        List<String> tokens = new ArrayList<>();
        StringBuilder token = new StringBuilder();
        boolean quoted = false;
        boolean escaped = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ',' && !quoted) {
                tokens.add(token.toString());
                token.setLength(0);
                continue;
            }
            if (c == '"' && !escaped) {
                quoted = !quoted;
            }
            escaped = c == '\\' && !escaped;
            token.append(c);
        }
        if (!token.isEmpty()) {
            tokens.add(token.toString());
        }
        return tokens;
    }

    private static Matcher matcher(String text) throws MatcherException {
        java.util.regex.Matcher parts = MATCHER.matcher(text);
        if (!parts.matches()) {
            throw new MatcherException("bad matcher format: " + text);
        }
        for (Matcher.Op op : Matcher.Op.values()) {
            if (op.text().equals(parts.group(2))) {
                return Matcher.of(parts.group(1), op, value(parts.group(3)));
            }
        }
        throw new MatcherException("bad matcher format: " + text);
    }

    private static String value(String raw) throws MatcherException {
        boolean quoteDue = raw.startsWith("\"");
        String text = quoteDue ? raw.substring(1) : raw;
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean last = i == text.length() - 1;
            if (c == '\\' && !last) {
                i++;
                char next = text.charAt(i);
                switch (next) {
                    case 'n' -> value.append('\n');
                    case '"', '\\' -> value.append(next);
                    default -> value.append('\\').append(next);
                }
            } else if (c == '"') {
                if (!quoteDue || !last) {
                    throw new MatcherException(
                            "matcher value contains unescaped double quote: " + raw);
                }
                quoteDue = false;
            } else {
                value.append(c);
            }
        }
        if (quoteDue) {
            throw new MatcherException("matcher value contains unescaped double quote: " + raw);
        }
        return value.toString();
    }
}
