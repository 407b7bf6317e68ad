package dev.muster.head;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.head.Samples.Point;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.HistogramMarker;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.AppendResult;
import dev.muster.model.series.SampleAppender;
import dev.muster.model.series.SeriesExemplars;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
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

    private final TreeMap<Labels, TreeMap<Long, Point>> model = new TreeMap<>();
    private final Map<String, SampleAppender> appenders = new HashMap<>();
    private final Map<String, Map<Labels, Integer>> references = new HashMap<>();
    private final ManualClock clock = new ManualClock(START_MS);
    private Random random = new Random();
    private @Nullable Head opened;
    private final Map<Labels, NativeHistogram> histograms = new HashMap<>();
    private final Map<Labels, Long> startsMs = new HashMap<>();
    private final Map<Labels, Long> stagedStartsMs = new HashMap<>();
    private final Map<Labels, List<Exemplar>> exemplars = new HashMap<>();
    private final Map<Labels, List<Exemplar>> stagedExemplars = new HashMap<>();
    private Path directory;
    private int copies;

    HeadModelTest(@TempDir Path temporary) {
        this.temporary = temporary;
        directory = temporary.resolve("head");
    }

    /// Of slots given up, told of in one part of the log and not in the next.
    private static final long[] FOUND = {
        4469147968405416518L, 6740054945870694899L, -5371468628029091046L
    };

    static long[] seeds() {
        long[] some = Seeds.some("HeadModelTest", 12);
        return LongStream.concat(Arrays.stream(FOUND), Arrays.stream(some)).toArray();
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
                                .withIdleTimeout(Duration.ofSeconds(1 + random.nextInt(120)))
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
        } else if (what < 93) {
            release();
        } else if (what < 94) {
            head().releaseIdle();
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
        stagedStartsMs.clear();
        stagedExemplars.clear();
        for (int i = 0; i < 8; i++) {
            if (random.nextInt(8) > 0) {
                append(origin, appender, i, tick, samples);
            }
        }
        if (random.nextInt(20) == 0) {
            appender.rollback();
            // a series may have been made anew, whose start time is forgotten now
            references.remove(origin);
            return;
        }
        appender.commit();
        for (Sample sample : samples) {
            model.computeIfAbsent(sample.labels, key -> new TreeMap<>())
                    .putIfAbsent(sample.timeMs, sample.point);
        }
        startsMs.putAll(stagedStartsMs);
        stagedExemplars.forEach((labels, some) ->
                exemplars.computeIfAbsent(labels, key -> new ArrayList<>()).addAll(some));
    }

    private record Sample(Labels labels, long timeMs, Point point) {}

    private void append(
            String origin, SampleAppender appender, int i, long tick, List<Sample> samples) {
        Labels labels = labels(origin, i);
        Map<Labels, Integer> known = references.computeIfAbsent(origin, key -> new HashMap<>());
        Integer reference = known.get(labels);
        if (reference == null) {
            reference = appender.series(labels, MetricMetadata.NONE);
            known.put(labels, reference);
            appender.start(
                    reference,
                    stagedStartsMs.getOrDefault(labels, startsMs.getOrDefault(labels, 0L)));
        }
        NativeHistogram histogram = histogram(i, labels);
        double value = histogram == null ? value(i) : HistogramMarker.VALUE;
        long time = tick;
        if (random.nextInt(12) == 0) {
            time = tick + random.nextInt(40_000) - 35_000;
        }
        long startMs = start(appender, reference, labels, i);
        AppendResult result = appendTo(appender, reference, time, tick, value, histogram);
        if (result == AppendResult.UNKNOWN_SERIES) {
            reference = appender.series(labels, MetricMetadata.NONE);
            known.put(labels, reference);
            appender.start(reference, startMs);
            result = appendTo(appender, reference, time, tick, value, histogram);
        }
        if (i == 4 || i == 6) {
            boolean sampled = result == AppendResult.APPENDED || model.containsKey(labels);
            exemplar(appender, reference, labels, tick, sampled);
        }
        Point point = new Point(Double.doubleToRawLongBits(value), histogram, startMs);
        Point held = held(labels, time, samples);
        switch (result) {
            case APPENDED -> {
                assertThat(held == null || same(held, point)).as("%s %s", labels, time).isTrue();
                samples.add(new Sample(labels, time, point));
            }
            case DUPLICATE -> assertThat(held).isNotNull().matches(other -> !same(other, point));
            case TOO_OLD -> assertThat(time).isLessThan(oldestTaken());
            case OUT_OF_ORDER, TOO_FAR_AHEAD, UNKNOWN_SERIES ->
                    throw new AssertionError("must not be refused: " + result);
        }
        if (random.nextInt(40) == 0) {
            // counts for the next sample only
            stagedStartsMs.put(labels, tick + 1);
            appender.start(reference, tick + 1);
        }
    }

    private static boolean same(Point one, Point other) {
        return one.bits() == other.bits() && Objects.equals(one.histogram(), other.histogram());
    }

    /// A histogram where series `i` has one this time: some have always, one changes its type.
    private @Nullable NativeHistogram histogram(int i, Labels labels) {
        if (i != 5 && (i != 7 || random.nextInt(3) == 0) && (i != 2 || random.nextInt(50) > 0)) {
            return null;
        }
        NativeHistogram next = Histograms.next(histograms.get(labels), random);
        histograms.put(labels, next);
        return next;
    }

    /// Says since when the series counts, if that changed or it may not be known.
    private long start(SampleAppender appender, int reference, Labels labels, int i) {
        long before = stagedStartsMs.getOrDefault(labels, startsMs.getOrDefault(labels, 0L));
        if (i % 2 == 0) {
            return before;
        }
        long startMs = random.nextInt(15) == 0 ? clock.millis() - random.nextInt(9_000) : before;
        if (random.nextInt(60) == 0) {
            startMs = 0;
        }
        if (startMs != before || random.nextInt(20) == 0) {
            appender.start(reference, startMs);
        }
        stagedStartsMs.put(labels, startMs);
        return startMs;
    }

    /// @param sampled whether the series has samples: without one it may be forgotten at any time
    private void exemplar(
            SampleAppender appender, int reference, Labels labels, long tick, boolean sampled) {
        if (random.nextInt(3) > 0) {
            return;
        }
        List<Exemplar> held = new ArrayList<>(exemplars.getOrDefault(labels, List.of()));
        List<Exemplar> staged = stagedExemplars.computeIfAbsent(labels, key -> new ArrayList<>());
        held.addAll(staged);
        Exemplar exemplar =
                new Exemplar(
                        Labels.of("trace_id", "t" + random.nextInt(3)),
                        random.nextInt(3),
                        tick - random.nextInt(1_500));
        if (!sampled) {
            return;
        }
        appender.exemplar(reference, exemplar);
        long newestMs = held.isEmpty() ? Long.MIN_VALUE : held.getLast().timestampMs();
        if (exemplar.timestampMs() >= newestMs && !held.contains(exemplar)) {
            staged.add(exemplar);
        }
    }

    /// Windows whose end is the out-of-order window ago may be closed.
    private long oldestTaken() {
        return Math.max(clock.millis() - LATE_MS, floorMs);
    }

    private long floorMs = Long.MIN_VALUE;

    private static AppendResult appendTo(
            SampleAppender appender,
            int reference,
            long time,
            long tick,
            double value,
            @Nullable NativeHistogram histogram) {
        if (histogram != null) {
            return time == tick
                    ? appender.append(reference, histogram)
                    : appender.append(reference, time, histogram);
        }
        return time == tick
                ? appender.append(reference, value)
                : appender.append(reference, time, value);
    }

    private @Nullable Point held(Labels labels, long time, List<Sample> staged) {
        for (Sample sample : staged) {
            if (sample.labels.equals(labels) && sample.timeMs == time) {
                return sample.point;
            }
        }
        TreeMap<Long, Point> samples = model.get(labels);
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
            assertSame(Samples.points(head().window(window), window), expected(window));
        }
        if (!closed.isEmpty() && random.nextBoolean()) {
            TimeRange window = closed.getFirst();
            head().release(window);
            head().release(window);
            model.values()
                    .forEach(samples -> samples.subMap(window.startMs(), window.endMs()).clear());
            model.values().removeIf(TreeMap::isEmpty);
            exemplars.keySet().retainAll(model.keySet());
        }
    }

    private TreeMap<Labels, TreeMap<Long, Point>> expected(TimeRange range) {
        TreeMap<Labels, TreeMap<Long, Point>> result = new TreeMap<>();
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
        TreeMap<Labels, TreeMap<Long, Point>> read = Samples.points(head(), all);
        assertSame(read, expected(all));
        Map<Labels, List<Exemplar>> found = new HashMap<>();
        for (SeriesExemplars some : head().exemplars(all, List.of(List.of()))) {
            found.put(some.series(), some.exemplars());
        }
        exemplars.forEach((labels, some) -> {
            if (!some.isEmpty()) {
                // those of a series that had no samples for a while may be there still
                assertThat(found).containsKey(labels);
                assertThat(found.get(labels)).endsWith(some.toArray(new Exemplar[0]));
            }
        });
    }

    private static void assertSame(
            TreeMap<Labels, TreeMap<Long, Point>> read,
            TreeMap<Labels, TreeMap<Long, Point>> expected) {
        expected.forEach((labels, points) -> {
            // one by one, because a difference between everything is not readable
            TreeMap<Long, Point> found = requireNonNullElse(read.get(labels), new TreeMap<>());
            points.forEach((timeMs, point) ->
                    assertThat(found.get(timeMs)).as("%s %s", labels, timeMs).isEqualTo(point));
        });
        assertThat(read).isEqualTo(expected);
    }

    private void compareOne() throws IOException {
        long start = clock.millis() - random.nextInt(200_000);
        TimeRange range = new TimeRange(start, start + 1 + random.nextInt(100_000));
        String metric = "m" + random.nextInt(8);
        TreeMap<Labels, TreeMap<Long, Point>> expected = expected(range);
        expected.keySet().removeIf(labels -> !labels.metric().equals(metric));
        assertThat(Samples.points(head(), range, LabelMatcher.equal("__name__", metric)))
                .isEqualTo(expected);
    }
}
