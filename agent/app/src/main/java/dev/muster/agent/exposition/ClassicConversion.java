package dev.muster.agent.exposition;

import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.HistogramMarker;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Puts a native histogram with custom bounds in the place of each classic one that another reader
/// reads from text.
final class ClassicConversion extends ExpositionReader {
    /*
     * The samples of one classic histogram stand together and write their labels alike, but for
     * `le`. So they are told by the bytes of their labels with `le` cut out: `group`, which after
     * the family's name is also the key of the converted sample, behind a byte that no text has.
     * The histogram is complete when a sample comes that is not of the group; that one waits, read
     * but not handed out, until the next call.
     */
    private static final byte MARK = (byte) 0xfe;

    /// Time of an exemplar that has none.
    private static final long UNTIMED = Long.MIN_VALUE;

    private static final int PREFIX = 2;
    private static final int SLACK = 16;

    private enum Part {
        NONE,
        BUCKET,
        COUNT,
        SUM
    }

    private final TextReader inner;
    private final boolean keepClassic;
    private final FamilyMetadata family;
    private final ClassicBuckets buckets;
    private final KeyCursor cursor = new KeyCursor();
    private final List<Exemplar> exemplars = new ArrayList<>();

    private byte[] group = new byte[256];
    private int groupEnd;
    private byte[] candidate = new byte[256];
    private int candidateEnd;
    private double bound;

    private boolean collecting;
    private boolean waiting;

    /// The converted histogram that is handed out; null while a sample of the inner reader is.
    private @Nullable NativeHistogram converted;

    /// Key and name of the first sample of the group, in the body.
    private int firstKeyStart;

    private int firstKeyEnd;
    private int firstNameStart;
    private boolean groupTimed;
    private long groupMs;
    private long groupStartMs;

    /// @param escapedQuotes whether the format escapes double quotes in help texts
    ClassicConversion(TextReader inner, boolean escapedQuotes, boolean keepClassic) {
        super(inner.limits);
        this.inner = inner;
        this.keepClassic = keepClassic;
        family = new FamilyMetadata(escapedQuotes);
        buckets = new ClassicBuckets(inner.limits.bucketCount());
    }

    @Override
    void reset(byte[] body, int length) {
        super.reset(body, length);
        inner.reset(body, length);
        family.reset(body);
        exemplars.clear();
        collecting = false;
        waiting = false;
        converted = null;
    }

    @Override
    boolean next() throws ExpositionException {
        converted = null;
        while (true) {
            if (!waiting && !inner.next()) {
                return collecting && convert();
            }
            waiting = false;
            Part part = part();
            if (collecting && (part == Part.NONE || !isOfGroup())) {
                waiting = true;
                if (convert()) {
                    return true;
                }
                continue;
            }
            if (part != Part.NONE) {
                collect(part);
            }
            if (part == Part.NONE || keepClassic) {
                expose();
                return true;
            }
        }
    }

    /// What the inner reader's sample is to a classic histogram; its labels become the candidate.
    private Part part() {
        if (inner.family.typeOf(inner.nameStart, inner.nameEnd) != MetricType.HISTOGRAM) {
            return Part.NONE;
        }
        boolean bounded = candidate();
        int suffix = inner.nameStart + inner.family.nameEnd - inner.family.nameStart;
        if (Bytes.equal(body, suffix, inner.nameEnd, "_bucket")) {
            return bounded && !Double.isNaN(bound) ? Part.BUCKET : Part.NONE;
        }
        if (bounded) {
            return Part.NONE;
        }
        if (Bytes.equal(body, suffix, inner.nameEnd, "_count")) {
            return Part.COUNT;
        }
        return Bytes.equal(body, suffix, inner.nameEnd, "_sum") ? Part.SUM : Part.NONE;
    }

    /// Writes the family's name and the labels but `le`.
    ///
    /// @return whether there is a label `le`; [#bound] is then its number, or NaN
    private boolean candidate() {
        int most = PREFIX + 2 * (inner.keyEnd - inner.keyStart) + SLACK;
        if (candidate.length < most) {
            candidate = new byte[2 * most];
        }
        candidate[0] = MARK;
        candidateEnd = 1;
        put(inner.family.nameStart, inner.family.nameEnd);
        boolean bounded = false;
        cursor.reset(body, inner.keyStart, inner.keyEnd, inner.nameStart);
        while (cursor.next()) {
            if (Bytes.equal(body, cursor.nameStart, cursor.nameEnd, "le")) {
                bounded = true;
                bound = NumberParser.parse(body, cursor.valueStart, cursor.valueEnd);
            } else {
                put(cursor.nameStart, cursor.nameEnd);
                put(cursor.valueStart, cursor.valueEnd);
            }
        }
        return bounded;
    }

    /// Each text after its mark: no text has that byte.
    private void put(int from, int to) {
        candidate[candidateEnd++] = MARK;
        System.arraycopy(body, from, candidate, candidateEnd, to - from);
        candidateEnd += to - from;
    }

    private boolean isOfGroup() {
        return groupTimed == inner.hasTimestamp
                && groupMs == inner.timestampMs
                && Arrays.equals(group, 0, groupEnd, candidate, 0, candidateEnd);
    }

    private void collect(Part part) throws ExpositionException {
        if (!collecting) {
            startGroup();
        }
        double value = inner.value();
        switch (part) {
            case BUCKET -> buckets.bucket(bound, value);
            case COUNT -> buckets.count(value);
            case SUM -> buckets.sum(value);
            case NONE -> {}
        }
        for (int i = 0; i < inner.exemplarCount() && exemplars.size() < limits.bucketCount(); i++) {
            exemplars.add(inner.exemplar(i, UNTIMED));
        }
    }

    private void startGroup() {
        collecting = true;
        buckets.clear();
        exemplars.clear();
        family.copy(inner.family);
        byte[] free = group;
        group = candidate;
        groupEnd = candidateEnd;
        candidate = free;
        firstKeyStart = inner.keyStart;
        firstKeyEnd = inner.keyEnd;
        firstNameStart = inner.nameStart;
        groupTimed = inner.hasTimestamp;
        groupMs = inner.timestampMs;
        groupStartMs = inner.startMs;
    }

    /// Ends the group and hands out what it makes.
    private boolean convert() {
        collecting = false;
        NativeHistogram made = buckets.build();
        converted = made;
        keyBytes = group;
        keyStart = 0;
        keyEnd = groupEnd;
        valueStart = groupEnd;
        valueEnd = groupEnd;
        hasTimestamp = groupTimed;
        timestampMs = groupMs;
        startMs = groupStartMs;
        return made != null;
    }

    private void expose() {
        keyBytes = inner.keyBytes;
        keyStart = inner.keyStart;
        keyEnd = inner.keyEnd;
        valueStart = inner.valueStart;
        valueEnd = inner.valueEnd;
        hasTimestamp = inner.hasTimestamp;
        timestampMs = inner.timestampMs;
        startMs = inner.startMs;
    }

    @Override
    double value() throws ExpositionException {
        return converted == null ? inner.value() : HistogramMarker.VALUE;
    }

    @Override
    @Nullable NativeHistogram histogram() {
        return converted;
    }

    @Override
    int exemplarCount() throws ExpositionException {
        return converted == null ? inner.exemplarCount() : exemplars.size();
    }

    @Override
    Exemplar exemplar(int index, long sampleMs) throws ExpositionException {
        if (converted == null) {
            return inner.exemplar(index, sampleMs);
        }
        Exemplar exemplar = exemplars.get(index);
        return exemplar.timestampMs() == UNTIMED
                ? new Exemplar(exemplar.labels(), exemplar.value(), sampleMs)
                : exemplar;
    }

    @Override
    Labels labels() throws ExpositionException {
        if (converted == null) {
            return inner.labels();
        }
        Labels.Builder labels = Labels.builder();
        labels.set(Labels.METRIC, LabelDecoder.text(body, family.nameStart, family.nameEnd));
        Set<String> names = new HashSet<>();
        names.add(Labels.METRIC);
        cursor.reset(body, firstKeyStart, firstKeyEnd, firstNameStart);
        while (cursor.next()) {
            String name = LabelDecoder.text(body, cursor.nameStart, cursor.nameEnd);
            if (!names.add(name)) {
                throw LabelDecoder.duplicate(inner, cursor.nameStart, cursor.nameEnd);
            }
            if (!name.equals("le")) {
                labels.set(name, LabelDecoder.text(body, cursor.valueStart, cursor.valueEnd));
            }
        }
        return labels.build();
    }

    @Override
    MetricMetadata metadata() {
        return converted == null
                ? inner.metadata()
                : family.metadata(family.nameStart, family.nameEnd);
    }

    @Override
    int line() {
        return converted == null ? inner.line() : inner.lineAt(firstKeyStart);
    }

    @Override
    int offsetBytes() {
        return converted == null ? inner.offsetBytes() : firstKeyStart;
    }
}
