package dev.muster.agent.exposition;

import dev.muster.model.labels.Labels;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The key of the current sample, put together in a buffer. Reused; owned by a [ProtobufReader].
final class ProtobufKey {
    /*
     * A byte that no text has, the length of the family's name in four bytes, the name, the fields
     * of labels as they stand on the wire, bound or quantile in eight bytes where the sample has
     * one, and in the last byte what the sample is to its family. Bytes that are the same thus mean
     * the same name and labels, and nothing of them needs to be looked into, or to be UTF-8, before
     * someone asks for the labels of a key not seen before.
     *
     * The value follows as a zero, which no number in text has, and the bits of the double.
     */
    private static final byte MARK = (byte) 0xff;
    private static final int PREFIX = 5;
    private static final int TAIL = 9;
    private static final int VALUE = 9;

    /// Bytes to read beyond the end without harm.
    private static final int SLACK = 16;

    /// Bytes that are kept whatever the use.
    private static final int KEPT = 16 << 10;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /// What a sample is to its family.
    enum Part {
        WHOLE("", ""),
        NATIVE("", ""),
        COUNT("_count", ""),
        SUM("_sum", ""),
        BUCKET("_bucket", "le"),
        QUANTILE("", "quantile");

        final String suffix;
        final String boundLabel;

        Part(String suffix, String boundLabel) {
            this.suffix = suffix;
            this.boundLabel = boundLabel;
        }
    }

    private final ExpositionLimits limits;
    private final ProtobufLabels pairs;
    private final WireReader in = new WireReader();
    byte[] bytes = new byte[1024];
    private int nameEnd;
    private int labelsEnd;

    /// Where the labels stand in the body, if in one piece; -1 if not.
    private int labelsAt;

    private int metricAt;
    private Part part = Part.WHOLE;
    private double bound;

    /// One past the last byte of the key.
    int end;

    ProtobufKey(ExpositionLimits limits, ProtobufLabels pairs) {
        this.limits = limits;
        this.pairs = pairs;
    }

    /// Gives memory back that a body of unusual keys took.
    void trim() {
        if (bytes.length > KEPT) {
            bytes = new byte[KEPT];
        }
    }

    void family(byte[] body, int from, int to) {
        int length = to - from;
        nameEnd = 0;
        labelsEnd = 0;
        reserve(PREFIX + length);
        bytes[0] = MARK;
        INT.set(bytes, 1, length);
        System.arraycopy(body, from, bytes, PREFIX, length);
        nameEnd = PREFIX + length;
        labelsEnd = nameEnd;
    }

    /// A metric of the family, without labels so far.
    ///
    /// @param at its place in the body
    void metric(int at) {
        metricAt = at;
        labelsEnd = nameEnd;
        labelsAt = -1;
    }

    /// Adds whole fields of labels.
    void labels(byte[] body, int from, int to) throws ExpositionException {
        if (to - from > limits.lineLength() - (labelsEnd - nameEnd)) {
            throw new ExpositionException(
                    from,
                    "labels of a metric must be within their limit: limit="
                            + limits.lineLength()
                            + ", found="
                            + (labelsEnd - nameEnd + to - from),
                    "the limit protects the agent; expose less in one place");
        }
        labelsAt = labelsEnd == nameEnd ? from : -1;
        reserve(labelsEnd + to - from);
        System.arraycopy(body, from, bytes, labelsEnd, to - from);
        labelsEnd += to - from;
    }

    /// Completes the key.
    ///
    /// @param bound of a bucket or quantile; any for other parts
    void part(Part part, double bound) {
        this.part = part;
        this.bound = bound;
        int at = labelsEnd;
        if (!part.boundLabel.isEmpty()) {
            LONG.set(bytes, at, Double.doubleToRawLongBits(bound));
            at += 8;
        }
        bytes[at] = (byte) part.ordinal();
        end = at + 1;
    }

    /// Writes the value behind the key.
    ///
    /// @return one past its last byte
    int value(double value) {
        bytes[end] = 0;
        LONG.set(bytes, end + 1, Double.doubleToRawLongBits(value));
        return end + VALUE;
    }

    private void reserve(int length) {
        int needed = Math.addExact(length, TAIL + VALUE + SLACK);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
        }
    }

    /// Is it a key of protobuf, not of text?
    static boolean isOne(byte[] key) {
        return key.length > PREFIX && key[0] == MARK;
    }

    /// The labels of a whole key, put together by any instance.
    static Labels labels(byte[] key) throws ExpositionException {
        ProtobufKey read =
                new ProtobufKey(
                        ExpositionLimits.DEFAULT, new ProtobufLabels(ExpositionLimits.DEFAULT));
        read.bytes = key;
        read.part = Part.values()[key[key.length - 1]];
        read.nameEnd = PREFIX + (int) INT.get(key, 1);
        read.labelsEnd = key.length - 1 - (read.part.boundLabel.isEmpty() ? 0 : 8);
        read.bound =
                read.part.boundLabel.isEmpty()
                        ? 0
                        : Double.longBitsToDouble((long) LONG.get(key, read.labelsEnd));
        return read.decode(new String(key, PREFIX, read.nameEnd - PREFIX, StandardCharsets.UTF_8));
    }

    /// The labels of the key, which are looked into for the first time here.
    Labels decode(String family) throws ExpositionException {
        pairs.start();
        in.reset(bytes, nameEnd, labelsEnd);
        try {
            pairs.add(Labels.METRIC, family + part.suffix, nameEnd);
            while (in.next()) {
                in.content();
                pairs.add(bytes, in.start, in.stop);
            }
            if (!part.boundLabel.isEmpty()) {
                pairs.add(part.boundLabel, NumberText.bound(bound), labelsEnd);
            }
        } catch (ExpositionException e) {
            throw e.movedTo(labelsAt < 0 ? metricAt : labelsAt + e.offsetBytes() - nameEnd);
        }
        return pairs.build();
    }
}
