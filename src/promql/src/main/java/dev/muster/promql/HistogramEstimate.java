package dev.muster.promql;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.time.Steps;
import dev.muster.promql.histogram.HistogramEstimates;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Evaluates `histogram_quantile`, `histogram_quantiles` and `histogram_fraction` over native
/// histograms and over classic ones, of which series that differ in the label `le` only are one.
final class HistogramEstimate {
    private static final String BUCKET = "le";

    private final Evaluation evaluation;
    private final Expr.Call call;
    private final Steps steps;
    private final Expr input;
    private final QueryRun run;
    private final BucketCounts counts = new BucketCounts();
    private long chargedBytes;

    HistogramEstimate(Evaluation evaluation, Expr.Call call, Steps steps) {
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

    /// One bucket of a classic histogram over all steps.
    private record Bucket(double upperBound, StepColumn counts) {}

    /// What stands under one label set: a classic histogram, a native one, or both.
    private static final class Family {
        private final List<Bucket> buckets = new ArrayList<>();
        private @Nullable StepColumn natives;

        @Nullable NativeHistogram nativeAt(int step) {
            StepColumn column = natives;
            return column != null && column.has(step) ? column.histogram(step) : null;
        }

        /// To be called before values are gathered: ascending bounds are gathered fastest.
        void sort() {
            buckets.sort(Comparator.comparingDouble(Bucket::upperBound));
        }

        boolean gather(int step, BucketCounts into) {
            into.clear();
            for (Bucket bucket : buckets) {
                if (bucket.counts().has(step)) {
                    into.add(bucket.upperBound(), bucket.counts().at(step));
                }
            }
            return !into.isEmpty();
        }
    }

    /// Estimates something of a histogram at a step.
    private interface Estimator {
        /// Of the classic histogram that has been gathered.
        double classic(String metric, int step);

        double ofNative(NativeHistogram histogram, String metric, int step);
    }

    void run(SeriesSink sink) throws QueryException, IOException {
        switch (call.function()) {
            case HISTOGRAM_QUANTILE -> {
                Expr parameter = call.arguments().getFirst();
                double[] quantiles = evaluation.scalar(parameter, steps);
                Map<Labels, Family> families = families();
                warn(quantiles, parameter);
                quantile(families, quantiles, "", sink);
            }
            case HISTOGRAM_QUANTILES -> quantiles(sink);
            default -> fraction(sink);
        }
        run.budget().releaseMemory(chargedBytes);
    }

    private Map<Labels, Family> families() throws QueryException, IOException {
        Map<Labels, Family> families = new LinkedHashMap<>();
        evaluation.vector(
                input,
                steps,
                (labels, _, column) -> {
                    if (column.hasHistograms()) {
                        StepColumn natives = copy(column);
                        if (column.dropHistograms()) {
                            natives.removeAll(column);
                            family(families, labels).natives = natives;
                        }
                    }
                    if (!column.isEmpty()) {
                        addBucket(families, labels, column);
                    }
                });
        families.values().forEach(Family::sort);
        return families;
    }

    private static Family family(Map<Labels, Family> families, Labels labels) {
        return families.computeIfAbsent(labels, _ -> new Family());
    }

    private StepColumn copy(StepColumn column) {
        long bytes = column.sizeBytes();
        run.budget().chargeMemory(bytes);
        chargedBytes += bytes;
        return column.copy();
    }

    private void addBucket(Map<Labels, Family> families, Labels labels, StepColumn column) {
        String text = labels.valueOf(BUCKET);
        double upperBound;
        try {
            upperBound = Numbers.parseFloat(text);
        } catch (NumberFormatException e) {
            run.annotations().badBucketLabel(labels.metric(), text, input.position());
            return;
        }
        family(families, labels.without(List.of(BUCKET)))
                .buckets
                .add(new Bucket(upperBound, copy(column)));
    }

    /// Puts the estimate for one family into a column, at the steps where there is one.
    private void estimate(
            Labels labels, Family family, int step, Estimator estimator, ColumnAt into) {
        NativeHistogram histogram = family.nativeAt(step);
        boolean classic = family.gather(step, counts);
        if (histogram != null && classic) {
            run.annotations().mixedClassicAndNative(labels.metric(), input.position());
        } else if (histogram != null) {
            into.set(step, estimator.ofNative(histogram, labels.metric(), step));
        } else if (classic) {
            into.set(step, estimator.classic(labels.metric(), step));
        }
    }

    /// Where the value of a step goes.
    private interface ColumnAt {
        void set(int step, double value);
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
        Map<Labels, Family> families = families();
        for (Expr parameter : call.arguments().subList(2, call.arguments().size())) {
            double[] quantiles = evaluation.scalar(parameter, steps);
            warn(quantiles, parameter);
            quantile(families, quantiles, label.value(), sink);
        }
    }

    /// @param label where the quantile is written; empty for nowhere
    private void quantile(
            Map<Labels, Family> families, double[] quantiles, String label, SeriesSink sink)
            throws QueryException, IOException {
        SeriesMerge merge = new SeriesMerge(run.budget());
        Estimator estimator = new Quantiles(quantiles);
        for (Map.Entry<Labels, Family> entry : families.entrySet()) {
            run.budget().check();
            Map<Double, StepColumn> columns = new LinkedHashMap<>();
            ColumnAt into =
                    (step, value) ->
                            columns.computeIfAbsent(
                                            label.isEmpty() ? 0 : quantiles[step],
                                            _ -> new StepColumn(steps.count()))
                                    .set(step, value);
            for (int step = 0; step < steps.count(); step++) {
                estimate(entry.getKey(), entry.getValue(), step, estimator, into);
            }
            for (Map.Entry<Double, StepColumn> each : columns.entrySet()) {
                Labels labels = entry.getKey();
                if (!label.isEmpty()) {
                    String text = openMetricsFloat(each.getKey());
                    labels = labels.toBuilder().set(label, text).build();
                }
                merge.accept(labels, true, each.getValue());
            }
        }
        merge.flush(sink);
    }

    private final class Quantiles implements Estimator {
        private final double[] quantiles;

        Quantiles(double[] quantiles) {
            this.quantiles = quantiles;
        }

        @Override
        public double classic(String metric, int step) {
            double value = counts.quantile(quantiles[step]);
            if (counts.forced() != null) {
                run.annotations()
                        .forcedMonotonicity(
                                metric, input.position(), steps.at(step), counts.forced());
            }
            return value;
        }

        @Override
        public double ofNative(NativeHistogram histogram, String metric, int step) {
            double value = HistogramEstimates.quantile(quantiles[step], histogram);
            if (Double.isNaN(histogram.sum())
                    && histogram.count() != 0
                    && quantiles[step] >= 0
                    && quantiles[step] <= 1) {
                run.annotations().quantileOfNaN(Double.isNaN(value), metric, input.position());
            }
            return Double.isNaN(value) ? Numbers.NAN : value;
        }
    }

    /// As label values carry floats: `1.0`, `0.99`, `+Inf`.
    static String openMetricsFloat(double value) {
        String text = Numbers.general(value);
        boolean whole = text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
        return whole ? text + ".0" : text;
    }

    private void fraction(SeriesSink sink) throws QueryException, IOException {
        Estimator estimator =
                new Fractions(
                        evaluation.scalar(call.arguments().get(0), steps),
                        evaluation.scalar(call.arguments().get(1), steps));
        Map<Labels, Family> families = families();
        StepColumn column = new StepColumn(steps.count());
        for (Map.Entry<Labels, Family> entry : families.entrySet()) {
            run.budget().check();
            column.clear();
            for (int step = 0; step < steps.count(); step++) {
                estimate(entry.getKey(), entry.getValue(), step, estimator, column::set);
            }
            if (!column.isEmpty()) {
                sink.accept(entry.getKey(), true, column);
            }
        }
    }

    private final class Fractions implements Estimator {
        private final double[] lower;
        private final double[] upper;

        Fractions(double[] lower, double[] upper) {
            this.lower = lower;
            this.upper = upper;
        }

        @Override
        public double classic(String metric, int step) {
            return counts.fraction(lower[step], upper[step]);
        }

        @Override
        public double ofNative(NativeHistogram histogram, String metric, int step) {
            if (Double.isNaN(histogram.sum())) {
                run.annotations().fractionOfNaN(metric, input.position());
            }
            double value = HistogramEstimates.fraction(lower[step], upper[step], histogram);
            return Double.isNaN(value) ? Numbers.NAN : value;
        }
    }
}
