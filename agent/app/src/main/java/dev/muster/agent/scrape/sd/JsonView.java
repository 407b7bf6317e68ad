package dev.muster.agent.scrape.sd;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A JSON object that another service sent, read as that service documents it: what is absent or
/// null is empty, what is of another type is refused with its place. Immutable as long as nobody
/// writes to what it was made from.
public final class JsonView {
    /// Most objects and lists inside one another. The parser is recursive.
    static final int DEPTH_LIMIT = 64;

    private final Map<String, ?> fields;
    private final String where;

    private JsonView(Map<String, ?> fields, String where) {
        this.fields = fields;
        this.where = where;
    }

    /// The object that the bytes hold.
    ///
    /// @param what the bytes are, for messages
    public static JsonView object(byte[] bytes, String what) throws IOException {
        return of(decode(bytes, what), what);
    }

    /// The list of objects that the bytes hold.
    ///
    /// @param what the bytes are, for messages
    public static List<JsonView> objects(byte[] bytes, String what) throws IOException {
        return objects(decode(bytes, what), what);
    }

    private static @Nullable Object decode(byte[] bytes, String what) throws IOException {
        checkDepth(bytes, what);
        try {
            return Json.decodeValue(Buffer.buffer(bytes));
        } catch (DecodeException e) {
            String reason = String.valueOf(e.getMessage());
            int end = reason.indexOf('\n');
            throw new IOException(
                    what + " must be JSON: " + (end < 0 ? reason : reason.substring(0, end)), e);
        }
    }

    private static void checkDepth(byte[] bytes, String what) throws IOException {
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '\\' && quoted) {
                i++;
            } else if (b == '"') {
                quoted = !quoted;
            } else if (!quoted && (b == '{' || b == '[')) {
                if (++depth > DEPTH_LIMIT) {
                    throw new IOException(
                            what
                                    + " must be nested at most "
                                    + DEPTH_LIMIT
                                    + " deep: offsetBytes="
                                    + i);
                }
            } else if (!quoted && (b == '}' || b == ']')) {
                depth--;
            }
        }
    }

    /// A map of words, numbers, maps and the like as JSON.
    public static String encode(Map<String, ?> map) {
        return Json.encode(map);
    }

    /// Names of the fields, in the order sent.
    public Set<String> names() {
        return fields.keySet();
    }

    /// Text; empty if absent.
    public String text(String name) throws IOException {
        Object value = fields.get(name);
        return value == null ? "" : text(value, where + "." + name);
    }

    /// A whole number; 0 if absent.
    public long number(String name) throws IOException {
        Object value = fields.get(name);
        if (value == null) {
            return 0;
        }
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        throw wrong(where + "." + name, "a whole number", value);
    }

    /// True or false; `absent` if absent.
    public boolean flag(String name, boolean absent) throws IOException {
        Object value = fields.get(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(where + "." + name, "true or false", value);
    }

    /// Is there something under that name?
    public boolean has(String name) {
        return fields.get(name) != null;
    }

    /// An object; an empty one if absent.
    public JsonView object(String name) throws IOException {
        Object value = fields.get(name);
        String place = where + "." + name;
        return value == null ? new JsonView(Map.of(), place) : of(value, place);
    }

    /// A list of objects; empty if absent.
    public List<JsonView> objects(String name) throws IOException {
        Object value = fields.get(name);
        return value == null ? List.of() : objects(value, where + "." + name);
    }

    /// A list of texts; empty if absent.
    public List<String> texts(String name) throws IOException {
        Object value = fields.get(name);
        if (value == null) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (Object item : list(value, where + "." + name)) {
            texts.add(text(item, where + "." + name + "[]"));
        }
        return texts;
    }

    /// An object whose fields are all text; empty if absent.
    public Map<String, String> words(String name) throws IOException {
        Map<String, String> words = new LinkedHashMap<>();
        JsonView object = object(name);
        for (String key : object.names()) {
            words.put(key, object.text(key));
        }
        return words;
    }

    /// An error about this object.
    public IOException error(String message) {
        return new IOException(where + ": " + message);
    }

    private static List<JsonView> objects(@Nullable Object value, String where) throws IOException {
        List<JsonView> objects = new ArrayList<>();
        int index = 0;
        for (Object item : list(value, where)) {
            objects.add(of(item, where + "[" + index++ + "]"));
        }
        return objects;
    }

    @SuppressWarnings("unchecked")
    private static JsonView of(@Nullable Object value, String where) throws IOException {
        return switch (value) {
            case JsonObject object -> new JsonView(object.getMap(), where);
            case Map<?, ?> map -> new JsonView((Map<String, ?>) map, where);
            case null, default -> throw wrong(where, "an object", value);
        };
    }

    private static List<?> list(@Nullable Object value, String where) throws IOException {
        return switch (value) {
            case JsonArray array -> array.getList();
            case List<?> list -> list;
            case null, default -> throw wrong(where, "a list", value);
        };
    }

    private static String text(@Nullable Object value, String where) throws IOException {
        if (value instanceof String text) {
            return text;
        }
        throw wrong(where, "text", value);
    }

    private static IOException wrong(String where, String expected, @Nullable Object found) {
        String kind =
                switch (found) {
                    case null -> "null";
                    case Map<?, ?> _, JsonObject _ -> "object";
                    case List<?> _, JsonArray _ -> "list";
                    default -> found.getClass().getSimpleName();
                };
        return new IOException(where + " must be " + expected + ": found=" + kind);
    }
}
