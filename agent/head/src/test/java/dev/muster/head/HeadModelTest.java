package dev.muster.head;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.AppendResult;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random operations on a head and on plain maps give the same samples.
class HeadModelTest {
    private static final long WINDOW_MS = 60_000;
    private static final long LATE_MS = 20_000;
    private static final long START_MS = 1_700_000_000_000L;

    private final Path temporary;

    private final TreeMap<Labels, TreeMap<Long, Long>> model = new TreeMap<>();
    private final Map<String, SampleAppender> appenders = new HashMap<>();
    private final Map<String, Map<Labels, Integer>> references = new HashMap<>();
    private final ManualClock clock = new ManualClock(START_MS);
    private Random random = new Random();
    private @Nullable Head opened;
    private Path directory;
    private int copies;

    HeadModelTest(@TempDir Path temporary) {
        this.temporary = temporary;
        directory = temporary.resolve("head");
    }

    static long[] seeds() {
        return Seeds.some("HeadModelTest", 12);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void answersAsPlainMapsDo(long seed) throws IOException {
        random = new Random(seed);
        open();
        for (int step = 0; step < 600; step++) {
            step();
            if (step % 40 == 0) {
                compare();
            }
        }
        compare();
        head().close();
    }

    private void open() throws IOException {
        appenders.clear();
        references.clear();
        opened =
                Head.open(
                        HeadConfig.in(directory)
                                .withWindow(Duration.ofMillis(WINDOW_MS))
                                .withOutOfOrderWindow(Duration.ofMillis(LATE_MS))
                                .withWalSegmentBytes(4096 + random.nextInt(60_000))
                                .withOpenBytesLimit(1 + random.nextInt(20_000)),
                        clock);
        assertThat(head().stats().walDamagedBytes()).isZero();
        assertThat(head().stats().walLostCommits()).isZero();
    }

    private void step() throws IOException {
        int what = random.nextInt(100);
        if (what < 80) {
            scrape();
        } else if (what < 84) {
            head().checkpoint();
        } else if (what < 87) {
            head().close();
            open();
        } else if (what < 90) {
            kill();
        } else if (what < 94) {
            release();
        } else if (what < 96) {
            closeAppender();
        } else if (what < 97) {
            clock.advance(random.nextInt((int) (2 * WINDOW_MS)));
        } else if (what < 98) {
            clock.advance(-random.nextInt(5_000));
        } else {
            compareOne();
        }
    }

    private void kill() throws IOException {
        Path copy = HeadFiles.copy(directory, temporary.resolve("copy" + copies++));
        head().abandon();
        HeadFiles.delete(directory);
        directory = copy;
        open();
    }

    private void closeAppender() {
        String origin = "o" + random.nextInt(3);
        SampleAppender appender = appenders.remove(origin);
        references.remove(origin);
        if (appender != null) {
            appender.close();
        }
    }

    private void scrape() throws IOException {
        clock.advance(random.nextInt(10) == 0 ? random.nextInt(4_000) : 1_000);
        String origin = "o" + random.nextInt(3);
        SampleAppender appender = appenders.get(origin);
        if (appender == null) {
            appender = head().appender(origin);
            appenders.put(origin, appender);
        }
        long tick = clock.millis() / 1_000 * 1_000;
        appender.begin(tick);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            if (random.nextInt(8) > 0) {
                append(origin, appender, i, tick, samples);
            }
        }
        if (random.nextInt(20) == 0) {
            appender.rollback();
            return;
        }
        appender.commit();
        for (Sample sample : samples) {
            model.computeIfAbsent(sample.labels, key -> new TreeMap<>())
                    .put(sample.timeMs, sample.bits);
        }
    }

    private record Sample(Labels labels, long timeMs, long bits) {}

    private void append(
            String origin, SampleAppender appender, int i, long tick, List<Sample> samples) {
        Labels labels = labels(origin, i);
        Map<Labels, Integer> known = references.computeIfAbsent(origin, key -> new HashMap<>());
        Integer reference = known.get(labels);
        if (reference == null) {
            reference = appender.series(labels, MetricMetadata.NONE);
            known.put(labels, reference);
        }
        double value = value(i);
        long time = tick;
        if (random.nextInt(12) == 0) {
            time = tick + random.nextInt(40_000) - 35_000;
        }
        AppendResult result = appendTo(appender, reference, time, tick, value);
        if (result == AppendResult.UNKNOWN_SERIES) {
            reference = appender.series(labels, MetricMetadata.NONE);
            known.put(labels, reference);
            result = appendTo(appender, reference, time, tick, value);
        }
        long bits = Double.doubleToRawLongBits(value);
        Long held = held(labels, time, samples);
        switch (result) {
            case APPENDED -> {
                assertThat(held == null || held == bits).as("%s %s", labels, time).isTrue();
                samples.add(new Sample(labels, time, bits));
            }
            case DUPLICATE -> assertThat(held).isNotNull().isNotEqualTo(bits);
            case TOO_OLD -> assertThat(time).isLessThan(oldestTaken());
            case OUT_OF_ORDER, TOO_FAR_AHEAD, UNKNOWN_SERIES ->
                    throw new AssertionError("must not be refused: " + result);
        }
    }

    /// Windows whose end is the out-of-order window ago may be closed.
    private long oldestTaken() {
        return Math.max(clock.millis() - LATE_MS, floorMs);
    }

    private long floorMs = Long.MIN_VALUE;

    private static AppendResult appendTo(
            SampleAppender appender, int reference, long time, long tick, double value) {
        return time == tick
                ? appender.append(reference, value)
                : appender.append(reference, time, value);
    }

    private @Nullable Long held(Labels labels, long time, List<Sample> staged) {
        for (Sample sample : staged) {
            if (sample.labels.equals(labels) && sample.timeMs == time) {
                return sample.bits;
            }
        }
        TreeMap<Long, Long> samples = model.get(labels);
        return samples == null ? null : samples.get(time);
    }

    private Labels labels(String origin, int i) {
        long era = i < 6 ? 0 : clock.millis() / (WINDOW_MS * 2);
        return Labels.of("__name__", "m" + i, "origin", origin, "era", "e" + era);
    }

    private double value(int i) {
        if (random.nextInt(60) == 0) {
            return Staleness.STALE;
        }
        return switch (i) {
            case 0 -> 1;
            case 1 -> 0;
            case 2 -> random.nextInt(10) == 0 ? random.nextInt(3) : 2;
            case 3 -> clock.millis() / 7.0;
            case 4 -> random.nextGaussian();
            case 5 -> Double.longBitsToDouble(random.nextLong());
            default -> random.nextInt(1_000) / 10.0;
        };
    }

    private void release() throws IOException {
        List<TimeRange> closed = head().closedWindows();
        for (TimeRange window : closed) {
            floorMs = Math.max(floorMs, window.endMs());
            assertThat(Samples.read(head().window(window), window)).isEqualTo(expected(window));
        }
        if (!closed.isEmpty() && random.nextBoolean()) {
            TimeRange window = closed.getFirst();
            head().release(window);
            head().release(window);
            model.values()
                    .forEach(samples -> samples.subMap(window.startMs(), window.endMs()).clear());
            model.values().removeIf(TreeMap::isEmpty);
        }
    }

    private TreeMap<Labels, TreeMap<Long, Long>> expected(TimeRange range) {
        TreeMap<Labels, TreeMap<Long, Long>> result = new TreeMap<>();
        model.forEach((labels, samples) -> {
            var some = samples.subMap(range.startMs(), range.endMs());
            if (!some.isEmpty()) {
                result.put(labels, new TreeMap<>(some));
            }
        });
        return result;
    }

    private Head head() {
        return requireNonNull(opened);
    }

    private void compare() throws IOException {
        TimeRange all = new TimeRange(0, START_MS * 2);
        assertThat(Samples.read(head(), all)).isEqualTo(expected(all));
    }

    private void compareOne() throws IOException {
        long start = clock.millis() - random.nextInt(200_000);
        TimeRange range = new TimeRange(start, start + 1 + random.nextInt(100_000));
        String metric = "m" + random.nextInt(8);
        TreeMap<Labels, TreeMap<Long, Long>> expected = expected(range);
        expected.keySet().removeIf(labels -> !labels.metric().equals(metric));
        assertThat(Samples.read(head(), range, LabelMatcher.equal("__name__", metric)))
                .isEqualTo(expected);
    }
}
