package dev.muster.agent.remotewrite;

import dev.muster.agent.exposition.WireWriter;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.series.AppendResult;
import dev.muster.model.series.SampleAppender;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Appends to the head, and writes what it took to the log before it is committed: so what a sender
/// is told is stored will be sent, whenever the process dies. Confined to one thread at a time, as
/// every appender.
final class TapAppender implements SampleAppender {
    private final SampleAppender out;
    private final RemoteTap tap;
    private final WireWriter items = new WireWriter();
    private final WireWriter body = new WireWriter();
    private final WireWriter message = new WireWriter();
    private final HistogramMessage histograms = new HistogramMessage();
    private @Nullable Known[] known = new Known[64];
    private Known[] touched = new Known[64];
    private int touchedSize;
    private long baseMs;
    private long newestMs;
    private int samples;

    /// A series as the log knows it.
    private static final class Known {
        final int reference;
        final Labels labels;
        final MetricMetadata metadata;
        int segment;
        long startMs;
        boolean touched;

        Known(int reference, Labels labels, MetricMetadata metadata) {
            this.reference = reference;
            this.labels = labels;
            this.metadata = metadata;
        }
    }

    TapAppender(SampleAppender out, RemoteTap tap) {
        this.out = out;
        this.tap = tap;
    }

    @Override
    public void begin(long timestampMs) {
        clear();
        baseMs = timestampMs;
        out.begin(timestampMs);
    }

    private void clear() {
        items.clear();
        for (int i = 0; i < touchedSize; i++) {
            touched[i].touched = false;
        }
        touchedSize = 0;
        samples = 0;
        newestMs = Long.MIN_VALUE;
    }

    @Override
    public int series(Labels labels, MetricMetadata metadata) {
        int reference = out.series(labels, metadata);
        if (reference >= 0) {
            know(reference, labels, metadata);
        }
        return reference;
    }

    @Override
    public int find(Labels labels) {
        int reference = out.find(labels);
        if (reference >= 0 && (reference >= known.length || known[reference] == null)) {
            know(reference, labels, MetricMetadata.NONE);
        }
        return reference;
    }

    private void know(int reference, Labels labels, MetricMetadata metadata) {
        if (reference >= known.length) {
            known = Arrays.copyOf(known, Math.max(reference + 1, 2 * known.length));
        }
        Known before = known[reference];
        if (before == null || !before.labels.equals(labels) || !before.metadata.equals(metadata)) {
            known[reference] = new Known(tap.nextReference(), labels, metadata);
        }
    }

    private @Nullable Known touch(int reference) {
        Known series = reference < known.length ? known[reference] : null;
        if (series != null && !series.touched) {
            series.touched = true;
            if (touchedSize == touched.length) {
                touched = Arrays.copyOf(touched, 2 * touchedSize);
            }
            touched[touchedSize++] = series;
        }
        return series;
    }

    @Override
    public AppendResult append(int reference, double value) {
        AppendResult result = out.append(reference, value);
        if (result == AppendResult.APPENDED) {
            sample(reference, baseMs, value);
        }
        return result;
    }

    @Override
    public AppendResult append(int reference, long timestampMs, double value) {
        AppendResult result = out.append(reference, timestampMs, value);
        if (result == AppendResult.APPENDED) {
            sample(reference, timestampMs, value);
        }
        return result;
    }

    private void sample(int reference, long timestampMs, double value) {
        Known series = touch(reference);
        if (series != null) {
            LogRecord.sample(items, series.reference, timestampMs - baseMs, value);
            count(timestampMs);
        }
    }

    private void count(long timestampMs) {
        samples++;
        newestMs = Math.max(newestMs, timestampMs);
    }

    @Override
    public AppendResult append(int reference, NativeHistogram histogram) {
        AppendResult result = out.append(reference, histogram);
        if (result == AppendResult.APPENDED) {
            histogram(reference, baseMs, histogram);
        }
        return result;
    }

    @Override
    public AppendResult append(int reference, long timestampMs, NativeHistogram histogram) {
        AppendResult result = out.append(reference, timestampMs, histogram);
        if (result == AppendResult.APPENDED) {
            histogram(reference, timestampMs, histogram);
        }
        return result;
    }

    private void histogram(int reference, long timestampMs, NativeHistogram histogram) {
        Known series = touch(reference);
        if (series != null) {
            histograms.write(histogram, timestampMs, message);
            LogRecord.histogram(items, series.reference, timestampMs - baseMs, message);
            count(timestampMs);
        }
    }

    @Override
    public void start(int reference, long startMs) {
        out.start(reference, startMs);
        Known series = touch(reference);
        if (series != null) {
            series.startMs = startMs;
            LogRecord.start(items, series.reference, startMs);
        }
    }

    @Override
    public void exemplar(int reference, Exemplar exemplar) {
        out.exemplar(reference, exemplar);
        Known series = touch(reference);
        if (series != null) {
            LogRecord.exemplar(items, series.reference, exemplar.timestampMs() - baseMs, exemplar);
        }
    }

    @Override
    public void commit() throws IOException {
        if (items.size() > 0) {
            log();
        }
        clear();
        out.commit();
    }

    /// What the log does not take is not sent, and counted; it is stored all the same.
    private void log() {
        SampleLog log = tap.log();
        try {
            boolean written = false;
            while (!written) {
                int segment = log.segment();
                body.clear();
                LogRecord.begin(body, baseMs);
                for (int i = 0; i < touchedSize; i++) {
                    define(touched[i], segment);
                }
                body.raw(items.buffer(), 0, items.size());
                written = log.append(body, samples, segment);
            }
            tap.logged(samples, newestMs);
        } catch (IOException e) {
            for (int i = 0; i < touchedSize; i++) {
                touched[i].segment = 0;
            }
            tap.failed(samples, e);
        }
    }

    private void define(Known series, int segment) {
        if (series.segment != segment) {
            LogRecord.series(body, series.reference, series.labels, series.metadata);
            if (series.startMs != 0) {
                LogRecord.start(body, series.reference, series.startMs);
            }
            series.segment = segment;
        }
    }

    @Override
    public void rollback() {
        clear();
        out.rollback();
    }

    @Override
    public void close() {
        out.close();
    }
}
