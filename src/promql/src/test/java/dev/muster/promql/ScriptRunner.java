package dev.muster.promql;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.memory.MemorySource;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.Steps;
import dev.muster.promql.TestScript.Command;
import dev.muster.promql.TestScript.Expectation;
import dev.muster.promql.TestScript.Said;
import dev.muster.promql.histogram.Histograms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Runs scripts in Prometheus' test language. Each instant query is repeated at other times, with
/// its own time put into it by `@`, and each of these as a range query around it.
final class ScriptRunner {
    private static final double EPSILON = 1e-6;

    private final PromQlEngine engine = new PromQlEngine(EngineConfig.DEFAULT);
    private final MemorySource samples = new MemorySource();
    private final Storage storage;

    private SeriesSource source = samples;
    private boolean changed;

    /// What became of the evals of a script.
    ///
    /// @param failures one text for each failed eval
    record Outcome(int evals, List<String> failures) {
        int passed() {
            return evals - failures.size();
        }
    }

    private ScriptRunner(Storage storage) {
        this.storage = storage;
    }

    /// Runs a script on samples in memory.
    static Outcome run(String script) throws QueryException, IOException {
        try (Storage storage = new Storage(Storage.Kind.MEMORY, Path.of(""), 0)) {
            return new ScriptRunner(storage).run(TestScript.parse(script));
        }
    }

    /// The same on samples that are stored elsewhere.
    static Outcome run(String script, Storage storage) throws QueryException, IOException {
        return new ScriptRunner(storage).run(TestScript.parse(script));
    }

    private Outcome run(TestScript script) throws IOException {
        int evals = 0;
        List<String> failures = new ArrayList<>();
        for (Command command : script.commands()) {
            switch (command) {
                case Command.Clear _ -> {
                    samples.clear();
                    changed = true;
                }
                case Command.Load load -> load(load);
                case Command.Eval eval -> {
                    evals++;
                    if (changed) {
                        source = storage.store(samples);
                        changed = false;
                    }
                    check(eval)
                            .ifPresent(failure ->
                                    failures.add(
                                            "line "
                                                    + eval.line()
                                                    + ": "
                                                    + eval.query()
                                                    + ": "
                                                    + failure));
                }
            }
        }
        return new Outcome(evals, failures);
    }

    private void load(Command.Load load) {
        changed = true;
        if (load.withNhcb()) {
            loadNhcb(load);
        }
        for (SeriesLine line : load.series()) {
            if (!line.startTimestamps()) {
                forEach(
                        load,
                        line,
                        (timeMs, value) -> {
                            if (value instanceof SeriesLine.Value.Float(double number)) {
                                samples.add(line.labels(), timeMs, number);
                            } else if (value instanceof SeriesLine.Value.Histogram histogram) {
                                samples.add(line.labels(), timeMs, histogram.histogram());
                            }
                        });
            }
        }
        for (SeriesLine line : load.series()) {
            if (line.startTimestamps()) {
                forEach(
                        load,
                        line,
                        (timeMs, value) -> {
                            if (value instanceof SeriesLine.Value.Float(double offsetMs)) {
                                samples.start(line.labels(), timeMs, timeMs + (long) offsetMs);
                            }
                        });
            }
        }
    }

    private void loadNhcb(Command.Load load) {
        ClassicHistograms classic = new ClassicHistograms();
        for (SeriesLine line : load.series()) {
            forEach(
                    load,
                    line,
                    (timeMs, value) -> {
                        if (value instanceof SeriesLine.Value.Float(double number)) {
                            classic.add(line.labels(), timeMs, number);
                        }
                    });
        }
        classic.convert(samples::add);
    }

    private static void forEach(
            Command.Load load, SeriesLine line, BiConsumer<Long, SeriesLine.Value> action) {
        long timeMs = 0;
        for (SeriesLine.Value value : line.values()) {
            action.accept(timeMs, value);
            timeMs += load.stepMs();
        }
    }

    /// A query to be evaluated with the expectation of an eval.
    private record Variant(String query, long timeMs) {}

    private Optional<String> check(Command.Eval eval) {
        try {
            if (eval.steps().isPresent()) {
                return checkRange(eval, eval.steps().get());
            }
            Optional<String> failure =
                    checkInstant(eval, new Variant(eval.query(), eval.timeMs()), true);
            if (failure.isPresent()) {
                return failure;
            }
            for (Variant variant : variants(eval)) {
                failure = checkInstant(eval, variant, false);
                if (failure.isPresent()) {
                    return failure.map(text ->
                            "as " + variant.query() + " at " + variant.timeMs() + " ms: " + text);
                }
            }
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            StackTraceElement[] trace = e.getStackTrace();
            return Optional.of("threw " + e + (trace.length > 0 ? " at " + trace[0] : ""));
        }
    }

    private static List<Variant> variants(Command.Eval eval) {
        Optional<String> fixed;
        try {
            fixed = AtRewriter.rewrite(PromQl.parse(eval.query()), eval.timeMs());
        } catch (QueryException _) {
            return List.of();
        }
        if (fixed.isEmpty()) {
            return List.of();
        }
        long timeMs = eval.timeMs();
        List<Long> times =
                timeMs == 0
                        ? List.of(-1000L, 0L, 1000L)
                        : List.of(-10 * timeMs, 0L, timeMs / 5, timeMs, 10 * timeMs);
        return times.stream().map(time -> new Variant(fixed.get(), time)).toList();
    }

    private Optional<String> checkInstant(Command.Eval eval, Variant variant, boolean annotations)
            throws IOException {
        Expectation expectation = eval.expectation();
        QueryResult result;
        try {
            result =
                    engine.instant(source, variant.query(), variant.timeMs(), QueryOptions.DEFAULT);
        } catch (QueryException e) {
            return checkFailure(expectation, e);
        }
        if (expectation.has("fail")) {
            return Optional.of("did not fail");
        }
        Optional<String> failure =
                annotations ? checkAnnotations(expectation, result) : Optional.empty();
        if (failure.isPresent()) {
            return failure;
        }
        failure = compare(eval, result.value());
        if (failure.isPresent()
                || expectation.has("ordered")
                || result.value() instanceof MatrixValue
                || result.value() instanceof StringValue) {
            return failure;
        }
        return checkAsRange(eval, variant);
    }

    private Optional<String> checkAsRange(Command.Eval eval, Variant variant) throws IOException {
        Steps steps = new Steps(variant.timeMs() - 60_000, variant.timeMs() + 60_000, 60_000);
        try {
            QueryResult result = engine.range(source, variant.query(), steps, QueryOptions.DEFAULT);
            MatrixValue matrix = (MatrixValue) result.value();
            Optional<String> failure = checkSorted(matrix);
            if (failure.isPresent() || usesSteps(variant.query())) {
                return failure;
            }
            return compare(eval, middle(matrix, variant.timeMs(), eval))
                    .map(text -> "as range query: " + text);
        } catch (QueryException e) {
            return Optional.of("as range query: " + e.getMessage());
        }
    }

    /// Depends on the range of the query, so that a range query has another value.
    private static boolean usesSteps(String query) {
        return query.matches("(?s).*\\b(start|end|step|range)\\s*\\(\\s*\\).*");
    }

    private static QueryValue middle(MatrixValue matrix, long timeMs, Command.Eval eval) {
        List<Labels> labels = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        List<@Nullable NativeHistogram> histograms = new ArrayList<>();
        for (MatrixSeries series : matrix.series()) {
            for (int i = 0; i < series.size(); i++) {
                if (series.timestampMs(i) == timeMs) {
                    labels.add(series.labels());
                    values.add(series.value(i));
                    histograms.add(series.histogram(i));
                }
            }
        }
        if (eval.expectation().scalar().isPresent() && values.size() == 1) {
            return new ScalarValue(timeMs, values.getFirst());
        }
        return new VectorValue(
                labels,
                timeMs,
                values.stream().mapToDouble(Double::doubleValue).toArray(),
                histograms.toArray(new @Nullable NativeHistogram[0]));
    }

    private static Optional<String> checkSorted(MatrixValue matrix) {
        for (int i = 1; i < matrix.size(); i++) {
            if (matrix.series().get(i - 1).labels().compareTo(matrix.series().get(i).labels())
                    >= 0) {
                return Optional.of("matrix is not sorted");
            }
        }
        return Optional.empty();
    }

    private Optional<String> checkRange(Command.Eval eval, Steps steps) throws IOException {
        Expectation expectation = eval.expectation();
        try {
            QueryResult result = engine.range(source, eval.query(), steps, QueryOptions.DEFAULT);
            if (expectation.has("fail")) {
                return Optional.of("did not fail");
            }
            Optional<String> failure = checkAnnotations(expectation, result);
            if (failure.isPresent()) {
                return failure;
            }
            MatrixValue matrix = (MatrixValue) result.value();
            failure = checkSorted(matrix);
            return failure.isPresent() ? failure : compareMatrix(expectation, matrix, steps);
        } catch (QueryException e) {
            return checkFailure(expectation, e);
        }
    }

    private static Optional<String> checkFailure(Expectation expectation, QueryException e) {
        if (!expectation.has("fail")) {
            return Optional.of("failed: " + e.getMessage());
        }
        for (Said said : expectation.of("fail")) {
            if (!said.accepts(e.getMessage())) {
                return Optional.of("failed otherwise: " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    private static Optional<String> checkAnnotations(Expectation expectation, QueryResult result) {
        return checkSaid(expectation, "warn", result.warnings())
                .or(() -> checkSaid(expectation, "info", result.infos()));
    }

    private static Optional<String> checkSaid(
            Expectation expectation, String kind, List<String> actual) {
        if (expectation.has("no_" + kind) && !actual.isEmpty()) {
            return Optional.of(kind + " not expected: " + actual);
        }
        List<Said> expected = expectation.of(kind);
        for (Said said : expected) {
            if (actual.stream().noneMatch(said::accepts)) {
                return Optional.of(kind + " missing: " + said.text() + ", found " + actual);
            }
        }
        for (String text : actual) {
            if (!expected.isEmpty() && expected.stream().noneMatch(said -> said.accepts(text))) {
                return Optional.of(kind + " not expected: " + text);
            }
        }
        return Optional.empty();
    }

    private Optional<String> compare(Command.Eval eval, QueryValue value) {
        Expectation expectation = eval.expectation();
        return switch (value) {
            case ScalarValue(_, double number) ->
                    expectation.scalar().isPresent()
                                    && almostEqual(expectation.scalar().get(), number)
                            ? Optional.empty()
                            : Optional.of("expected " + expectation.scalar() + ", got " + number);
            case StringValue(_, String text) ->
                    expectation.string().isPresent() && expectation.string().get().equals(text)
                            ? Optional.empty()
                            : Optional.of("expected " + expectation.string() + ", got " + text);
            case VectorValue vector -> compareVector(expectation, vector);
            case MatrixValue matrix ->
                    expectation.rangeVector().isPresent()
                            ? compareMatrix(expectation, matrix, expectation.rangeVector().get())
                            : Optional.of("a range vector was not expected");
        };
    }

    private static Optional<String> compareVector(Expectation expectation, VectorValue vector) {
        if (expectation.scalar().isPresent() || expectation.string().isPresent()) {
            return Optional.of("expected no vector");
        }
        Set<Labels> seen = new HashSet<>();
        for (int i = 0; i < vector.size(); i++) {
            Labels labels = vector.labels(i);
            if (!seen.add(labels)) {
                return Optional.of("twice: " + labels);
            }
            int position = positionOf(expectation.series(), labels);
            if (position < 0) {
                return Optional.of(
                        "unexpected " + labels + " " + text(vector.value(i), vector.histogram(i)));
            }
            if (expectation.has("ordered") && position != i) {
                return Optional.of("expected at " + position + ", found at " + i + ": " + labels);
            }
            SeriesLine.Value expected = expectation.series().get(position).values().getFirst();
            if (!same(expected, vector.value(i), vector.histogram(i))) {
                return Optional.of(
                        labels
                                + ": expected "
                                + expected
                                + ", got "
                                + text(vector.value(i), vector.histogram(i)));
            }
        }
        return missing(expectation, seen);
    }

    private static Optional<String> missing(Expectation expectation, Set<Labels> seen) {
        for (SeriesLine line : expectation.series()) {
            boolean any =
                    line.values().stream()
                            .anyMatch(value -> !(value instanceof SeriesLine.Value.Omitted));
            if (any && !seen.contains(line.labels())) {
                return Optional.of("missing " + line.labels() + " " + line.values());
            }
        }
        return Optional.empty();
    }

    private static int positionOf(List<SeriesLine> lines, Labels labels) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).labels().equals(labels)) {
                return i;
            }
        }
        return -1;
    }

    private static Optional<String> compareMatrix(
            Expectation expectation, MatrixValue matrix, Steps steps) {
        Set<Labels> seen = new HashSet<>();
        for (MatrixSeries series : matrix.series()) {
            seen.add(series.labels());
            int position = positionOf(expectation.series(), series.labels());
            if (position < 0) {
                return Optional.of("unexpected " + text(series));
            }
            Optional<String> failure =
                    compareSeries(expectation.series().get(position), series, steps);
            if (failure.isPresent()) {
                return failure;
            }
        }
        return missing(expectation, seen);
    }

    private static Optional<String> compareSeries(
            SeriesLine expected, MatrixSeries series, Steps steps) {
        int at = 0;
        for (int i = 0; i < expected.values().size(); i++) {
            SeriesLine.Value value = expected.values().get(i);
            long timeMs = steps.at(i);
            boolean there = at < series.size() && series.timestampMs(at) == timeMs;
            boolean same =
                    value instanceof SeriesLine.Value.Omitted
                            ? !there
                            : there && same(value, series.value(at), series.histogram(at));
            if (!same) {
                return Optional.of("expected " + expected + ", got " + text(series));
            }
            at += there ? 1 : 0;
        }
        return at == series.size()
                ? Optional.empty()
                : Optional.of("expected " + expected + ", got " + text(series));
    }

    private static String text(MatrixSeries series) {
        StringBuilder text = new StringBuilder(series.labels().toString());
        for (int i = 0; i < series.size(); i++) {
            text.append(' ')
                    .append(text(series.value(i), series.histogram(i)))
                    .append('@')
                    .append(series.timestampMs(i));
        }
        return text.toString();
    }

    private static String text(double number, @Nullable NativeHistogram histogram) {
        return histogram == null ? String.valueOf(number) : histogram.toString();
    }

    private static boolean same(
            SeriesLine.Value expected, double number, @Nullable NativeHistogram histogram) {
        return switch (expected) {
            case SeriesLine.Value.Omitted _ -> false;
            case SeriesLine.Value.Float(double wanted) ->
                    histogram == null && almostEqual(wanted, number);
            case SeriesLine.Value.Histogram wanted ->
                    histogram != null
                            && almostEqual(
                                    Histograms.compacted(wanted.histogram()),
                                    Histograms.compacted(histogram))
                            && (!wanted.resetGiven()
                                    || wanted.histogram().counterReset()
                                            == histogram.counterReset());
        };
    }

    private static boolean almostEqual(NativeHistogram a, NativeHistogram b) {
        return a.schema() == b.schema()
                && a.sameBounds(b)
                && a.zeroThreshold() == b.zeroThreshold()
                && almostEqual(a.zeroCount(), b.zeroCount())
                && almostEqual(a.count(), b.count())
                && almostEqual(a.sum(), b.sum())
                && almostEqual(a.positive(), b.positive())
                && almostEqual(a.negative(), b.negative());
    }

    private static boolean almostEqual(Buckets a, Buckets b) {
        for (int i = 0; i < a.size() && i < b.size(); i++) {
            if (a.index(i) != b.index(i) || !almostEqual(a.count(i), b.count(i))) {
                return false;
            }
        }
        return a.size() == b.size();
    }

    private static boolean almostEqual(double a, double b) {
        if (Staleness.isStale(a) || Staleness.isStale(b)) {
            return Staleness.isStale(a) && Staleness.isStale(b);
        }
        if (a == b || (Double.isNaN(a) && Double.isNaN(b))) {
            return true;
        }
        double sum = Math.abs(a) + Math.abs(b);
        double difference = Math.abs(a - b);
        if (a == 0 || b == 0 || sum < Double.MIN_NORMAL) {
            return difference < EPSILON * Double.MIN_NORMAL;
        }
        return difference / Math.min(sum, Double.MAX_VALUE) < EPSILON;
    }
}
