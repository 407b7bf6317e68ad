package dev.muster.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.sample.Staleness;
import dev.muster.model.time.Steps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Compares window functions, which slide over decoded columns, with a plain computation on a list
/// of the samples of each window; `-Dseed=` repeats a run.
class RangeFunctionsOracleTest {
    private static final long SEED = Long.getLong("seed", 20_261_122L);
    private static final long RANGE_MS = 60_000;

    private final PromQlEngine engine = new PromQlEngine(EngineConfig.DEFAULT);

    private record Sample(long timeMs, double value) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum_over_time",
                "avg_over_time",
                "min_over_time",
                "max_over_time",
                "count_over_time",
                "last_over_time",
                "first_over_time",
                "changes",
                "resets",
                "increase",
                "delta",
                "irate",
                "stdvar_over_time",
                "ts_of_max_over_time",
                "ts_of_min_over_time",
                "mad_over_time"
            })
    void agreesWithAPlainComputation(String function) throws QueryException, IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < 40; round++) {
            List<Sample> samples = samples(random);
            MemorySource source = new MemorySource();
            samples.forEach(sample ->
                    source.add(Labels.of(Labels.METRIC, "m"), sample.timeMs(), sample.value()));
            long stepMs = 1L + random.nextInt(90_000);
            Steps steps = new Steps(-30_000, 700_000, stepMs);
            QueryResult result =
                    engine.range(source, function + "(m[1m])", steps, QueryOptions.DEFAULT);
            Map<Long, Double> actual = points(result);
            for (int i = 0; i < steps.count(); i++) {
                Double expected = expected(function, samples, steps.at(i));
                Double value = actual.get(steps.at(i));
                String context = function + " seed=" + SEED + " round=" + round + " step=" + i;
                if (expected == null || value == null) {
                    assertThat(value).as(context).isEqualTo(expected);
                } else if (Double.isFinite(expected)) {
                    assertThat(value)
                            .as(context)
                            .isCloseTo(expected, within(1e-9 * (1 + Math.abs(expected))));
                } else {
                    assertThat(value).as(context).isEqualTo(expected);
                }
            }
        }
    }

    private static Map<Long, Double> points(QueryResult result) {
        Map<Long, Double> points = new HashMap<>();
        for (MatrixSeries series : ((MatrixValue) result.value()).series()) {
            for (int i = 0; i < series.size(); i++) {
                points.put(series.timestampMs(i), series.value(i));
            }
        }
        return points;
    }

    private static List<Sample> samples(Random random) {
        List<Sample> samples = new ArrayList<>();
        long timeMs = random.nextInt(30_000);
        double value = random.nextInt(100);
        while (timeMs < 600_000) {
            switch (random.nextInt(20)) {
                case 0 -> samples.add(new Sample(timeMs, Staleness.STALE));
                case 1 -> timeMs += 120_000;
                case 2 -> value = random.nextInt(5);
                case 3 -> samples.add(new Sample(timeMs, -value));
                default -> {
                    value += random.nextInt(3) * 1.5;
                    samples.add(new Sample(timeMs, value));
                }
            }
            timeMs += 1 + random.nextInt(20_000);
        }
        return samples;
    }

    private static @Nullable Double expected(String function, List<Sample> samples, long timeMs) {
        List<Sample> window =
                samples.stream()
                        .filter(s -> s.timeMs() > timeMs - RANGE_MS && s.timeMs() <= timeMs)
                        .filter(s -> !Staleness.isStale(s.value()))
                        .toList();
        if (window.isEmpty()) {
            return null;
        }
        double[] values = window.stream().mapToDouble(Sample::value).toArray();
        double count = values.length;
        double mean = Arrays.stream(values).sum() / count;
        return switch (function) {
            case "sum_over_time" -> Arrays.stream(values).sum();
            case "avg_over_time" -> mean;
            case "min_over_time" -> Arrays.stream(values).min().getAsDouble();
            case "max_over_time" -> Arrays.stream(values).max().getAsDouble();
            case "count_over_time" -> count;
            case "last_over_time" -> values[values.length - 1];
            case "first_over_time" -> values[0];
            case "stdvar_over_time" ->
                    Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / count;
            case "mad_over_time" -> {
                double median = median(values);
                yield median(Arrays.stream(values).map(v -> Math.abs(v - median)).toArray());
            }
            case "ts_of_max_over_time" -> time(window, Arrays.stream(values).max().getAsDouble());
            case "ts_of_min_over_time" -> time(window, Arrays.stream(values).min().getAsDouble());
            case "changes" -> steps(values, true);
            case "resets" -> steps(values, false);
            case "irate" -> instantRate(window);
            default -> increase(window, timeMs, function.equals("increase"));
        };
    }

    /// When the value was seen last.
    private static double time(List<Sample> window, double value) {
        double time = 0;
        for (Sample sample : window) {
            time = sample.value() == value ? sample.timeMs() / 1000.0 : time;
        }
        return time;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double steps(double[] values, boolean any) {
        int count = 0;
        for (int i = 1; i < values.length; i++) {
            if (any ? values[i] != values[i - 1] : values[i] < values[i - 1]) {
                count++;
            }
        }
        return count;
    }

    private static @Nullable Double instantRate(List<Sample> window) {
        if (window.size() < 2) {
            return null;
        }
        Sample last = window.getLast();
        Sample before = window.get(window.size() - 2);
        double difference =
                last.value() < before.value() ? last.value() : last.value() - before.value();
        return difference / ((last.timeMs() - before.timeMs()) / 1000.0);
    }

    /// The extrapolation as Prometheus' documentation describes it.
    private static @Nullable Double increase(List<Sample> window, long timeMs, boolean counter) {
        if (window.size() < 2) {
            return null;
        }
        double first = window.getFirst().value();
        double growth = window.getLast().value() - first;
        for (int i = 1; i < window.size() && counter; i++) {
            if (window.get(i).value() < window.get(i - 1).value()) {
                growth += window.get(i - 1).value();
            }
        }
        double span = (window.getLast().timeMs() - window.getFirst().timeMs()) / 1000.0;
        double distance = span / (window.size() - 1);
        double before = (window.getFirst().timeMs() - (timeMs - RANGE_MS)) / 1000.0;
        double after = (timeMs - window.getLast().timeMs()) / 1000.0;
        before = before >= 1.1 * distance ? distance / 2 : before;
        after = after >= 1.1 * distance ? distance / 2 : after;
        if (counter && growth > 0 && first >= 0) {
            before = Math.min(before, span * first / growth);
        }
        return growth * (span + before + after) / span;
    }
}
