package dev.muster.blocks.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.blocks.schema.MetricPlaces.Range;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricPlacesTest {
    static List<Long> seeds() {
        Long seed = Long.getLong("seed");
        return seed != null ? List.of(seed) : new Random().longs(5).boxed().toList();
    }

    private static Map<String, List<Range>> random(Random random, int metrics) {
        Map<String, List<Range>> all = new LinkedHashMap<>();
        for (int i = 0; i < metrics; i++) {
            List<Range> ranges = new ArrayList<>();
            for (int left = random.nextInt(4); left > 0; left--) {
                ranges.add(
                        new Range(
                                random.nextLong(1L << (1 + random.nextInt(40))),
                                1 + random.nextInt(1 << 21)));
            }
            all.put("metric_" + i + "_é", ranges);
        }
        return all;
    }

    private static MetricPlaces of(Map<String, List<Range>> all) {
        MetricPlaces.Builder places = new MetricPlaces.Builder();
        all.forEach(places::add);
        return places.build();
    }

    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("seeds")
    void saysWhatItWasTold(long seed) {
        Map<String, List<Range>> all = random(new Random(seed), 50);
        MetricPlaces places = of(all);

        MetricPlaces read = MetricPlaces.parse(places.text());

        assertThat(read).isEqualTo(places).hasSameHashCodeAs(places);
        assertThat(places.text()).doesNotContainAnyWhitespaces();
        all.forEach((metric, ranges) -> assertThat(read.of(metric)).isEqualTo(ranges));
        assertThat(read.of("other")).isEmpty();
    }

    /// It is a hint: whatever it says, nobody fails.
    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("seeds")
    void saysSomethingOrNothingWhereItIsDamaged(long seed) {
        Random random = new Random(seed);
        String text = of(random(random, 20)).text();
        for (int i = 0; i < text.length(); i++) {
            StringBuilder other = new StringBuilder(text);
            other.setCharAt(i, (char) (' ' + random.nextInt(95)));
            for (String damaged : List.of(other.toString(), text.substring(0, i))) {
                for (Range range : MetricPlaces.parse(damaged).of("metric_7_é")) {
                    assertThat(range.offset()).as(damaged).isNotNegative();
                    assertThat(range.sizeBytes()).as(damaged).isPositive();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2:AAAA", "1:", "1:*", "1:A"})
    void knowsNothingFromATextOfAnotherKind(String text) {
        assertThat(MetricPlaces.parse(text)).isEqualTo(MetricPlaces.NONE);
    }

    /// What is in memory as long as a block is known has a limit.
    @ParameterizedTest
    @ValueSource(ints = {0, 20_000})
    void saysNothingOfNoneAndOfTooMany(int metrics) {
        assertThat(of(random(new Random(1), metrics))).isEqualTo(MetricPlaces.NONE);
        assertThat(MetricPlaces.NONE.text()).isEmpty();
    }
}
