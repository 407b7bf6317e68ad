package dev.muster.query.remote;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.sample.Staleness;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SampleReader;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSet;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32C;

/// Answers remote read from a source. Thread-safe.
public final class ReadAnswer {
    /*
     * A frame of a stream: the length of its message as a uvarint, CRC-32C of the message in four
     * bytes, the highest first, the message. A message holds chunks of one series; one that has more
     * than fit into a message goes on in the next.
     */
    private static final int CHUNK_SAMPLES = 120;

    private final SeriesSource source;
    private final ReadLimits limits;

    public ReadAnswer(SeriesSource source, ReadLimits limits) {
        this.source = source;
        this.limits = limits;
    }

    /// The answer to all queries as one message.
    ///
    /// @throws ReadLimitException if there is more than one message may hold
    public byte[] samples(ReadRequest request, ReadBudget budget) throws IOException {
        WireWriter answer = new WireWriter();
        WireWriter result = new WireWriter();
        WireWriter one = new WireWriter();
        SeriesMessages messages = new SeriesMessages();
        SampleColumns columns = new SampleColumns();
        long samples = 0;
        for (ReadRequest.Query query : request.queries()) {
            result.clear();
            try (SeriesSet set = source.select(selection(query, budget))) {
                SampleReader reader = set.reader();
                for (int i = 0; i < set.size(); i++) {
                    read(reader, i, query, columns);
                    samples += columns.size();
                    limits.checkSamples(samples);
                    if (columns.size() > 0 || query.hints().labelsOnly()) {
                        one.clear();
                        messages.series(set.labels(i), columns, one);
                        result.message(1, one);
                        limits.checkBytes((long) answer.size() + result.size());
                    }
                }
            }
            answer.message(1, result);
        }
        return answer.toBytes();
    }

    private static void read(
            SampleReader reader, int series, ReadRequest.Query query, SampleColumns columns)
            throws IOException {
        columns.clear();
        if (!query.hints().labelsOnly()) {
            reader.read(series, columns);
        }
    }

    private static SelectRequest selection(ReadRequest.Query query, ReadBudget budget) {
        long startMs = query.neededStartMs();
        long endMs = Math.max(startMs, query.neededEndMs());
        return new SelectRequest(
                TimeRange.closed(startMs, endMs),
                query.matchers(),
                !query.hints().labelsOnly(),
                budget);
    }

    /// Writes the answer to all queries as a stream of frames, of which one is held at a time.
    public void stream(ReadRequest request, ReadBudget budget, OutputStream out)
            throws IOException {
        Frames frames = new Frames(out);
        SampleColumns columns = new SampleColumns();
        for (int number = 0; number < request.queries().size(); number++) {
            ReadRequest.Query query = request.queries().get(number);
            try (SeriesSet set = source.select(selection(query, budget))) {
                SampleReader reader = set.reader();
                for (int i = 0; i < set.size(); i++) {
                    read(reader, i, query, columns);
                    if (columns.size() > 0) {
                        frames.series(number, set.labels(i), columns);
                    }
                }
            }
        }
    }

    /// Writes series as frames. Owned by one thread.
    private final class Frames {
        private final OutputStream out;
        private final SeriesMessages messages = new SeriesMessages();
        private final WireWriter head = new WireWriter();
        private final WireWriter series = new WireWriter();
        private final WireWriter chunk = new WireWriter();
        private final WireWriter message = new WireWriter();
        private final WireWriter lead = new WireWriter();
        private final XorChunk numbers = new XorChunk();
        private final FloatHistogramChunk histograms = new FloatHistogramChunk();

        Frames(OutputStream out) {
            this.out = out;
        }

        void series(int query, Labels labels, SampleColumns columns) throws IOException {
            head.clear();
            messages.labels(1, labels, head);
            begin();
            int from = 0;
            while (from < columns.size()) {
                int to =
                        columns.histogram(from) == null
                                ? numbers(columns, from)
                                : histograms(columns, from);
                chunk.clear();
                chunk.number(1, columns.timestampsMs()[from]);
                chunk.number(2, columns.timestampsMs()[to - 1]);
                boolean floats = columns.histogram(from) == null;
                BitWriter data = floats ? numbers.finish() : histograms.finish();
                chunk.number(3, floats ? 1 : 3);
                chunk.bytes(4, data.array(), data.size());
                if (series.size() > head.size()
                        && series.size() + chunk.size() > limits.frameBytes()) {
                    send(query);
                    begin();
                }
                series.message(2, chunk);
                from = to;
            }
            send(query);
        }

        private void begin() {
            series.clear();
            series.append(head);
        }

        private int numbers(SampleColumns columns, int from) {
            numbers.clear();
            int at = from;
            while (at < columns.size()
                    && columns.histogram(at) == null
                    && numbers.count() < CHUNK_SAMPLES) {
                numbers.append(columns.timestampsMs()[at], columns.values()[at]);
                at++;
            }
            return at;
        }

        /// Histograms of one layout, as many as a chunk takes. A chunk says of itself whether the
        /// first of it goes on from what was before.
        private int histograms(SampleColumns columns, int from) {
            histograms.clear();
            NativeHistogram first = columns.histogram(from);
            int at = from;
            while (at < columns.size() && histograms.count() < CHUNK_SAMPLES) {
                NativeHistogram histogram = columns.histogram(at);
                if (histogram == null
                        || first == null
                        || (at > from && !goesOn(first, histogram))) {
                    break;
                }
                histograms.append(columns.timestampsMs()[at], histogram);
                at++;
            }
            return at;
        }

        private void send(int query) throws IOException {
            message.clear();
            message.message(1, series);
            message.number(2, query);
            CRC32C sum = new CRC32C();
            sum.update(message.array(), 0, message.size());
            lead.clear();
            lead.varint(message.size());
            lead.writeTo(out);
            long crc = sum.getValue();
            out.write(
                    new byte[] {
                        (byte) (crc >>> 24), (byte) (crc >>> 16), (byte) (crc >>> 8), (byte) crc
                    });
            message.writeTo(out);
        }
    }

    private static boolean goesOn(NativeHistogram first, NativeHistogram next) {
        return first.sameLayout(next) && sameReset(first, next) && !Staleness.isStale(next.sum());
    }

    private static boolean sameReset(NativeHistogram first, NativeHistogram next) {
        return switch (next.counterReset()) {
            case RESET -> false;
            case GAUGE -> first.counterReset() == next.counterReset();
            case UNKNOWN, NOT_RESET -> true;
        };
    }
}
