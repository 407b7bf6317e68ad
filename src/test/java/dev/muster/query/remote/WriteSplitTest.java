package dev.muster.query.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteSplitTest {
    private static JsonObject resource(String service, String instance, Object value) {
        return new JsonObject()
                .put(
                        "resource",
                        new JsonObject()
                                .put(
                                        "attributes",
                                        new JsonArray()
                                                .add(attribute("service.name", service))
                                                .add(attribute("service.instance.id", instance))))
                .put("scopeMetrics", new JsonArray().add(new JsonObject().put("value", value)));
    }

    private static JsonObject attribute(String key, String value) {
        return new JsonObject()
                .put("key", key)
                .put("value", new JsonObject().put("stringValue", value));
    }

    private static byte[] request(JsonObject... resources) {
        return new JsonObject()
                .put("resourceMetrics", new JsonArray(List.of(resources)))
                .toBuffer()
                .getBytes();
    }

    @Test
    void dividesJsonByItsResources() throws Exception {
        JsonObject first = resource("web", "1", 0.1);
        JsonObject second = resource("web", "2", Long.MAX_VALUE);
        JsonObject third = resource("web", "1", "18446744073709551615");
        WriteSplit<String> split = new WriteSplit<>(origin -> origin);

        List<WriteSplit.Part<String>> parts = split.otlpJson(request(first, second, third));

        assertThat(parts)
                .extracting(WriteSplit.Part::to, WriteSplit.Part::series)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("web\0001", 2),
                        org.assertj.core.groups.Tuple.tuple("web\0002", 1));
        assertThat(new JsonObject(Buffer.buffer(parts.getFirst().body().bytes())))
                .isEqualTo(new JsonObject(Buffer.buffer(request(first, third))));
    }

    @Test
    void anEmptyRequestHasNoParts() throws Exception {
        assertThat(
                        new WriteSplit<>(origin -> origin)
                                .otlpJson("{}".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "{\"resourceMetrics\":1}",
                "{\"resourceMetrics\":[1]}",
                "{\"resourceMetrics\":[null]}",
                "{\"resourceMetrics\":[{\"resource\":{\"attributes\":[1]}}]}"
            })
    void refusesWhatIsNoRequest(String text) {
        assertThatThrownBy(() ->
                        new WriteSplit<>(origin -> origin)
                                .otlpJson(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(WireFormatException.class)
                .hasMessageContaining("request must be JSON as OTLP has it");
    }
}
