package dev.muster.promql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.sample.Staleness;
import dev.muster.model.time.Steps;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// A range query has at each step what an instant query has at that time; `-Dseed=` repeats a run.
class InstantEqualsRangeTest {
    private static final long SEED = Long.getLong("seed", 20_261_122L);

    private static final String[] LEAVES = {
        "requests_total",
        "temperature",
        "requests_total{job=\"a\"}",
        "temperature offset 20s",
        "requests_total offset -15s"
    };
    private static final String[] WRAPPERS = {
        "abs(%s)",
        "-%s",
        "sum(%s)",
        "sum by (job) (%s)",
        "avg without (instance) (%s)",
        "max by (job) (%s)",
        "count(%s)",
        "quantile(0.4, %s)",
        "stddev(%s)",
        "topk(2, %s)",
        "bottomk(1, %s)",
        "limitk(2, %s)",
        "count_values(\"v\", round(%s))",
        "%s > 10",
        "%s * 2",
        "1 / %s",
        "%s == bool 3",
        "%s and temperature",
        "%s or temperature",
        "%s unless temperature",
        "%s + on (job, instance) temperature",
        "temperature * on (job) group_right () sum by (job) (%s)",
        "%s + ignoring (x) fill (0) temperature",
        "clamp_max(%s, 50)",
        "label_replace(%s, \"new\", \"$1\", \"job\", \"(.)\")",
        "absent(%s)",
        "timestamp(%s)",
        "vector(scalar(sum(%s)))",
        "max_over_time((%s)[1m:10s])",
        "avg_over_time((%s)[30s:])",
        "%s @ 60",
        "group by (instance) (%s)"
    };
    private static final String[] RANGES = {
        "rate(requests_total[1m])",
        "increase(requests_total[45s] offset 10s)",
        "sum_over_time(temperature[1m])",
        "quantile_over_time(0.7, temperature[50s])",
        "changes(temperature[2m])",
        "deriv(temperature[1m])",
        "absent_over_time(temperature[20s])",
        "predict_linear(temperature[1m], 30)",
        "max_over_time(rate(requests_total[30s])[1m:10s])",
        "increase(requests_total[30s] anchored)",
        "rate(requests_total[30s] smoothed)",
        "last_over_time(temperature[1m:7s])"
    };

    private final PromQlEngine engine = new PromQlEngine(EngineConfig.DEFAULT);

    @Test
    void atEveryStep() throws IOException {
        Random random = new Random(SEED);
        MemorySource source = source(random);
        for (int round = 0; round < 400; round++) {
            String query = query(random);
            long startMs = random.nextInt(200_000) - 30_000L;
            Steps steps =
                    new Steps(
                            startMs, startMs + random.nextInt(300_000), 1 + random.nextInt(45_000));
            check(source, query, steps, "seed=" + SEED + " round=" + round + ": " + query);
        }
    }

    private void check(MemorySource source, String query, Steps steps, String context)
            throws IOException {
        Map<Long, Map<Labels, Double>> byTime = new TreeMap<>();
        try {
            QueryResult range = engine.range(source, query, steps, QueryOptions.DEFAULT);
            for (MatrixSeries series : ((MatrixValue) range.value()).series()) {
                for (int i = 0; i < series.size(); i++) {
                    byTime.computeIfAbsent(series.timestampMs(i), _ -> new TreeMap<>())
                            .put(series.labels(), series.value(i));
                }
            }
        } catch (QueryException e) {
            // Some step then has no answer either, or two steps do not fit together.
            assertThat(e.kind()).as(context).isEqualTo(QueryException.Kind.EXECUTION);
            return;
        }
        for (int i = 0; i < steps.count(); i++) {
            Map<Labels, Double> instant = instant(source, query, steps.at(i), context);
            assertThat(byTime.getOrDefault(steps.at(i), Map.of()))
                    .as("%s at %d ms", context, steps.at(i))
                    .isEqualTo(instant);
        }
    }

    private Map<Labels, Double> instant(
            MemorySource source, String query, long timeMs, String context) throws IOException {
        Map<Labels, Double> values = new TreeMap<>();
        try {
            QueryValue value = engine.instant(source, query, timeMs, QueryOptions.DEFAULT).value();
            VectorValue vector = (VectorValue) value;
            for (int i = 0; i < vector.size(); i++) {
                values.put(vector.labels(i), vector.value(i));
            }
        } catch (QueryException e) {
            throw new AssertionError(context + " at " + timeMs + " ms", e);
        }
        return values;
    }

    private static String query(Random random) {
        String query =
                random.nextBoolean()
                        ? LEAVES[random.nextInt(LEAVES.length)]
                        : RANGES[random.nextInt(RANGES.length)];
        int depth = random.nextInt(4);
        for (int i = 0; i < depth; i++) {
            String wrapper = WRAPPERS[random.nextInt(WRAPPERS.length)];
            boolean selector = i == 0 && !query.contains("(") && !query.contains("offset");
            if (wrapper.contains("@") && !selector) {
                continue;
            }
            boolean plain = wrapper.contains("@");
            query = wrapper.formatted(plain ? query : "(" + query + ")");
        }
        return query;
    }

    private static MemorySource source(Random random) {
        MemorySource source = new MemorySource();
        for (String job : new String[] {"a", "b"}) {
            for (String instance : new String[] {"1", "2", "3"}) {
                double total = 0;
                for (long t = random.nextInt(20_000);
                        t < 300_000;
                        t += 5_000 + random.nextInt(9_000)) {
                    total = random.nextInt(12) == 0 ? 0 : total + random.nextInt(10);
                    source.add(
                            Labels.of(
                                    Labels.METRIC,
                                    "requests_total",
                                    "job",
                                    job,
                                    "instance",
                                    instance),
                            t,
                            total);
                    double value = random.nextInt(40) - 5;
                    source.add(
                            Labels.of(
                                    Labels.METRIC, "temperature", "job", job, "instance", instance),
                            t,
                            random.nextInt(15) == 0
                                    ? Staleness.STALE
                                    : random.nextInt(25) == 0 ? Double.NaN : value);
                }
            }
        }
        return source;
    }
}
