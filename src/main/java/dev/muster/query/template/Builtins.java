package dev.muster.query.template;

import dev.muster.query.template.TemplateFunction.Kind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions that Go's templates have of themselves.
final class Builtins {
    private static final Map<String, TemplateFunction> ALL = all();

    private Builtins() {}

    /// These functions and others, which go before these.
    static Map<String, TemplateFunction> with(Map<String, TemplateFunction> others) {
        Map<String, TemplateFunction> together = new HashMap<>(ALL);
        together.putAll(others);
        return Map.copyOf(together);
    }

    private static Map<String, TemplateFunction> all() {
        Map<String, TemplateFunction> all = new HashMap<>();
        all.put("and", atLeastOne(arguments -> arguments.getFirst()));
        all.put("or", atLeastOne(arguments -> arguments.getFirst()));
        all.put("not", one(arguments -> !truth(arguments.getFirst())));
        all.put("len", one(arguments -> length(arguments.getFirst())));
        all.put("index", atLeastOne(Builtins::index));
        all.put("slice", atLeastOne(Builtins::slice));
        all.put("print", any(GoText::print));
        all.put("println", any(Builtins::println));
        all.put(
                "printf",
                new TemplateFunction(
                        List.of(Kind.TEXT),
                        Kind.ANY,
                        arguments ->
                                Printf.format(
                                        String.valueOf(arguments.getFirst()),
                                        arguments.subList(1, arguments.size()))));
        all.put("html", any(arguments -> html(GoText.print(arguments))));
        all.put("js", any(arguments -> js(GoText.print(arguments))));
        all.put(
                "urlquery",
                any(arguments ->
                        URLEncoder.encode(GoText.print(arguments), StandardCharsets.UTF_8)
                                .replace("*", "%2A")
                                .replace("%7E", "~")));
        all.put("eq", atLeastOne(Builtins::equal));
        all.put("ne", two(arguments -> !same(arguments.getFirst(), arguments.getLast())));
        all.put("lt", two(arguments -> less(arguments.getFirst(), arguments.getLast())));
        all.put(
                "le",
                two(arguments ->
                        less(arguments.getFirst(), arguments.getLast())
                                || same(arguments.getFirst(), arguments.getLast())));
        all.put(
                "gt",
                two(arguments ->
                        !less(arguments.getFirst(), arguments.getLast())
                                && !same(arguments.getFirst(), arguments.getLast())));
        all.put("ge", two(arguments -> !less(arguments.getFirst(), arguments.getLast())));
        return all;
    }

    private static TemplateFunction one(TemplateFunction.Body body) {
        return TemplateFunction.of(List.of(Kind.ANY), body);
    }

    private static TemplateFunction two(TemplateFunction.Body body) {
        return TemplateFunction.of(List.of(Kind.ANY, Kind.ANY), body);
    }

    private static TemplateFunction any(TemplateFunction.Body body) {
        return new TemplateFunction(List.of(), Kind.ANY, body);
    }

    private static TemplateFunction atLeastOne(TemplateFunction.Body body) {
        return new TemplateFunction(List.of(Kind.ANY), Kind.ANY, body);
    }

    /// Is it what `if` takes for true?
    static boolean truth(@Nullable Object value) {
        return switch (Methods.plain(value)) {
            case null -> false;
            case Boolean truth -> truth;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Words words -> !words.entries().isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
    }

    private static long length(@Nullable Object value) throws TemplateException {
        return switch (Methods.plain(value)) {
            case null -> throw new TemplateException("len of nil pointer");
            case String text -> text.getBytes(StandardCharsets.UTF_8).length;
            case List<?> list -> list.size();
            case Words words -> words.entries().size();
            case Map<?, ?> map -> map.size();
            default -> throw new TemplateException("len of type " + GoText.type(value));
        };
    }

    private static @Nullable Object index(List<@Nullable Object> arguments)
            throws TemplateException {
        Object value = arguments.getFirst();
        for (Object index : arguments.subList(1, arguments.size())) {
            value =
                    switch (Methods.plain(value)) {
                        case null -> throw new TemplateException("index of untyped nil");
                        case List<?> list -> list.get(position(index, list.size() - 1));
                        case Words words -> words.get(key(index));
                        case Map<?, ?> map -> map.get(key(index));
                        case String text -> {
                            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                            yield (long) (bytes[position(index, bytes.length - 1)] & 0xff);
                        }
                        default ->
                                throw new TemplateException(
                                        "can't index item of type " + GoText.type(value));
                    };
        }
        return value;
    }

    private static String key(@Nullable Object index) throws TemplateException {
        if (index instanceof String key) {
            return key;
        }
        throw new TemplateException(
                index == null
                        ? "value is nil; should be of type string"
                        : "value has type " + GoText.type(index) + "; should be string");
    }

    private static int position(@Nullable Object index, int last) throws TemplateException {
        if (!(index instanceof Long position)) {
            throw new TemplateException(
                    index == null
                            ? "cannot index slice/array with nil"
                            : "cannot index slice/array with type " + GoText.type(index));
        }
        if (position < 0 || position > last) {
            throw new TemplateException("index out of range: " + position);
        }
        return (int) (long) position;
    }

    private static Object slice(List<@Nullable Object> arguments) throws TemplateException {
        Object value = Methods.plain(arguments.getFirst());
        if (arguments.size() > 4 || (value instanceof String && arguments.size() > 3)) {
            throw new TemplateException("too many slice indexes: " + (arguments.size() - 1));
        }
        switch (value) {
            case String text -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                int from = arguments.size() > 1 ? position(arguments.get(1), bytes.length) : 0;
                int to =
                        arguments.size() > 2
                                ? position(arguments.get(2), bytes.length)
                                : bytes.length;
                requireAscending(from, to);
                return new String(bytes, from, to - from, StandardCharsets.UTF_8);
            }
            case List<?> list -> {
                int from = arguments.size() > 1 ? position(arguments.get(1), list.size()) : 0;
                int to =
                        arguments.size() > 2
                                ? position(arguments.get(2), list.size())
                                : list.size();
                requireAscending(from, to);
                return list.subList(from, to);
            }
            case null -> throw new TemplateException("slice of untyped nil");
            default ->
                    throw new TemplateException("can't slice item of type " + GoText.type(value));
        }
    }

    private static void requireAscending(int from, int to) throws TemplateException {
        if (from > to) {
            throw new TemplateException("invalid slice index: " + from + " > " + to);
        }
    }

    private static String println(List<@Nullable Object> values) {
        return String.join(" ", values.stream().map(GoText::of).toList()) + "\n";
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\u0000", "\ufffd");
    }

    private static String js(String text) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> result.append("\\\\");
                case '\'' -> result.append("\\'");
                case '"' -> result.append("\\\"");
                case '<' -> result.append("\\u003C");
                case '>' -> result.append("\\u003E");
                case '&' -> result.append("\\u0026");
                case '=' -> result.append("\\u003D");
                default -> {
                    if (c < ' ') {
                        result.append(String.format("\\u%04X", (int) c));
                    } else {
                        result.append(c);
                    }
                }
            }
        }
        return result.toString();
    }

    private static boolean equal(List<@Nullable Object> arguments) throws TemplateException {
        if (arguments.size() == 1) {
            throw new TemplateException("missing argument for comparison");
        }
        for (Object other : arguments.subList(1, arguments.size())) {
            if (same(arguments.getFirst(), other)) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(@Nullable Object one, @Nullable Object other)
            throws TemplateException {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        requireSameKind(one, other);
        requireBasic(one);
        if (one instanceof Double a && other instanceof Double b) {
            return a.doubleValue() == b.doubleValue();
        }
        return one.equals(other);
    }

    private static boolean less(@Nullable Object one, @Nullable Object other)
            throws TemplateException {
        if (one == null || other == null) {
            throw new TemplateException("invalid type for comparison");
        }
        requireBasic(one);
        requireBasic(other);
        requireSameKind(one, other);
        return switch (one) {
            case Long a -> a < (Long) other;
            case Double a -> a < (Double) other;
            case String a -> a.compareTo((String) other) < 0;
            default -> throw new TemplateException("invalid type for comparison");
        };
    }

    private static void requireBasic(Object value) throws TemplateException {
        switch (value) {
            case Boolean _, Long _, Double _, String _ -> {}
            default ->
                    throw new TemplateException(
                            value instanceof Map || value instanceof Words || value instanceof List
                                    ? "non-comparable type "
                                            + GoText.of(value)
                                            + ": "
                                            + GoText.type(value)
                                    : "invalid type for comparison");
        }
    }

    private static void requireSameKind(Object one, Object other) throws TemplateException {
        if (one.getClass() != other.getClass()) {
            throw new TemplateException("incompatible types for comparison");
        }
    }
}
