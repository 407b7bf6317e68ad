package dev.muster.agent.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    @Test
    void writesWhatJsonObjectsWrite() {
        JsonObject object =
                new JsonObject()
                        .put("text", "a\"b\\c\n\u0001é€😀</")
                        .put("numbers", new JsonArray().add(1).add(2L).add(0.5).add(1e300))
                        .put("truth", true)
                        .putNull("nothing")
                        .put("instant", Instant.ofEpochMilli(1_700_000_000_123L))
                        .put("bytes", new byte[] {1, 2, -3})
                        .put("list", List.of(Map.of("a", 1), "b"))
                        .put("inner", new JsonObject().put("empty", new JsonObject()));
        assertThat(JsonText.of(object)).isEqualTo(object.encode());
        assertThat(JsonText.bytes(object)).isEqualTo(object.toBuffer());
    }
}
