package dev.muster.query.alertmanager.api;

import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Fields of an object that was sent.
///
/// @param json the object
record Body(JsonObject json) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'")
                    .withZone(java.time.ZoneOffset.UTC);

    /// A time as the API writes it.
    static String time(Instant time) {
        return TIME.format(time);
    }

    String text(String name) throws Reply {
        @Nullable Object value = json.getValue(name);
        return switch (value) {
            case null -> "";
            case String text -> text;
            default -> throw wrong(name, "must be of type string");
        };
    }

    String requiredText(String name) throws Reply {
        if (!json.containsKey(name)) {
            throw required(name);
        }
        return text(name);
    }

    boolean flag(String name, boolean fallback) throws Reply {
        @Nullable Object value = json.getValue(name);
        return switch (value) {
            case null -> fallback;
            case Boolean flag -> flag;
            default -> throw wrong(name, "must be of type boolean");
        };
    }

    /// A time; empty where there is none, or the zero of Go.
    Optional<Instant> time(String name) throws Reply {
        String text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            OffsetDateTime time = OffsetDateTime.parse(text.replace(' ', 'T'));
            return time.getYear() <= 1 ? Optional.empty() : Optional.of(time.toInstant());
        } catch (DateTimeException _) {
            throw Reply.invalid(
                    400, 400, name + " in body must be a date and time: \"" + text + "\"");
        }
    }

    /// An object of texts.
    SortedMap<String, String> texts(String name) throws Reply {
        SortedMap<String, String> texts = new TreeMap<>();
        @Nullable Object value = json.getValue(name);
        if (value == null) {
            return texts;
        }
        if (!(value instanceof JsonObject object)) {
            throw wrong(name, "must be of type object");
        }
        for (Map.Entry<String, Object> entry : object) {
            if (!(entry.getValue() instanceof String text)) {
                throw wrong(name + "." + entry.getKey(), "must be of type string");
            }
            texts.put(entry.getKey(), text);
        }
        return texts;
    }

    static Reply required(String name) {
        return Reply.invalid(422, 602, name + " in body is required");
    }

    static Reply wrong(String name, String message) {
        return Reply.invalid(422, 601, name + " in body " + message);
    }
}
