package dev.muster.blocks.write;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import java.util.Random;

/// Native histograms of request durations as services expose them: schema 3, log-normal, counters
/// since a start; series 0 gets 100 requests a second, each further one half as many as the one
/// before. Always the same.
final class RequestHistograms implements SeriesSource {
    private static final int SCHEMA = 3;
    private static final int OFFSET = 200;

    private final int series;
    private final int samples;
    private final long startMs;
    private final long stepMs;

    RequestHistograms(int series, int samples, long startMs, long stepMs) {
        this.series = series;
        this.samples = samples;
        this.startMs = startMs;
        this.stepMs = stepMs;
    }

    @Override
    public SeriesSet select(SelectRequest request) {
        return new SeriesSet() {
            @Override
            public int size() {
                return series;
            }

            @Override
            public Labels labels(int index) {
                return Labels.of("__name__", "duration_seconds", "path", "/%02d".formatted(index));
            }

            @Override
            public SampleReader reader() {
                return RequestHistograms.this::fill;
            }

            @Override
            public void close() {}
        };
    }

    private void fill(int index, SampleColumns into) {
        Random random = new Random(index);
        double[] counts = new double[2 * OFFSET];
        double perStep = 100.0 / (1 << index % 10) * stepMs / 1_000;
        double due = 0;
        long count = 0;
        double sum = 0;
        for (int i = 0; i < samples; i++) {
            for (due += perStep * 2 * random.nextDouble(); due >= 1; due--) {
                double seconds = Math.exp(random.nextGaussian() - 3);
                counts[OFFSET + (int) Math.ceil(Math.log(seconds) / Math.log(2) * (1 << SCHEMA))]++;
                sum += seconds;
                count++;
            }
            into.append(startMs + i * stepMs, histogram(counts, count, sum, i));
            into.setStart(i, startMs - 12_345);
        }
    }

    private static NativeHistogram histogram(double[] counts, long count, double sum, int i) {
        int[] indexes = new int[counts.length];
        double[] there = new double[counts.length];
        int size = 0;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            if (counts[bucket] > 0) {
                indexes[size] = bucket - OFFSET;
                there[size++] = counts[bucket];
            }
        }
        return NativeHistogram.exponential(
                SCHEMA,
                i == 0 ? CounterReset.UNKNOWN : CounterReset.NOT_RESET,
                0x1p-128,
                0,
                count,
                sum,
                Buckets.of(indexes, there, size),
                Buckets.NONE);
    }
}
