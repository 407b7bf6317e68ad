package dev.muster.agent.exposition;

import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import java.util.Arrays;

/// The exemplars of the current sample, as places in the body. Reused; owned by a [ProtobufReader].
final class ProtobufExemplars {
    private static final int LABEL = 1;
    private static final int VALUE = 2;
    private static final int TIMESTAMP = 3;

    /// Bytes that the labels of an exemplar may have; those with more are left out, as the labels
    /// of an exemplar have at most 128 characters.
    private static final int LABELS_LIMIT = 1024;

    private final ExpositionLimits limits;
    private final ProtobufLabels pairs;
    private final WireReader in = new WireReader();
    private final WireReader time = new WireReader();

    private byte[] body = new byte[0];

    /// Start, stop, …
    private int[] places = new int[8];

    private int count;
    private boolean timed;
    private long timeMs;

    ProtobufExemplars(ExpositionLimits limits, ProtobufLabels pairs) {
        this.limits = limits;
        this.pairs = pairs;
    }

    void reset(byte[] body) {
        this.body = body;
        count = 0;
    }

    void clear() {
        count = 0;
    }

    int count() {
        return count;
    }

    /// Adds the exemplar in a range of the body.
    void add(int from, int to) throws ExpositionException {
        add(from, to, false);
    }

    /// Adds it if it has a time of its own.
    void addTimed(int from, int to) throws ExpositionException {
        add(from, to, true);
    }

    private void add(int from, int to, boolean onlyTimed) throws ExpositionException {
        if (scan(from, to) > LABELS_LIMIT || (onlyTimed && !timed)) {
            return;
        }
        if (count >= limits.bucketCount()) {
            throw new ExpositionException(
                    from,
                    "exemplar count of a sample must be within its limit: limit="
                            + limits.bucketCount(),
                    "the limit protects the agent");
        }
        if (2 * count == places.length) {
            places = Arrays.copyOf(places, 2 * places.length);
        }
        places[2 * count] = from;
        places[2 * count + 1] = to;
        count++;
    }

    /// Checks the message.
    ///
    /// @return bytes of its labels
    private int scan(int from, int to) throws ExpositionException {
        int labelBytes = 0;
        timed = false;
        timeMs = 0;
        in.reset(body, from, to);
        while (in.next()) {
            switch (in.field) {
                case LABEL -> {
                    in.content();
                    labelBytes += in.stop - in.start;
                }
                case VALUE -> in.real();
                case TIMESTAMP -> {
                    in.content();
                    timed = true;
                    timeMs = ProtobufTime.millis(time, body, in.start, in.stop);
                }
                default -> in.skip();
            }
        }
        return labelBytes;
    }

    Exemplar at(int index, long sampleMs) throws ExpositionException {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("exemplar must be there: index=" + index);
        }
        int from = places[2 * index];
        int to = places[2 * index + 1];
        scan(from, to);
        double value = 0;
        pairs.start();
        in.reset(body, from, to);
        while (in.next()) {
            if (in.field == LABEL) {
                in.content();
                pairs.add(body, in.start, in.stop);
            } else if (in.field == VALUE) {
                value = in.real();
            } else {
                in.skip();
            }
        }
        Labels labels = pairs.build();
        return new Exemplar(labels, ProtobufHistogram.ordinary(value), timed ? timeMs : sampleMs);
    }
}
