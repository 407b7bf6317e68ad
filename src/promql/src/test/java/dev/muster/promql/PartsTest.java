package dev.muster.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.Steps;
import dev.muster.promql.part.Part;
import dev.muster.promql.part.PartException;
import dev.muster.promql.part.PartPlan;
import dev.muster.promql.part.PartQuery;
import dev.muster.promql.part.PartQueryCodec;
import dev.muster.promql.part.PartReader;
import dev.muster.promql.part.PartRemark;
import dev.muster.promql.part.PartSelector;
import dev.muster.promql.part.PartSink;
import dev.muster.promql.part.PartSource;
import dev.muster.promql.part.PartWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Parts that answer for their own series make together what one place makes of all of them;
/// `-Dseed=` repeats a run.
class PartsTest {
    private static final long SEED = Long.getLong("seed", 20_261_122L);
    private static final PromQlEngine ENGINE = new PromQlEngine(EngineConfig.DEFAULT);

    private static final String[] LEAVES = {
        "requests_total",
        "temperature",
        "{__name__=~\"requests_total|temperature\"}",
        "latency",
        "mixed",
        "rate(requests_total[1m])",
        "rate(temperature[1m])",
        "increase(latency[2m])",
        "rate(latency[1m] offset 10s)",
        "sum_over_time(temperature[1m])",
        "avg_over_time(mixed[1m])",
        "quantile_over_time(1.5, temperature[50s])",
        "max_over_time(rate(requests_total[30s])[1m:10s])",
        "histogram_sum(latency)",
        "histogram_count(mixed)",
        "temperature * (2 + 1) - -3",
        "2 - (temperature - 1)",
        "-requests_total ^ 2",
        "clamp(temperature, 3, 20)",
        "timestamp(temperature)",
        "temperature > bool 3",
        "predict_linear(temperature[1m], 30) + time() - start()",
        "latency * 2",
        "floor(temperature / 8)"
    };
    private static final String[] AGGREGATIONS = {
        "sum(%s)",
        "sum by (job) (%s)",
        "avg by (job) (%s)",
        "avg without (instance) (%s)",
        "count by (job) (%s)",
        "group without (job) (%s)",
        "min by (job) (%s)",
        "max(%s)",
        "stddev by (job) (%s)",
        "stdvar(%s)",
        "topk(3, %s)",
        "topk by (job) (2, floor(%s))",
        "bottomk(4, round(%s))",
        "count_values(\"v\", %s)",
        "count_values without (instance) (\"v\", floor(%s))",
        "limitk(4, %s)",
        "limitk by (job) (2, %s)",
        "limit_ratio(0.4, %s)",
        "limit_ratio by (job) (-1.3, %s)",
        "quantile(0.7, %s)",
        "%s"
    };
    private static final String[] ABOVE = {
        "%s",
        "abs(%s)",
        "%s / 3",
        "%s + on (job) group_left () sum by (job) (requests_total)",
        "sort_desc(%s)",
        "max_over_time((%s)[1m:20s])",
        "label_replace(%s, \"x\", \"$1\", \"job\", \"(.)\")",
        "absent(%s)",
        "%s or temperature",
        "histogram_quantile(0.9, %s)"
    };

    /// Several memories as parts, asked through bytes.
    private static final class Parts implements PartSource {
        private final MemorySource all;
        private final List<MemorySource> places;
        private final long fromMs;
        private final AtomicInteger asked = new AtomicInteger();

        Parts(MemorySource all, int count, long fromMs, Random random) {
            this.all = all;
            this.fromMs = fromMs;
            places = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                places.add(new MemorySource());
            }
            all.series()
                    .forEach((labels, samples) ->
                            places.get(random.nextInt(count)).series().put(labels, samples));
        }

        @Override
        public SeriesSet select(SelectRequest request) {
            return all.select(request);
        }

        @Override
        public PartPlan plan(PartQuery query, List<PartSelector> selectors, ReadBudget budget) {
            assertThat(selectors).isNotEmpty();
            List<Part> parts = new ArrayList<>();
            for (MemorySource place : places) {
                parts.add(part(place));
            }
            return new PartPlan(fromMs, parts);
        }

        private Part part(MemorySource place) {
            return new Part() {
                @Override
                public String name() {
                    return "place";
                }

                @Override
                public void ask(PartQuery query, PartSink sink, ReadBudget budget)
                        throws IOException {
                    asked.incrementAndGet();
                    byte[] answer = answer(place, PartQueryCodec.encode(query));
                    PartReader.read(new ByteArrayInputStream(answer), query, sink, budget);
                }
            };
        }
    }

    /// What the answering side does.
    private static byte[] answer(MemorySource place, byte[] query) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PartWriter writer = new PartWriter(out);
        try {
            ENGINE.part(place, PartQueryCodec.decode(query), writer, QueryOptions.DEFAULT);
            writer.end();
        } catch (QueryException e) {
            writer.fail(PartException.Kind.valueOf(e.kind().name()), e.getMessage());
        }
        return out.toByteArray();
    }

    @Test
    void answerAsOnePlaceDoes() throws IOException {
        int asked = 0;
        for (long seed = SEED; seed < SEED + 500; seed++) {
            Random random = new Random(seed);
            MemorySource all = source(random);
            long startMs = random.nextInt(200_000) - 20_000L;
            boolean instant = random.nextInt(3) == 0;
            Steps steps =
                    instant
                            ? Steps.instant(startMs + 60_000)
                            : new Steps(
                                    startMs,
                                    startMs + random.nextInt(300_000),
                                    1_000 + random.nextInt(30_000));
            long fromMs = random.nextBoolean() ? Long.MIN_VALUE : startMs + random.nextInt(200_000);
            Parts parts = new Parts(all, random.nextInt(1, 5), fromMs, random);
            String query = query(random);
            String context = "seed=" + seed + ": " + query;
            assertSame(run(all, query, steps, instant), run(parts, query, steps, instant), context);
            asked += parts.asked.get();
        }
        assertThat(asked).isGreaterThan(500);
    }

    @Test
    void plansAndTracesSayWhoAnswers() throws QueryException, IOException {
        Parts parts = new Parts(source(new Random(3)), 3, 100_000, new Random(4));
        Steps steps = new Steps(80_000, 140_000, 20_000);
        String query =
                "1 - sum by (job) (rate(requests_total[30s])) / on () group_left () max(vector(1))";
        ExplainNode before = sum(ENGINE.explain(parts, query, steps, false, QueryOptions.DEFAULT));
        Delegated planned = before.counters().delegated().orElseThrow();
        assertThat(planned.query()).isEqualTo("sum by (job) (rate(requests_total[30s]))");
        assertThat(planned.steps()).isEqualTo(3);
        assertThat(planned.parts()).hasSize(3).allMatch(work -> work.nanos() == 0);
        assertThat(parts.asked).hasValue(0);
        assertThat(before.children().getFirst().counters().delegated()).isEmpty();

        QueryTrace trace = new QueryTrace();
        ENGINE.range(parts, query, steps, QueryOptions.DEFAULT.withTrace(trace));
        Delegated asked = sum(trace.plan().orElseThrow()).counters().delegated().orElseThrow();
        assertThat(asked.parts()).hasSize(3).allMatch(work -> work.nanos() > 0);
        assertThat(asked.parts().stream().mapToLong(Delegated.Work::series).sum()).isPositive();
        assertThat(asked.parts().stream().mapToLong(Delegated.Work::rows).sum()).isPositive();

        ENGINE.range(parts, query, steps, QueryOptions.DEFAULT.countingSteps());
        assertThat(parts.asked).hasValue(3);
    }

    private static ExplainNode sum(ExplainNode node) {
        return node.operator().equals("sum")
                ? node
                : node.children().stream()
                        .filter(child -> child.text().contains("sum by"))
                        .map(PartsTest::sum)
                        .findFirst()
                        .orElseThrow();
    }

    private static String query(Random random) {
        String leaf = LEAVES[random.nextInt(LEAVES.length)];
        String query =
                AGGREGATIONS[random.nextInt(AGGREGATIONS.length)].formatted("(" + leaf + ")");
        return ABOVE[random.nextInt(ABOVE.length)].formatted("(" + query + ")");
    }

    /// An answer or why there is none.
    private record Outcome(@Nullable QueryResult result, String error) {}

    private static Outcome run(SeriesSource source, String query, Steps steps, boolean instant)
            throws IOException {
        try {
            QueryResult result =
                    instant
                            ? ENGINE.instant(source, query, steps.startMs(), QueryOptions.DEFAULT)
                            : ENGINE.range(source, query, steps, QueryOptions.DEFAULT);
            return new Outcome(result, "");
        } catch (QueryException e) {
            return new Outcome(null, e.kind() + e.getMessage());
        }
    }

    private static void assertSame(Outcome expected, Outcome actual, String context) {
        assertThat(actual.error()).as(context).isEqualTo(expected.error());
        QueryResult one = expected.result();
        QueryResult other = actual.result();
        if (one == null || other == null) {
            return;
        }
        assertThat(other.warnings()).as(context).isEqualTo(one.warnings());
        assertThat(other.infos()).as(context).isEqualTo(one.infos());
        List<Point> points = points(one.value());
        List<Point> others = points(other.value());
        assertThat(others.stream().map(Point::place).toList())
                .as(context)
                .isEqualTo(points.stream().map(Point::place).toList());
        for (int i = 0; i < points.size(); i++) {
            assertSame(points.get(i), others.get(i), context + " " + points.get(i).place());
        }
    }

    private static void assertSame(Point expected, Point actual, String context) {
        assertClose(expected.value(), actual.value(), context);
        NativeHistogram one = expected.histogram();
        NativeHistogram other = actual.histogram();
        assertThat(other == null).as(context).isEqualTo(one == null);
        if (one != null && other != null) {
            assertThat(other.schema()).as(context).isEqualTo(one.schema());
            assertThat(other.counterReset()).as(context).isEqualTo(one.counterReset());
            assertClose(one.sum(), other.sum(), context);
            assertClose(one.count(), other.count(), context);
            assertClose(one.zeroCount(), other.zeroCount(), context);
            assertThat(other.positive().size()).as(context).isEqualTo(one.positive().size());
            for (int i = 0; i < one.positive().size(); i++) {
                assertThat(other.positive().index(i)).isEqualTo(one.positive().index(i));
                assertClose(one.positive().count(i), other.positive().count(i), context);
            }
        }
    }

    private static void assertClose(double expected, double actual, String context) {
        if (context.contains("(std")) {
            // Squares of what is nearly infinite may or may not be.
            assertThat(Double.isFinite(actual)).as(context).isEqualTo(Double.isFinite(expected));
        }
        if (!Double.isFinite(expected)) {
            boolean same = Double.compare(actual, expected) == 0 || context.contains("(std");
            assertThat(same).as("%s: %s, %s", context, expected, actual).isTrue();
        } else {
            double tolerance = Math.max(1e-12 * Math.abs(expected), 1e-12);
            assertThat(actual).as(context).isCloseTo(expected, within(tolerance));
        }
    }

    private record Point(String place, double value, @Nullable NativeHistogram histogram) {}

    private static List<Point> points(QueryValue value) {
        List<Point> points = new ArrayList<>();
        if (value instanceof MatrixValue matrix) {
            for (MatrixSeries series : matrix.series()) {
                for (int i = 0; i < series.size(); i++) {
                    points.add(
                            new Point(
                                    series.labels() + " " + series.timestampMs(i),
                                    series.histogram(i) == null ? series.value(i) : 0,
                                    series.histogram(i)));
                }
            }
        } else if (value instanceof VectorValue vector) {
            for (int i = 0; i < vector.size(); i++) {
                points.add(
                        new Point(
                                vector.labels(i).toString(),
                                vector.histogram(i) == null ? vector.value(i) : 0,
                                vector.histogram(i)));
            }
        }
        return points;
    }

    private static MemorySource source(Random random) {
        MemorySource source = new MemorySource();
        for (String job : new String[] {"a", "b", "c"}) {
            for (int instance = 0; instance < 4; instance++) {
                String name = String.valueOf(instance);
                double total = 0;
                for (long t = random.nextInt(20_000);
                        t < 300_000;
                        t += 4_000 + random.nextInt(9_000)) {
                    total = random.nextInt(12) == 0 ? 0 : total + random.nextInt(10) / 3.0;
                    source.add(labels("requests_total", job, name), t, total);
                    double value = random.nextInt(40) - 5 + random.nextInt(3) / 7.0;
                    source.add(labels("temperature", job, name), t, odd(random, value));
                    source.add(labels("latency", job, name), t, histogram(random, instance));
                    if (random.nextInt(instance + 1) == 0) {
                        source.add(labels("mixed", job, name), t, value);
                    } else {
                        source.add(labels("mixed", job, name), t, histogram(random, 0));
                    }
                }
            }
        }
        return source;
    }

    private static double odd(Random random, double value) {
        return switch (random.nextInt(60)) {
            case 0 -> Double.NaN;
            case 1 -> Staleness.STALE;
            case 2 -> Double.POSITIVE_INFINITY;
            case 3 -> 1.7e308;
            default -> value;
        };
    }

    private static Labels labels(String metric, String job, String instance) {
        return Labels.of(Labels.METRIC, metric, "instance", instance, "job", job);
    }

    private static NativeHistogram histogram(Random random, int kind) {
        int size = random.nextInt(1, 5);
        int[] indexes = new int[size];
        double[] counts = new double[size];
        double count = 0;
        for (int i = 0; i < size; i++) {
            indexes[i] = i;
            counts[i] = 1 + random.nextInt(9);
            count += counts[i];
        }
        Buckets buckets = Buckets.of(indexes, counts);
        double sum = random.nextInt(100) / 3.0;
        if (kind == 3) {
            double[] bounds = {1, 2, 3 + random.nextInt(2), 9};
            return NativeHistogram.custom(CounterReset.UNKNOWN, count, sum, bounds, buckets);
        }
        return NativeHistogram.exponential(
                kind, CounterReset.UNKNOWN, 0.001, 0, count, sum, buckets, Buckets.NONE);
    }

    @Test
    void evaluatesHereWhereAPartCannotAnswer() throws QueryException, IOException {
        MemorySource all = source(new Random(SEED));
        PartSource broken =
                source(
                        all,
                        (_, _, _) -> {
                            throw new IOException("connection reset");
                        });
        Steps steps = new Steps(0, 100_000, 10_000);
        QueryResult result = ENGINE.range(broken, "sum(temperature)", steps, QueryOptions.DEFAULT);
        QueryResult here = ENGINE.range(all, "sum(temperature)", steps, QueryOptions.DEFAULT);
        assertThat(points(result.value())).isEqualTo(points(here.value()));
        assertThat(result.warnings()).isEmpty();
    }

    @Test
    void passesOnWhatIsMissing() throws QueryException, IOException {
        MemorySource all = source(new Random(SEED));
        PartSource silent =
                source(all, (_, sink, _) -> sink.remark(PartRemark.storage("agent a1 is away")));
        QueryResult result =
                ENGINE.instant(silent, "sum(temperature)", 60_000, QueryOptions.DEFAULT);
        assertThat(result.warnings()).containsExactly("agent a1 is away");
        assertThat(result.whole()).isFalse();
    }

    @Test
    void interruptsPartsThatAreNoLongerWanted() throws InterruptedException {
        MemorySource all = source(new Random(SEED));
        CountDownLatch stopped = new CountDownLatch(1);
        PartSource endless =
                source(
                        all,
                        (_, _, _) -> {
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                stopped.countDown();
                                throw new IOException("stopped", e);
                            }
                        });
        QueryException e =
                catchThrowableOfType(
                        QueryException.class,
                        () ->
                                ENGINE.instant(
                                        endless,
                                        "sum(temperature)",
                                        60_000,
                                        QueryOptions.DEFAULT.withTimeout(Duration.ofMillis(100))));
        assertThat(e.kind()).isEqualTo(QueryException.Kind.TIMEOUT);
        assertThat(stopped.getCount()).isZero();
    }

    private interface Asking {
        void ask(PartQuery query, PartSink sink, ReadBudget budget) throws IOException;
    }

    private static PartSource source(MemorySource all, Asking asking) {
        return new PartSource() {
            @Override
            public PartPlan plan(PartQuery query, List<PartSelector> selectors, ReadBudget budget) {
                return new PartPlan(Long.MIN_VALUE, List.of(part(asking)));
            }

            @Override
            public SeriesSet select(SelectRequest request) {
                return all.select(request);
            }
        };
    }

    private static Part part(Asking asking) {
        return new Part() {
            @Override
            public String name() {
                return "a1";
            }

            @Override
            public void ask(PartQuery query, PartSink sink, ReadBudget budget) throws IOException {
                asking.ask(query, sink, budget);
            }
        };
    }
}
