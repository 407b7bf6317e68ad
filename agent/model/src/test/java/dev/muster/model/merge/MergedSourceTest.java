package dev.muster.model.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.BudgetExceededException;
import dev.muster.model.series.Completeness;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MergedSourceTest {
    private static final TimeRange ALL = new TimeRange(0, 1_000_000);
    private static final Labels UP = Labels.of("__name__", "up", "host", "a");

    static List<Long> seeds() {
        String seed = System.getProperty("seed");
        if (seed != null) {
            return List.of(Long.parseLong(seed));
        }
        List<Long> seeds = new ArrayList<>();
        for (long i = 0; i < 200; i++) {
            seeds.add(i);
        }
        return seeds;
    }

    /// Whatever way samples are split between sources, with any overlap, they are read as from one.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void readsSplitSamplesAsOne(long seed) throws IOException {
        Random random = new Random(seed);
        MemorySource plain = new MemorySource();
        List<MemorySource> parts = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            parts.add(new MemorySource());
        }
        for (int series = random.nextInt(12); series > 0; series--) {
            Labels labels = randomLabels(random);
            long borderMs = random.nextInt(1_000_000);
            boolean atBorder = random.nextBoolean();
            for (int i = random.nextInt(60); i > 0; i--) {
                long timeMs = random.nextInt(100) * 10_000L;
                double value = randomValue(random);
                plain.add(labels, timeMs, value);
                int first = atBorder && parts.size() > 1 ? (timeMs < borderMs ? 0 : 1) : 0;
                int count = atBorder ? 1 : 1 + random.nextInt(parts.size());
                parts.forEach(
                        part -> part.series().getOrDefault(labels, new TreeMap<>()).remove(timeMs));
                for (int copy = 0; copy < count; copy++) {
                    int part = atBorder ? first : random.nextInt(parts.size());
                    parts.get(part).add(labels, timeMs, value);
                }
            }
        }
        long startMs = random.nextInt(500_000);
        TimeRange range = random.nextBoolean() ? ALL : new TimeRange(startMs, startMs + 300_000);
        SelectRequest request = SelectRequest.of(range, List.of());
        assertThat(contents(merged(parts), request)).isEqualTo(contents(plain, request));
        assertThat(merged(parts).labelNames(request)).isEqualTo(plain.labelNames(request));
        assertThat(merged(parts).labelValues("host", request))
                .isEqualTo(plain.labelValues("host", request));
    }

    @Test
    void keepsTheBitsOfNotANumbers() throws IOException {
        double odd = Double.longBitsToDouble(0x7ff8dead00000001L);
        MemorySource first = new MemorySource();
        first.add(UP, 10, odd);
        MemorySource second = new MemorySource();
        second.add(UP, 5, Staleness.STALE);
        second.add(UP, 10, odd);

        assertThat(contents(merged(List.of(first, second)), SelectRequest.of(ALL, List.of())))
                .isEqualTo(Map.of(UP, Map.of(5L, Staleness.STALE_BITS, 10L, 0x7ff8dead00000001L)));
    }

    @Test
    void aValueGoesBeforeAStalenessMarkerAndThenTheEarlierSource() throws IOException {
        MemorySource first = new MemorySource();
        first.add(UP, 1, Staleness.STALE);
        first.add(UP, 2, 20);
        first.add(UP, 3, 30);
        MemorySource second = new MemorySource();
        second.add(UP, 1, 11);
        second.add(UP, 2, Staleness.STALE);
        second.add(UP, 3, 31);

        assertThat(contents(merged(List.of(first, second)), SelectRequest.of(ALL, List.of())))
                .isEqualTo(Map.of(UP, Map.of(1L, bits(11), 2L, bits(20), 3L, bits(30))));
    }

    @Test
    void takesTheMetadataOfTheFirstThatHasSome() throws IOException {
        MetricMetadata gauge = new MetricMetadata(MetricType.GAUGE, "", "Is it up.");
        MemorySource first = new MemorySource();
        first.add(UP, 1, 1);
        MemorySource second = new MemorySource();
        second.add(UP, 2, 1);
        second.describe(UP, gauge);
        try (SeriesSet set =
                merged(List.of(first, second)).select(SelectRequest.of(ALL, List.of()))) {
            assertThat(set.metadata(0)).isEqualTo(gauge);
        }
    }

    @Test
    void aSourceThatFailsIsAWarning() throws IOException {
        MemorySource good = new MemorySource();
        good.add(UP, 1, 1);
        good.warn("host b is away");
        SeriesSource broken =
                request -> {
                    throw new IOException("bucket is away");
                };
        MergedSource source =
                new MergedSource(
                        List.of(
                                new MergedSource.Part("blocks", broken),
                                new MergedSource.Part("agents", good)));
        try (SeriesSet set = source.select(SelectRequest.of(ALL, List.of()))) {
            assertThat(set.size()).isOne();
            assertThat(set.warnings())
                    .containsExactly(
                            "host b is away",
                            "blocks cannot be read, the answer lacks them: bucket is away");
            assertThat(set.completeness()).isEqualTo(Completeness.missing(ALL));
        }
        assertThat(source.names(SelectRequest.of(ALL, List.of())).warnings())
                .containsExactly("blocks cannot be read, the answer lacks them: bucket is away");
    }

    @Test
    void aWarningThatComesUpWhileSamplesAreReadIsNotLost() throws IOException {
        MemorySource first = new MemorySource();
        first.add(UP, 1, 1);
        MemorySource second = new MemorySource();
        try (SeriesSet set =
                merged(List.of(first, second)).select(SelectRequest.of(ALL, List.of()))) {
            set.reader().read(0, new SampleColumns());
            first.warn("block x is damaged");

            assertThat(set.warnings()).containsExactly("block x is damaged");
        }
    }

    @Test
    void failsWhenAllSourcesFail() {
        SeriesSource broken =
                request -> {
                    throw new IOException("bucket is away");
                };
        MergedSource source = new MergedSource(List.of(new MergedSource.Part("blocks", broken)));
        assertThatThrownBy(() -> source.select(SelectRequest.of(ALL, List.of())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bucket is away");
    }

    @Test
    void stopsWaitingWhenTheQueryMustStop() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        SeriesSource stuck =
                request -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                    throw new IOException("interrupted");
                };
        MergedSource source =
                new MergedSource(
                        List.of(
                                new MergedSource.Part("one", stuck),
                                new MergedSource.Part("two", stuck)));
        ReadBudget over = new OverBudget();
        SelectRequest request = SelectRequest.of(ALL, List.of()).withBudget(over);
        assertThatThrownBy(() -> source.select(request))
                .isInstanceOf(BudgetExceededException.class);
        assertThat(interrupted.getCount()).isZero();
    }

    private static final class OverBudget implements ReadBudget {
        @Override
        public void chargeSeries(int count) {}

        @Override
        public void chargeSamples(int count) {}

        @Override
        public void chargeFetchedBytes(long bytes) {}

        @Override
        public void check() {
            throw new BudgetExceededException("timeout", "over");
        }
    }

    private static MergedSource merged(List<MemorySource> parts) {
        List<MergedSource.Part> named = new ArrayList<>();
        for (MemorySource part : parts) {
            named.add(new MergedSource.Part("part-" + named.size(), part));
        }
        return new MergedSource(named);
    }

    /// Labels to time to bits, in the order of the set; fails if a set or a series is not
    /// ascending.
    private static Map<Labels, Map<Long, Long>> contents(SeriesSource source, SelectRequest request)
            throws IOException {
        SortedMap<Labels, Map<Long, Long>> contents = new TreeMap<>();
        try (SeriesSet set = source.select(request)) {
            SampleReader reader = set.reader();
            SampleColumns columns = new SampleColumns(2);
            for (int i = 0; i < set.size(); i++) {
                assertThat(contents.isEmpty() || contents.lastKey().compareTo(set.labels(i)) < 0)
                        .isTrue();
                columns.clear();
                columns.append(-1, 0);
                reader.read(i, columns);
                Map<Long, Long> samples = new TreeMap<>();
                for (int at = 1; at < columns.size(); at++) {
                    assertThat(columns.timestampsMs()[at])
                            .isGreaterThan(columns.timestampsMs()[at - 1]);
                    samples.put(
                            columns.timestampsMs()[at],
                            Double.doubleToRawLongBits(columns.values()[at]));
                }
                contents.put(set.labels(i), samples);
            }
        }
        return contents;
    }

    private static Labels randomLabels(Random random) {
        return Labels.of("__name__", "m" + random.nextInt(3), "host", "h" + random.nextInt(3));
    }

    private static double randomValue(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Staleness.STALE;
            case 1 -> Double.longBitsToDouble(Staleness.NORMAL_NAN_BITS);
            case 2 -> Double.POSITIVE_INFINITY;
            default -> random.nextInt(100) / 4.0;
        };
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    @Test
    void asksOnlyForWhatMatches() throws IOException {
        MemorySource part = new MemorySource();
        part.add(UP, 1, 1);
        part.add(Labels.of("__name__", "down"), 1, 1);
        SelectRequest request =
                SelectRequest.of(ALL, List.of(LabelMatcher.equal("__name__", "up")));
        assertThat(contents(merged(List.of(part)), request).keySet()).containsExactly(UP);
    }
}
