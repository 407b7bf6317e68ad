package dev.muster.model.hint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.LabelMatcher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameFilterTest {
    private final long seed = Long.getLong("seed", System.nanoTime());

    @Test
    void holdsEveryNameAndFewOthersInTenBitsEach() {
        var random = new Random(seed);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            names.add("app" + random.nextInt(20) + "_" + random.nextInt(50) + "_" + i + "_total");
        }
        byte[] filter = NameFilter.of(names);
        assertThat(names).allMatch(name -> NameFilter.mayHold(filter, NameFilter.entry(name)));
        int wrong = 0;
        for (int i = 0; i < 10_000; i++) {
            wrong += NameFilter.mayHold(filter, NameFilter.entry("other_" + i)) ? 1 : 0;
        }
        assertThat(wrong).as("seed=%d", seed).isLessThan(170);
        assertThat(filter.length).isLessThan(2_000 * 2);
        Collections.shuffle(names, random);
        assertThat(NameFilter.of(names)).isEqualTo(filter);
    }

    @Test
    void isBoundedAndThenLessExact() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 40_000; i++) {
            names.add("name" + i);
        }
        byte[] filter = NameFilter.of(names);
        assertThat(filter).hasSize(NameFilter.SIZE_LIMIT);
        assertThat(names).allMatch(name -> NameFilter.mayHold(filter, NameFilter.entry(name)));
    }

    @Test
    void ofNoNamesHoldsNoneAndOfUnknownBytesMayHoldAll() {
        assertThat(NameFilter.mayHold(NameFilter.of(List.of()), NameFilter.entry("up"))).isFalse();
        assertThat(NameFilter.mayHold(new byte[0], NameFilter.entry("up"))).isTrue();
        assertThat(NameFilter.mayHold(new byte[] {9, 7, 0}, NameFilter.entry("up"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "node_cpu_seconds_total, node_cpu_seconds_total, true",
        "node_cpu_seconds_total, node_memory_bytes, false",
        "node_cpu_seconds_total, up|node_cpu_seconds_total, true",
        "node_cpu_seconds_total, up|down, false",
        "node_cpu_seconds_total, node_.*, true",
        "node_cpu_seconds_total, node_cpu_.+, true",
        "node_cpu_seconds_total, node_disk_.+, false",
        "node_cpu_seconds_total, node_cpu_seconds_x.+, true",
        "node_cpu_seconds_total, jvm_.*, false",
        "node_cpu_seconds_total, .*_total, true",
        "node_cpu_seconds_total, node_cpu_*seconds.*, true",
        "node_cpu_seconds_total, (jvm_a|node_cpu).*, true",
        "node_cpu_seconds_total, (?i)NODE_CPU_.*, true",
        "up, (up|), true"
    })
    void answersSelectors(String held, String pattern, boolean may) {
        byte[] filter = NameFilter.of(List.of(held));
        LabelMatcher matcher = LabelMatcher.regex("__name__", pattern);
        NameQuestion question = NameQuestion.of(List.of(matcher));
        assertThat(question.mayMatch(filter)).isEqualTo(may);
        if (matcher.matches(held)) {
            assertThat(question.mayMatch(filter)).isTrue();
        }
    }

    @Test
    void asksNothingOfOtherLabelsAndOfWhatIsExcluded() {
        assertThat(
                        NameQuestion.of(
                                        List.of(
                                                LabelMatcher.equal("job", "x"),
                                                LabelMatcher.notEqual("__name__", "up"),
                                                LabelMatcher.equal("__name__", "")))
                                .isOpen())
                .isTrue();
        NameQuestion question =
                NameQuestion.of(
                        List.of(
                                LabelMatcher.equal("__name__", "up"),
                                LabelMatcher.equal("job", "x")));
        assertThat(question.mayMatch(NameFilter.of(List.of("down")))).isFalse();
        assertThat(question.mayMatch(NameFilter.of(List.of("up")))).isTrue();
    }
}
