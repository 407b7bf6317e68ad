package dev.muster.agent.services.registry;

import dev.muster.agent.scrape.file.PrometheusDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Fields of a JSON object, read one by one; what is of the wrong kind is refused by name. Confined
/// to one thread.
final class FieldReader {
    private final Map<?, ?> fields;
    private final String prefix;
    private final Set<String> asked = new HashSet<>();

    /// @param prefix path of the object with a dot at its end; empty for the whole
    FieldReader(Map<?, ?> fields, String prefix) {
        this.fields = fields;
        this.prefix = prefix;
    }

    /// The same fields, whatever the case of their names.
    FieldReader anyCase() {
        return new FieldReader(ConsulReader.anyCase(fields), prefix);
    }

    RegistrationException wrong(String field, String message) {
        return new RegistrationException(prefix + field, message);
    }

    boolean has(String field) {
        return value(field) != null;
    }

    private @Nullable Object value(String field) {
        asked.add(field);
        return fields.get(field);
    }

    /// Text without control characters; empty if absent.
    String text(String field, int limit) throws RegistrationException {
        @Nullable Object value = value(field);
        return value == null ? "" : text(field, value, limit);
    }

    private String text(String field, @Nullable Object value, int limit)
            throws RegistrationException {
        if (!(value instanceof String text)) {
            throw wrong(field, "must be text: found=" + kind(value));
        }
        if (text.length() > limit) {
            throw wrong(
                    field, "must have at most " + limit + " characters: found=" + text.length());
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair =
                    Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1));
            if (c < ' ' || c == 0x7f || (Character.isSurrogate(c) && !pair)) {
                throw wrong(field, "must have no control characters: index=" + i);
            }
            if (pair) {
                i++;
            }
        }
        return text;
    }

    /// A whole number; `absent` if absent.
    int number(String field, int least, int most, int absent) throws RegistrationException {
        @Nullable Object value = value(field);
        if (value == null) {
            return absent;
        }
        boolean whole = value instanceof Integer || value instanceof Long;
        long number = whole ? ((Number) value).longValue() : Long.MIN_VALUE;
        if (number < least || number > most) {
            throw wrong(
                    field,
                    "must be a whole number from "
                            + least
                            + " to "
                            + most
                            + ": found="
                            + (value instanceof Number ? value : kind(value)));
        }
        return (int) number;
    }

    /// A duration such as `10s`.
    Optional<Duration> duration(String field, Duration least, Duration most)
            throws RegistrationException {
        String text = text(field, 64);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Duration> parsed = PrometheusDuration.parse(text);
        if (parsed.isEmpty()
                || parsed.get().compareTo(least) < 0
                || parsed.get().compareTo(most) > 0) {
            throw wrong(
                    field,
                    "must be a duration from "
                            + PrometheusDuration.format(least)
                            + " to "
                            + PrometheusDuration.format(most)
                            + ", such as 10s: found="
                            + text);
        }
        return parsed;
    }

    Optional<FieldReader> object(String field) throws RegistrationException {
        @Nullable Object value = value(field);
        return switch (value) {
            case null -> Optional.empty();
            case Map<?, ?> map -> Optional.of(new FieldReader(map, prefix + field + "."));
            default -> throw wrong(field, "must be an object: found=" + kind(value));
        };
    }

    List<FieldReader> objects(String field) throws RegistrationException {
        List<FieldReader> objects = new ArrayList<>();
        for (Object item : list(field)) {
            String name = field + "[" + objects.size() + "]";
            if (!(item instanceof Map<?, ?> map)) {
                throw wrong(name, "must be an object: found=" + kind(item));
            }
            objects.add(new FieldReader(map, prefix + name + "."));
        }
        return objects;
    }

    List<String> texts(String field, int most, int limit) throws RegistrationException {
        List<?> list = list(field);
        if (list.size() > most) {
            throw wrong(field, "must have at most " + most + " items: found=" + list.size());
        }
        List<String> texts = new ArrayList<>();
        for (Object item : list) {
            texts.add(text(field + "[" + texts.size() + "]", item, limit));
        }
        return texts;
    }

    private List<?> list(String field) throws RegistrationException {
        @Nullable Object value = value(field);
        return switch (value) {
            case null -> List.of();
            case List<?> list -> list;
            default -> throw wrong(field, "must be a list: found=" + kind(value));
        };
    }

    /// An object whose fields are all text.
    Map<String, String> words(String field, int most, int keyLimit, int limit)
            throws RegistrationException {
        Optional<FieldReader> object = object(field);
        if (object.isEmpty()) {
            return Map.of();
        }
        Map<?, ?> map = object.get().fields;
        if (map.size() > most) {
            throw wrong(field, "must have at most " + most + " keys: found=" + map.size());
        }
        Map<String, String> words = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String key = text(field + " key", entry.getKey(), keyLimit);
            if (key.isEmpty()) {
                throw wrong(field, "must have no empty key");
            }
            words.put(key, text(field + "." + key, entry.getValue(), limit));
        }
        return words;
    }

    /// Refuses fields that were never asked for.
    void refuseOthers() throws RegistrationException {
        for (Object key : fields.keySet()) {
            if (!(key instanceof String name) || !asked.contains(name)) {
                String shown = String.valueOf(key);
                throw wrong(
                        shown.length() <= 64 ? shown : shown.substring(0, 64) + "…",
                        "is not known: known=" + new TreeSet<>(asked));
            }
        }
    }

    private static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String _ -> "text";
            case Number _ -> "a number";
            case Boolean _ -> "true or false";
            case List<?> _ -> "a list";
            default -> "an object";
        };
    }
}
