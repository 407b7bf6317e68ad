package dev.muster.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.merge.MergedSource;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetadataCallsTest {
    private static final long NOW_MS = 1_767_225_600_000L;
    private static final ApiLimits LIMITS =
            new ApiLimits(Duration.ofSeconds(5), 100, 100, 100, 100, 1, 1, 1_000, ".*");

    private final MemorySource series = new MemorySource();

    MetadataCallsTest() {
        add("now_total", NOW_MS - 1_000);
        add("gone_total", NOW_MS - 7_200_000);
        add("older_total", NOW_MS - 3 * 86_400_000L);
    }

    private void add(String name, long timeMs) {
        Labels labels = Labels.of("__name__", name);
        series.add(labels, timeMs, 1);
        series.describe(labels, new MetricMetadata(MetricType.COUNTER, "", "Help of " + name));
    }

    private String metadata(Map<String, List<String>> parameters) throws Exception {
        MergedSource source = new MergedSource(List.of(new MergedSource.Part("m", series)));
        Answer answer =
                new MetadataCalls(source, () -> Instant.ofEpochMilli(NOW_MS))
                        .metadata(
                                new Call(
                                        new Parameters(parameters, Map.of()),
                                        "",
                                        new CallBudget(LIMITS)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JsonWriter json = new JsonWriter(bytes);
        answer.content().write(json);
        json.finish();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void listsWhatWasSeenLately() throws Exception {
        assertThat(metadata(Map.of()))
                .isEqualTo(
                        "{\"now_total\":[{\"type\":\"counter\",\"unit\":\"\","
                                + "\"help\":\"Help of now_total\"}]}");
    }

    @Test
    void looksFurtherBackForOneThatIsNamed() throws Exception {
        assertThat(metadata(Map.of("metric", List.of("gone_total"))))
                .isEqualTo(
                        "{\"gone_total\":[{\"type\":\"counter\",\"unit\":\"\","
                                + "\"help\":\"Help of gone_total\"}]}");
        assertThat(metadata(Map.of("metric", List.of("older_total")))).isEqualTo("{}");
    }
}
