package dev.muster.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads JSON into maps, lists, strings, numbers, booleans and null. Numbers are kept as text.
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /// A number as it was written.
    record Number(String text) {}

    static Object read(String text) {
        Json json = new Json(text);
        return json.value();
    }

    private Object value() {
        blanks();
        char first = text.charAt(at);
        return switch (first) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", "");
            default -> number();
        };
    }

    private Object word(String word, Object value) {
        at += word.length();
        return value;
    }

    private Map<String, Object> object() {
        Map<String, Object> map = new LinkedHashMap<>();
        at++;
        blanks();
        while (text.charAt(at) != '}') {
            String name = string();
            blanks();
            at++;
            map.put(name, value());
            blanks();
            if (text.charAt(at) == ',') {
                at++;
                blanks();
            }
        }
        at++;
        return map;
    }

    private List<Object> array() {
        List<Object> list = new ArrayList<>();
        at++;
        blanks();
        while (text.charAt(at) != ']') {
            list.add(value());
            blanks();
            if (text.charAt(at) == ',') {
                at++;
                blanks();
            }
        }
        at++;
        return list;
    }

    private String string() {
        int close = at + 1;
        while (text.charAt(close) != '"' && text.charAt(close) != '\\') {
            close++;
        }
        if (text.charAt(close) == '"') {
            String plain = text.substring(at + 1, close);
            at = close + 1;
            return plain;
        }
        StringBuilder out = new StringBuilder();
        at++;
        while (text.charAt(at) != '"') {
            char c = text.charAt(at++);
            out.append(c == '\\' ? escaped() : c);
        }
        at++;
        return out.toString();
    }

    private char escaped() {
        char kind = text.charAt(at++);
        return switch (kind) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                at += 4;
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            default -> kind;
        };
    }

    private Number number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (at == start) {
            throw new IllegalArgumentException("json: a value must follow: offset=" + at);
        }
        return new Number(text.substring(start, at));
    }

    private void blanks() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
    }
}
