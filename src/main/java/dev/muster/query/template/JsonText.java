package dev.muster.query.template;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values of templates as JSON.
final class JsonText {
    /// Of Go's structures, this one has no names of its own for JSON.
    static final String PAIR = "template.Pair";

    private JsonText() {}

    static String of(@Nullable Object value) {
        JsonArray one = new JsonArray().add(json(value));
        String text = one.encode();
        return text.substring(1, text.length() - 1);
    }

    private static @Nullable Object json(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case GoTime(var time) -> DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
            case GoDuration(var span) -> span.toNanos();
            case Methods with -> json(with.value());
            case Words words -> object(words.entries());
            case Map<?, ?> map -> object(map);
            case List<?> list -> {
                JsonArray array = new JsonArray();
                list.forEach(each -> array.add(json(each)));
                yield array;
            }
            case Fields(var type, var values) -> {
                JsonObject object = new JsonObject();
                values.forEach((name, each) ->
                        object.put(
                                type.equals(PAIR)
                                        ? name
                                        : name.substring(0, 1).toLowerCase(Locale.ROOT)
                                                + name.substring(1),
                                json(each)));
                yield object;
            }
            case SafeText(var text) -> text;
            default -> value;
        };
    }

    private static JsonObject object(Map<?, ?> map) {
        JsonObject object = new JsonObject();
        map.forEach((key, each) -> object.put(String.valueOf(key), json(each)));
        return object;
    }
}
