package dev.muster.agent.intake;

import dev.muster.agent.scrape.append.PushAdmission;
import dev.muster.agent.scrape.append.PushedSeriesException;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.AppendResult;
import dev.muster.model.series.SampleAppender;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Appends batches: the samples of each origin by their times, a commit for each time. Confined to
/// the thread that appends.
final class BatchAppender {
    /*
     * Samples at one time are one tick of their origin, which is the form that the head keeps best. A
     * batch that has many times with few samples each, such as the past of one series, is one commit
     * with the newest time as its tick and times of their own for the rest: a commit costs a write.
     */
    private static final int LEAST_PER_TICK = 4;
    private static final int TICKS_ANYWAY = 16;
    private static final int UNKNOWN = Integer.MIN_VALUE;
    private static final int REFUSED = Integer.MIN_VALUE + 1;

    private final Origins origins;
    private final PushAdmission admission;
    private final IntakeMetrics metrics;

    BatchAppender(Origins origins, PushAdmission admission, IntakeMetrics metrics) {
        this.origins = origins;
        this.admission = admission;
        this.metrics = metrics;
    }

    void append(PushBatch batch, long nowMs, IntakeReceipt receipt) throws IOException {
        admission.begin();
        int[] references = new int[batch.seriesCount()];
        Arrays.fill(references, UNKNOWN);
        Map<String, Group> groups = new LinkedHashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            groups.computeIfAbsent(origin(batch, batch.seriesOf(i)), _ -> new Group()).add(i);
        }
        for (PushBatch.SeriesExemplar one : batch.exemplars()) {
            groups.computeIfAbsent(origin(batch, one.series()), _ -> new Group());
        }
        for (Map.Entry<String, Group> each : groups.entrySet()) {
            SampleAppender out = origins.appender(each.getKey(), nowMs);
            new OriginBatch(batch, out, references, nowMs, receipt)
                    .append(each.getKey(), each.getValue());
        }
    }

    private static String origin(PushBatch batch, int series) {
        if (!batch.origin().isEmpty()) {
            return batch.origin();
        }
        Labels labels = batch.labels(series);
        return labels.valueOf("job") + " " + labels.valueOf("instance");
    }

    /// Samples of one origin, by number.
    private static final class Group {
        private int[] samples = new int[16];
        private int size;

        void add(int sample) {
            if (size == samples.length) {
                samples = Arrays.copyOf(samples, 2 * size);
            }
            samples[size++] = sample;
        }

        /// Their numbers by ascending time, those of one time in the order in which they came.
        int[] ordered(PushBatch batch) {
            long[] keys = new long[size];
            long oldest = Long.MAX_VALUE;
            long newest = Long.MIN_VALUE;
            for (int i = 0; i < size; i++) {
                oldest = Math.min(oldest, batch.timestampMs(samples[i]));
                newest = Math.max(newest, batch.timestampMs(samples[i]));
            }
            int[] result = Arrays.copyOf(samples, size);
            if (oldest == newest) {
                return result;
            }
            Integer[] boxed = Arrays.stream(result).boxed().toArray(Integer[]::new);
            Arrays.sort(boxed, (a, b) -> Long.compare(batch.timestampMs(a), batch.timestampMs(b)));
            for (int i = 0; i < keys.length; i++) {
                result[i] = boxed[i];
            }
            return result;
        }
    }

    /// The samples of one batch and one origin on their way.
    private final class OriginBatch {
        private final PushBatch batch;
        private final SampleAppender out;
        private final int[] references;
        private final long nowMs;
        private final IntakeReceipt receipt;
        private final Map<Integer, String> reasons = new HashMap<>();

        OriginBatch(
                PushBatch batch,
                SampleAppender out,
                int[] references,
                long nowMs,
                IntakeReceipt receipt) {
            this.batch = batch;
            this.out = out;
            this.references = references;
            this.nowMs = nowMs;
            this.receipt = receipt;
        }

        void append(String origin, Group group) throws IOException {
            int[] samples = group.ordered(batch);
            try {
                if (samples.length == 0) {
                    out.begin(nowMs);
                    commit(origin);
                } else if (sparse(samples)) {
                    out.begin(batch.timestampMs(samples[samples.length - 1]));
                    appendAll(samples, 0, samples.length);
                    commit(origin);
                } else {
                    appendTicks(origin, samples);
                }
            } catch (IOException | RuntimeException e) {
                out.rollback();
                throw e;
            }
        }

        private boolean sparse(int[] samples) {
            int ticks = 1;
            for (int i = 1; i < samples.length; i++) {
                if (batch.timestampMs(samples[i]) != batch.timestampMs(samples[i - 1])) {
                    ticks++;
                }
            }
            return ticks > TICKS_ANYWAY && samples.length / ticks < LEAST_PER_TICK;
        }

        private void appendTicks(String origin, int[] samples) throws IOException {
            for (int from = 0; from < samples.length; ) {
                long tickMs = batch.timestampMs(samples[from]);
                int to = from;
                while (to < samples.length && batch.timestampMs(samples[to]) == tickMs) {
                    to++;
                }
                out.begin(tickMs);
                appendAll(samples, from, to);
                if (to == samples.length) {
                    commit(origin);
                } else {
                    out.commit();
                    metrics.commits.increment();
                }
                from = to;
            }
        }

        private void commit(String origin) throws IOException {
            for (PushBatch.SeriesExemplar one : batch.exemplars()) {
                if (origin(batch, one.series()).equals(origin)) {
                    appendExemplar(one);
                }
            }
            out.commit();
            metrics.commits.increment();
        }

        private void appendExemplar(PushBatch.SeriesExemplar one) {
            int reference = reference(one.series());
            if (reference >= 0) {
                out.exemplar(reference, one.exemplar());
                receipt.exemplar();
            }
        }

        private void appendAll(int[] samples, int from, int to) {
            for (int i = from; i < to; i++) {
                append(samples[i]);
            }
        }

        private void append(int sample) {
            int series = batch.seriesOf(sample);
            int reference = reference(series);
            if (reference == PushAdmission.FOLDED) {
                receipt.countFolded();
                return;
            }
            if (reference < 0) {
                refuseSeries(series, reference);
                return;
            }
            @Nullable NativeHistogram histogram = batch.histogram(sample);
            try {
                if (histogram != null) {
                    histogram = admission.histogram(histogram);
                }
            } catch (PushedSeriesException e) {
                receipt.refuse(IntakeFault.VALUE, e.reason());
                return;
            }
            long timeMs = batch.timestampMs(sample);
            long startMs = batch.startMs(sample);
            if (startMs > 0 && startMs <= timeMs) {
                out.start(reference, startMs);
            }
            AppendResult result =
                    histogram == null
                            ? out.append(reference, timeMs, batch.value(sample))
                            : out.append(reference, timeMs, histogram);
            if (result == AppendResult.APPENDED) {
                receipt.written(histogram != null);
            } else {
                receipt.refuse(
                        IntakeFault.of(result),
                        batch.labels(series)
                                + " timestampMs="
                                + timeMs
                                + ": "
                                + IntakeFault.of(result).label());
            }
        }

        private void refuseSeries(int series, int reference) {
            if (reference == PushAdmission.OVER_LIMIT) {
                receipt.refuse(
                        IntakeFault.SERIES_OVER_LIMIT,
                        batch.labels(series) + ": muster.head.series-limit is reached");
            } else {
                receipt.refuse(
                        IntakeFault.LABELS, reasons.getOrDefault(series, "labels break a rule"));
            }
        }

        /// The reference of a series of the batch, or why it has none.
        private int reference(int series) {
            int known = references[series];
            // a folded series is asked for again, as each of its samples counts
            if (known != UNKNOWN && known != PushAdmission.FOLDED) {
                return known;
            }
            int found;
            try {
                found =
                        admission.series(
                                out,
                                batch.labels(series),
                                batch.whole(),
                                batch.metadata(series),
                                nowMs);
            } catch (PushedSeriesException e) {
                reasons.put(series, e.reason());
                found = REFUSED;
            }
            references[series] = found;
            return found;
        }
    }
}
