package dev.muster.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.time.Steps;
import dev.muster.promql.EngineConfig;
import dev.muster.promql.MatrixSeries;
import dev.muster.promql.MatrixValue;
import dev.muster.promql.PromQlEngine;
import dev.muster.promql.QueryException;
import dev.muster.promql.QueryOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TimeTextsTest {
    private final MemorySource source = new MemorySource();
    private final PromQlEngine engine = new PromQlEngine(EngineConfig.DEFAULT);

    @Test
    void pointsAreWrittenAsWithoutThem() throws QueryException, IOException {
        Random random = new Random(7);
        for (int series = 0; series < 20; series++) {
            Labels labels = Labels.of(Labels.METRIC, "m", "i", Integer.toString(series));
            long timeMs = random.nextInt(400_000);
            for (int i = random.nextInt(50); i >= 0; i--) {
                timeMs += 1 + random.nextInt(15_000);
                source.add(labels, timeMs, i);
            }
        }
        same(range("m", new Steps(0, 1_000_000, 7_001)));
        same(range("m", new Steps(400_123, 400_123, 1)));
        same(range("m", new Steps(0, 1_000_000, 100)));
        same(range("m offset -1s", new Steps(-500_000, 500_000, 60_000)));
        same(
                (MatrixValue)
                        engine.instant(source, "m[1d]", 1_000_000, QueryOptions.DEFAULT).value());
    }

    @Test
    void keepsNoTextsOfVeryManyTimes() throws QueryException, IOException {
        Labels labels = Labels.of(Labels.METRIC, "m");
        source.add(labels, 1_000, 1);
        source.add(labels, 1_001, 1);
        source.add(labels, 100_000_000, 1);
        MatrixValue sparse =
                (MatrixValue)
                        engine.instant(source, "m[30d]", 100_000_000, QueryOptions.DEFAULT).value();
        assertThat(TimeTexts.of(sparse)).isNull();
        assertThat(TimeTexts.of(range("none", new Steps(0, 10, 1)))).isNull();
    }

    private MatrixValue range(String query, Steps steps) throws QueryException, IOException {
        return (MatrixValue) engine.range(source, query, steps, QueryOptions.DEFAULT).value();
    }

    private static void same(MatrixValue matrix) throws IOException {
        assertThat(matrix.series()).isNotEmpty();
        TimeTexts times = TimeTexts.of(matrix);
        // the second time with texts that are there
        for (int i = 0; i < 2; i++) {
            assertThat(text(matrix, times)).isEqualTo(text(matrix, null));
        }
    }

    private static String text(MatrixValue matrix, @Nullable TimeTexts times) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JsonWriter json = new JsonWriter(bytes);
        json.beginArray();
        for (MatrixSeries series : matrix.series()) {
            for (int i = 0; i < series.size(); i++) {
                json.point(series.timestampMs(i), series.value(i), times);
            }
        }
        json.endArray().finish();
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
