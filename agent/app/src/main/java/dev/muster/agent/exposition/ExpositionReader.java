package dev.muster.agent.exposition;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import org.jspecify.annotations.Nullable;

/// What the readers of all formats share: the body and the current sample as offsets. Owned by one
/// [ExpositionParser] and its thread; [ScrapeParser] says what each answer means.
abstract sealed class ExpositionReader permits TextReader, ProtobufReader, ClassicConversion {
    final ExpositionLimits limits;

    byte[] body = new byte[0];
    int end;

    /// What the offsets of key and value point into.
    byte[] keyBytes = body;

    int keyStart;
    int keyEnd;
    int valueStart;
    int valueEnd;
    boolean hasTimestamp;
    long timestampMs;
    long startMs;

    ExpositionReader(ExpositionLimits limits) {
        this.limits = limits;
    }

    void reset(byte[] body, int length) {
        this.body = body;
        end = length;
        keyBytes = body;
        keyStart = 0;
        keyEnd = 0;
        valueStart = 0;
        valueEnd = 0;
        hasTimestamp = false;
        timestampMs = 0;
        startMs = 0;
    }

    abstract boolean next() throws ExpositionException;

    abstract double value() throws ExpositionException;

    abstract @Nullable NativeHistogram histogram() throws ExpositionException;

    abstract int exemplarCount() throws ExpositionException;

    abstract Exemplar exemplar(int index, long sampleMs) throws ExpositionException;

    abstract Labels labels() throws ExpositionException;

    abstract MetricMetadata metadata();

    abstract int line();

    abstract int offsetBytes();
}
