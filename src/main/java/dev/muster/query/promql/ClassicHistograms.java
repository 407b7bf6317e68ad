package dev.muster.query.promql;

import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Evaluates `histogram_quantile`, `histogram_quantiles` and `histogram_fraction` over classic
/// histograms: series that differ in the label `le` only are one histogram.
final class ClassicHistograms {
    private static final String BUCKET = "le";

    private final Evaluation evaluation;
    private final Expr.Call call;
    private final Steps steps;
    private final Expr input;
    private final QueryRun run;

    ClassicHistograms(Evaluation evaluation, Expr.Call call, Steps steps) {
        this.evaluation = evaluation;
        this.call = call;
        this.steps = steps;
        run = evaluation.run();
        input =
                call.arguments().stream()
                        .filter(argument -> argument.type() == ValueType.VECTOR)
                        .findFirst()
                        .orElseThrow();
    }

    /// One bucket of a histogram over all steps.
    private record Bucket(double upperBound, StepColumn counts) {}

    void run(SeriesSink sink) throws QueryException, IOException {
        switch (call.function()) {
            case HISTOGRAM_QUANTILE -> {
                Expr parameter = call.arguments().getFirst();
                double[] quantiles = evaluation.scalar(parameter, steps);
                Map<Labels, List<Bucket>> histograms = histograms();
                warn(quantiles, parameter);
                quantile(histograms, quantiles, "", sink);
                release(histograms);
            }
            case HISTOGRAM_QUANTILES -> quantiles(sink);
            default -> fraction(sink);
        }
    }

    private Map<Labels, List<Bucket>> histograms() throws QueryException, IOException {
        Map<Labels, List<Bucket>> histograms = new LinkedHashMap<>();
        evaluation.vector(
                input,
                steps,
                (labels, _, column) -> {
                    String text = labels.valueOf(BUCKET);
                    double upperBound;
                    try {
                        upperBound = Numbers.parseFloat(text);
                    } catch (NumberFormatException e) {
                        run.annotations().badBucketLabel(labels.metric(), text, input.position());
                        return;
                    }
                    run.budget().chargeMemory(StepColumn.sizeBytes(steps.count()));
                    histograms
                            .computeIfAbsent(
                                    labels.without(List.of(BUCKET)), _ -> new ArrayList<>())
                            .add(new Bucket(upperBound, column.copy()));
                });
        return histograms;
    }

    private void release(Map<Labels, List<Bucket>> histograms) {
        long buckets = histograms.values().stream().mapToLong(List::size).sum();
        run.budget().releaseMemory(buckets * StepColumn.sizeBytes(steps.count()));
    }

    private void warn(double[] quantiles, Expr parameter) {
        for (double quantile : quantiles) {
            if (!(quantile >= 0 && quantile <= 1)) {
                run.annotations().invalidQuantile(quantile, parameter.position());
            }
        }
    }

    private void quantiles(SeriesSink sink) throws QueryException, IOException {
        if (!(call.arguments().get(1) instanceof Expr.StringLiteral label)) {
            throw new IllegalStateException("label of histogram_quantiles must be a string");
        }
        Map<Labels, List<Bucket>> histograms = histograms();
        for (Expr parameter : call.arguments().subList(2, call.arguments().size())) {
            double[] quantiles = evaluation.scalar(parameter, steps);
            warn(quantiles, parameter);
            quantile(histograms, quantiles, label.value(), sink);
        }
        release(histograms);
    }

    /// @param label where the quantile is written; empty for nowhere
    private void quantile(
            Map<Labels, List<Bucket>> histograms, double[] quantiles, String label, SeriesSink sink)
            throws QueryException, IOException {
        BucketCounts counts = new BucketCounts();
        SeriesMerge merge = new SeriesMerge(run.budget(), steps.count());
        for (Map.Entry<Labels, List<Bucket>> histogram : histograms.entrySet()) {
            run.budget().check();
            Map<Double, StepColumn> columns = new LinkedHashMap<>();
            for (int step = 0; step < steps.count(); step++) {
                if (gather(histogram.getValue(), step, counts)) {
                    double value = counts.quantile(quantiles[step]);
                    if (counts.forced() != null) {
                        run.annotations()
                                .forcedMonotonicity(
                                        histogram.getKey().metric(),
                                        input.position(),
                                        steps.at(step),
                                        counts.forced());
                    }
                    double key = label.isEmpty() ? 0 : quantiles[step];
                    columns.computeIfAbsent(key, _ -> new StepColumn(steps.count()))
                            .set(step, value);
                }
            }
            for (Map.Entry<Double, StepColumn> each : columns.entrySet()) {
                Labels labels = histogram.getKey();
                if (!label.isEmpty()) {
                    String text = openMetricsFloat(each.getKey());
                    labels = labels.toBuilder().set(label, text).build();
                }
                merge.accept(labels, true, each.getValue());
            }
        }
        merge.flush(sink);
    }

    /// As label values carry floats: `1.0`, `0.99`, `+Inf`.
    static String openMetricsFloat(double value) {
        String text = Numbers.general(value);
        boolean whole = text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
        return whole ? text + ".0" : text;
    }

    private boolean gather(List<Bucket> buckets, int step, BucketCounts counts) {
        counts.clear();
        for (Bucket bucket : buckets) {
            if (bucket.counts().has(step)) {
                counts.add(bucket.upperBound(), bucket.counts().at(step));
            }
        }
        return !counts.isEmpty();
    }

    private void fraction(SeriesSink sink) throws QueryException, IOException {
        double[] lower = evaluation.scalar(call.arguments().get(0), steps);
        double[] upper = evaluation.scalar(call.arguments().get(1), steps);
        Map<Labels, List<Bucket>> histograms = histograms();
        BucketCounts counts = new BucketCounts();
        StepColumn column = new StepColumn(steps.count());
        for (Map.Entry<Labels, List<Bucket>> histogram : histograms.entrySet()) {
            run.budget().check();
            column.clear();
            for (int step = 0; step < steps.count(); step++) {
                if (gather(histogram.getValue(), step, counts)) {
                    column.set(step, counts.fraction(lower[step], upper[step]));
                }
            }
            if (!column.isEmpty()) {
                sink.accept(histogram.getKey(), true, column);
            }
        }
        release(histograms);
    }
}
