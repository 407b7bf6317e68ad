package dev.muster.head.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.head.Seeds;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SeriesIndexTest {
    private static final String[] NAMES = {"__name__", "job", "path", "x", "absent"};
    private static final String[] VALUES = {"a", "b", "ab", "ba", "a.b", "c", "long value", "ü"};
    private static final String[] PATTERNS = {
        "a", "a|b", ".*", ".+", "", "a.*", "[ab]+", "a\\.b|c", "x|", "nothing", ".*b"
    };

    private final Map<Integer, Labels> model = new HashMap<>();
    private final SeriesIndex index = new SeriesIndex();
    private Random random = new Random();

    static long[] seeds() {
        return Seeds.some("SeriesIndexTest", 10);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void answersAsAScanDoes(long seed) {
        random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 100; i++) {
                change();
            }
            if (round % 4 == 3) {
                removeMany();
            }
            index.compact();
            for (int i = 0; i < 40; i++) {
                query();
            }
        }
    }

    private void removeMany() {
        Numbers gone = new Numbers();
        for (int number : List.copyOf(model.keySet())) {
            if (random.nextInt(3) > 0) {
                gone.set(number);
                model.remove(number);
            }
        }
        index.removeAll(gone);
    }

    /// One by one, each removal would move the long postings that all of them share, and each
    /// series that comes after them would do so again: minutes.
    @Test
    @Timeout(20)
    void removesAndAddsManyThatShareLabels() {
        for (int round = 0; round < 3; round++) {
            Numbers gone = new Numbers();
            for (int i = 0; i < 100_000; i++) {
                Labels labels = Labels.of("a", "1", "b", "2", "c", "3", "id", "u" + i);
                gone.set(index.add(labels, MetricMetadata.NONE, 0, i));
            }
            index.removeAll(gone);
            assertThat(index.size()).isZero();
        }
    }

    private void change() {
        if (random.nextInt(3) == 0 && !model.isEmpty()) {
            int number = new ArrayList<>(model.keySet()).get(random.nextInt(model.size()));
            index.remove(number);
            model.remove(number);
            return;
        }
        Labels labels = labels();
        int origin = random.nextInt(2);
        int known = index.find(labels, origin);
        if (known >= 0) {
            assertThat(model).containsEntry(known, labels);
            assertThat(index.origin(known)).isEqualTo(origin);
            return;
        }
        MetricMetadata metadata =
                new MetricMetadata(MetricType.COUNTER, "", "help " + random.nextInt(3));
        int number = index.add(labels, metadata, origin, 5);
        assertThat(model.put(number, labels)).isNull();
        assertThat(index.labels(number)).isEqualTo(labels);
        assertThat(index.metadata(number)).isEqualTo(metadata);
        assertThat(index.find(labels, origin)).isEqualTo(number);
    }

    private Labels labels() {
        Labels.Builder builder = Labels.builder();
        for (int i = 0; i < NAMES.length - 1; i++) {
            if (random.nextInt(4) > 0) {
                builder.set(NAMES[i], value());
            }
        }
        return builder.set("id", "" + random.nextInt(300)).build();
    }

    private String value() {
        return VALUES[random.nextInt(VALUES.length)];
    }

    private void query() {
        List<LabelMatcher> matchers = new ArrayList<>();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            matchers.add(matcher());
        }
        Set<Integer> expected = new HashSet<>();
        Set<String> names = new TreeSet<>();
        Set<String> values = new TreeSet<>();
        model.forEach((number, labels) -> {
            if (LabelMatcher.all(matchers, labels)) {
                expected.add(number);
                labels.forEach((name, value) -> names.add(name));
                if (labels.get("path") != null) {
                    values.add(labels.valueOf("path"));
                }
            }
        });
        Numbers found = index.match(matchers);
        Set<Integer> actual = new HashSet<>();
        for (int number = found.next(0); number >= 0; number = found.next(number + 1)) {
            actual.add(number);
        }
        assertThat(actual).as("%s", matchers).isEqualTo(expected);
        assertThat(found.size()).isEqualTo(expected.size());
        assertThat(index.labelNames(found)).containsExactlyElementsOf(names);
        assertThat(index.labelValues("path", found)).containsExactlyElementsOf(values);
        assertThat(index.size()).isEqualTo(model.size());
    }

    private LabelMatcher matcher() {
        String name = NAMES[random.nextInt(NAMES.length)];
        String pattern = PATTERNS[random.nextInt(PATTERNS.length)];
        return switch (random.nextInt(5)) {
            case 0 -> LabelMatcher.equal(name, value());
            case 1 -> LabelMatcher.notEqual(name, value());
            case 2 -> LabelMatcher.regex(name, pattern);
            case 3 -> LabelMatcher.notRegex(name, pattern);
            default ->
                    random.nextBoolean()
                            ? LabelMatcher.equal(name, "")
                            : LabelMatcher.notEqual(name, "");
        };
    }
}
