package dev.muster.query.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.ReadBudget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FederationTest {
    private static final long NOW_MS = 1_000_000;

    private final MemorySource source = new MemorySource();

    @BeforeEach
    void fill() {
        source.add(Labels.of("__name__", "up", "job", "a", "instance", "i"), NOW_MS - 20_000, 0);
        source.add(Labels.of("__name__", "up", "job", "a", "instance", "i"), NOW_MS - 10_000, 1);
        source.add(Labels.of("__name__", "up", "job", "b", "q", "\"\n\\"), NOW_MS, 0.5);
        source.add(Labels.of("__name__", "up", "job", "ended"), NOW_MS - 1_000, 1);
        source.add(Labels.of("__name__", "up", "job", "ended"), NOW_MS, Staleness.STALE);
        source.add(Labels.of("__name__", "up", "job", "old"), NOW_MS - 300_001, 1);
        source.add(Labels.of("__name__", "a.b", "job", "a", "x.y", "z"), NOW_MS, 2);
        source.add(
                Labels.of("__name__", "sizes", "job", "a"),
                NOW_MS,
                NativeHistogram.exponential(
                        1,
                        CounterReset.UNKNOWN,
                        0,
                        0,
                        3,
                        7.5,
                        Buckets.of(new int[] {2}, new double[] {3}),
                        Buckets.NONE));
    }

    @Test
    void writesTextByMetricName() throws Exception {
        assertThat(written("*/*"))
                .isEqualTo(
                        """
                        # TYPE a_b untyped
                        a_b{job="a",x_y="z",instance=""} 2.0 1000000
                        # TYPE sizes histogram
                        sizes_bucket{job="a",instance="",le="+Inf"} 3.0 1000000
                        sizes_sum{job="a",instance=""} 7.5 1000000
                        sizes_count{job="a",instance=""} 3.0 1000000
                        # TYPE up untyped
                        up{instance="i",job="a"} 1.0 990000
                        up{job="b",q="\\"\\n\\\\",instance=""} 0.5 1000000
                        """);
    }

    @Test
    void writesOpenMetricsAndAnyName() throws Exception {
        assertThat(written("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8"))
                .startsWith(
                        """
                        # TYPE "a.b" unknown
                        {"a.b",job="a","x.y"="z",instance=""} 2.0 1000.0
                        """)
                .endsWith("# EOF\n");
    }

    @Test
    void writesMessages() throws Exception {
        byte[] bytes = bytes("application/vnd.google.protobuf;encoding=delimited");
        int length = bytes[0];
        WireReader family = new WireReader(Arrays.copyOfRange(bytes, 1, 1 + length));
        assertThat(family.next()).isTrue();
        assertThat(family.text()).isEqualTo("a_b");
        assertThat(family.next()).isTrue();
        assertThat(family.number()).isEqualTo(3);
        assertThat(family.next()).isTrue();
        assertThat(family.field()).isEqualTo(4);
        family.skip();
        assertThat(family.next()).isFalse();
        assertThat(bytes[1 + length]).isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|TEXT",
                "text/plain;version=0.0.4|TEXT",
                "application/json|TEXT",
                "application/openmetrics-text;version=1.0.0,text/plain;q=0.5|OPENMETRICS",
                "application/openmetrics-text;version=1.0.0;q=0.4,text/plain;q=0.5|TEXT",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
                        + "encoding=delimited;q=0.6,text/plain;q=0.5|PROTOBUF",
                "application/vnd.google.protobuf;encoding=text|TEXT",
                "application/openmetrics-text;version=9|TEXT",
            })
    void choosesWhatTheClientLikesBest(String accept, FederationFormat.Kind kind) {
        assertThat(FederationFormat.of(accept).kind()).isEqualTo(kind);
    }

    private String written(String accept) throws IOException {
        return new String(bytes(accept), StandardCharsets.UTF_8);
    }

    private byte[] bytes(String accept) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        var all =
                new Federation(source, 300_000)
                        .last(
                                List.of(
                                        List.of(LabelMatcher.equal("job", "a")),
                                        List.of(LabelMatcher.notEqual("job", ""))),
                                NOW_MS,
                                ReadBudget.UNLIMITED);
        FederationFormat.of(accept).write(all, Double::toString, out);
        return out.toByteArray();
    }
}
