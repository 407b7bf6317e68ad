package dev.muster.agent.json;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;

/// Writes JSON objects without what maps classes to JSON: `JsonObject.encode` takes the codec of
/// the class path, whose 600 classes would stay in memory from the first answer on.
public final class JsonText {
    private static final JacksonCodec CODEC = new JacksonCodec();

    private JsonText() {}

    /// The object as text.
    ///
    /// @param object of values that JSON has, instants and bytes
    public static String of(JsonObject object) {
        return CODEC.toString(object, false);
    }

    /// The same as bytes.
    public static Buffer bytes(JsonObject object) {
        return CODEC.toBuffer(object, false);
    }
}
