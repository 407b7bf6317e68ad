package dev.muster.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.Labels;
import io.vertx.core.json.JsonArray;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final JsonWriter json = new JsonWriter(bytes);

    @Test
    void setsCommasBetweenMembersAndValues() throws IOException {
        json.beginObject().name("a").value(1).name("b").beginArray().endArray();
        json.name("c").beginArray().value("x").value(true).number(0.5).beginObject().endObject();
        json.endArray().name("d").strings(List.of("p", "q")).endObject();
        assertThat(text())
                .isEqualTo("{\"a\":1,\"b\":[],\"c\":[\"x\",true,0.5,{}],\"d\":[\"p\",\"q\"]}");
    }

    @Test
    void writesPointsAndLabels() throws IOException {
        json.beginArray().point(1_500, Double.NaN).labels(Labels.of("b", "2", "a", "1"));
        json.seconds(50).json("{\"k\":null}").endArray();
        assertThat(text())
                .isEqualTo("[[1.500,\"NaN\"],{\"a\":\"1\",\"b\":\"2\"},0.050,{\"k\":null}]");
    }

    @Test
    void writesManyPoints() throws IOException {
        StringBuilder expected = new StringBuilder("[");
        json.beginArray();
        double value = -1;
        for (int i = 0; i < 5_000; i++) {
            value = -value * (i % 50 == 0 ? 0.0001 : 3);
            double rounded = i % 3 == 0 ? value : Math.rint(value);
            long time = i * 1_777L - 1_000;
            json.point(time, rounded);
            expected.append(i == 0 ? "[" : ",[").append(GoNumbers.seconds(time)).append(",\"");
            expected.append(GoNumbers.text(rounded)).append("\"]");
        }
        json.endArray();
        assertThat(text()).isEqualTo(expected.append(']').toString());
    }

    @Test
    void everyTextReadsBack() throws IOException {
        Random random = new Random(7);
        StringBuilder all = new StringBuilder("\"\\\n\r\t\u0000\u001f\u007f\u00e4\u20ac\uFFFF");
        all.append("\uD83D\uDE00");
        for (int i = 0; i < 20_000; i++) {
            int point = random.nextInt(0x110000);
            if (point < 0xd800 || point > 0xdfff) {
                all.appendCodePoint(point);
            }
        }
        json.beginArray().value(all.toString()).endArray();
        assertThat(new JsonArray(text()).getString(0)).isEqualTo(all.toString());
    }

    @Test
    void replacesHalfAPair() throws IOException {
        json.value("a\uD83Db");
        assertThat(text()).isEqualTo("\"a\uFFFDb\"");
    }

    private String text() throws IOException {
        json.finish();
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
