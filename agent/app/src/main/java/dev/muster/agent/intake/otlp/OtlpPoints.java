package dev.muster.agent.intake.otlp;

import dev.muster.agent.exposition.ExpositionException;
import dev.muster.agent.exposition.ExpositionLimits;
import dev.muster.agent.exposition.WireReader;
import dev.muster.agent.intake.IntakeFault;
import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.Staleness;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Turns data points into samples. Confined to one thread.
final class OtlpPoints {
    private static final int LIMIT = ExpositionLimits.DEFAULT.bucketCount();
    private static final int EXEMPLARS_LIMIT = 1_024;
    private static final int EXEMPLAR_CHARACTERS = 128;
    private static final long NANOS = 1_000_000;

    /// Width of the zero bucket where a point names none, as Prometheus has it.
    private static final double ZERO_THRESHOLD = 1e-128;

    private final byte[] bytes;
    private final OtlpPlan plan;
    private final OtlpNames names;
    private final Deltas deltas;
    private final OtlpSink sink;
    private final OtlpAttributes attributes = new OtlpAttributes();
    private final Point point = new Point();
    private Family family = new Family("", MetricMetadata.NONE);
    private Map<String, String> labels = Map.of();
    private @Nullable OtlpResource resource;
    private boolean delta;

    /// The metric of the points.
    ///
    /// @param name as it is stored
    record Family(String name, MetricMetadata about) {}

    OtlpPoints(byte[] bytes, OtlpPlan plan, OtlpNames names, Deltas deltas, OtlpSink sink) {
        this.bytes = bytes;
        this.plan = plan;
        this.names = names;
        this.deltas = deltas;
        this.sink = sink;
    }

    /// What all kinds of points have, and what some have.
    private static final class Point {
        private final Map<String, String> attributes = new TreeMap<>();
        private final List<Exemplar> exemplars = new ArrayList<>();
        private long startMs;
        private long timeMs;
        private long flags;
        private double value;
        private long count;
        private double sum;
        private boolean hasSum;

        void clear() {
            attributes.clear();
            exemplars.clear();
            startMs = 0;
            timeMs = 0;
            flags = 0;
            value = 0;
            count = 0;
            sum = 0;
            hasSum = false;
        }

        boolean isStale() {
            return (flags & 1) != 0;
        }
    }

    /// Points of another metric follow.
    void begin(Family newFamily, OtlpResource newResource, boolean isDelta) {
        family = newFamily;
        resource = newResource;
        delta = isDelta;
    }

    private WireReader at(int from, int to) {
        WireReader in = new WireReader();
        in.reset(bytes, from, to);
        return in;
    }

    /// Reads a field that all kinds of points have.
    private boolean common(WireReader in, int attributesField, int exemplarsField, int flagsField)
            throws ExpositionException {
        int field = in.field();
        if (field == 2) {
            point.startMs = in.fixed() / NANOS;
        } else if (field == 3) {
            point.timeMs = in.fixed() / NANOS;
        } else if (field == flagsField) {
            point.flags = in.number();
        } else if (field == attributesField) {
            in.content();
            attributes.add(bytes, in.start(), in.stop(), point.attributes);
        } else if (field == exemplarsField) {
            in.content();
            exemplar(in.start(), in.stop());
        } else {
            return false;
        }
        return true;
    }

    private void end() {
        OtlpResource of = resource;
        labels = of == null ? Map.of() : of.labels(point.attributes, names);
    }

    void number(int from, int to) throws ExpositionException {
        point.clear();
        WireReader in = at(from, to);
        while (in.next()) {
            if (!common(in, 7, 5, 8)) {
                switch (in.field()) {
                    case 4 -> point.value = in.real();
                    case 6 -> point.value = in.fixed();
                    default -> in.skip();
                }
            }
        }
        end();
        Labels series = OtlpSink.labels(labels, family.name());
        double value = point.isStale() ? Staleness.STALE : point.value;
        long startMs = point.startMs;
        if (delta && !point.isStale()) {
            Deltas.@Nullable Total total = deltas.add(series, startMs, point.timeMs, value);
            if (total == null) {
                refuseDelta();
                return;
            }
            value = total.values()[0];
            startMs = total.startMs();
        }
        int number = sink.sample(series, family.about(), point.timeMs, value, startMs);
        point.exemplars.forEach(one -> sink.exemplar(number, one));
    }

    private void refuseDelta() {
        sink.refuse(
                IntakeFault.OUT_OF_ORDER,
                family.name() + ": delta must be newer than the last: timeMs=" + point.timeMs);
    }

    void summary(int from, int to) throws ExpositionException {
        point.clear();
        List<double[]> quantiles = new ArrayList<>();
        WireReader in = at(from, to);
        while (in.next()) {
            if (!common(in, 7, -1, 8)) {
                switch (in.field()) {
                    case 4 -> point.count = in.fixed();
                    case 5 -> point.sum = in.real();
                    case 6 -> {
                        in.content();
                        quantiles.add(quantile(in.start(), in.stop()));
                        checkCount(quantiles.size());
                    }
                    default -> in.skip();
                }
            }
        }
        end();
        sample("_sum", "", "", point.sum, point.startMs);
        sample("_count", "", "", unsigned(point.count), point.startMs);
        for (double[] one : quantiles) {
            sample("", "quantile", text(one[0]), one[1], point.startMs);
        }
    }

    private double[] quantile(int from, int to) throws ExpositionException {
        double[] pair = new double[2];
        WireReader in = at(from, to);
        while (in.next()) {
            if (in.field() == 1 || in.field() == 2) {
                pair[in.field() - 1] = in.real();
            } else {
                in.skip();
            }
        }
        return pair;
    }

    private int sample(String suffix, String label, String value, double number, long startMs) {
        Labels series = OtlpSink.labels(labels, family.name() + suffix, label, value);
        double stored = point.isStale() ? Staleness.STALE : number;
        return sink.sample(series, family.about(), point.timeMs, stored, startMs);
    }

    void histogram(int from, int to) throws ExpositionException {
        point.clear();
        double[] counts = new double[0];
        double[] bounds = new double[0];
        WireReader in = at(from, to);
        while (in.next()) {
            if (!common(in, 9, 8, 10)) {
                switch (in.field()) {
                    case 4 -> point.count = in.fixed();
                    case 5 -> {
                        point.sum = in.real();
                        point.hasSum = true;
                    }
                    case 6 -> counts = numbers(in, counts, false);
                    case 7 -> bounds = numbers(in, bounds, true);
                    default -> in.skip();
                }
            }
        }
        end();
        if (counts.length > 0 && counts.length != bounds.length + 1) {
            sink.refuse(
                    IntakeFault.VALUE,
                    family.name()
                            + ": buckets must be one more than bounds: buckets="
                            + counts.length
                            + ", bounds="
                            + bounds.length);
        } else {
            bounded(counts, bounds);
        }
    }

    private void bounded(double[] buckets, double[] bounds) {
        double[] all = Arrays.copyOf(buckets, buckets.length + 2);
        all[buckets.length] = unsigned(point.count);
        all[buckets.length + 1] = point.sum;
        long startMs = point.startMs;
        if (delta && !point.isStale()) {
            Labels series = OtlpSink.labels(labels, family.name());
            Deltas.@Nullable Total total = deltas.add(series, startMs, point.timeMs, all);
            if (total == null) {
                refuseDelta();
                return;
            }
            all = total.values();
            startMs = total.startMs();
        }
        if (plan.nativeHistograms()) {
            custom(all, buckets.length, bounds, startMs);
        } else {
            classic(all, buckets.length, bounds, startMs);
        }
    }

    private void custom(double[] all, int size, double[] bounds, long startMs) {
        int[] indexes = new int[size];
        for (int i = 0; i < size; i++) {
            indexes[i] = i;
        }
        try {
            NativeHistogram histogram =
                    NativeHistogram.custom(
                            CounterReset.UNKNOWN,
                            all[size],
                            all[size + 1],
                            bounds,
                            Buckets.of(indexes, all, size));
            emit(histogram, startMs);
        } catch (IllegalArgumentException e) {
            sink.refuse(IntakeFault.VALUE, family.name() + ": " + e.getMessage());
        }
    }

    private void classic(double[] all, int size, double[] bounds, long startMs) {
        double cumulative = 0;
        for (int i = 0; i < bounds.length; i++) {
            cumulative += size == 0 ? 0 : all[i];
            int series = sample("_bucket", "le", text(bounds[i]), cumulative, startMs);
            exemplars(series, i == 0 ? Double.NEGATIVE_INFINITY : bounds[i - 1], bounds[i]);
        }
        int last = sample("_bucket", "le", "+Inf", all[size], startMs);
        exemplars(
                last,
                bounds.length == 0 ? Double.NEGATIVE_INFINITY : bounds[bounds.length - 1],
                Double.POSITIVE_INFINITY);
        sample("_count", "", "", all[size], startMs);
        if (point.hasSum || point.isStale()) {
            sample("_sum", "", "", all[size + 1], startMs);
        }
    }

    /// Exemplars belong to the bucket that their values are in.
    private void exemplars(int series, double above, double upTo) {
        for (Exemplar one : point.exemplars) {
            if (one.value() > above && one.value() <= upTo) {
                sink.exemplar(series, one);
            }
        }
    }

    void exponential(int from, int to) throws ExpositionException {
        point.clear();
        long scale = 0;
        long zeroCount = 0;
        double zeroThreshold = 0;
        Side positive = new Side();
        Side negative = new Side();
        WireReader in = at(from, to);
        while (in.next()) {
            if (!common(in, 1, 11, 10)) {
                switch (in.field()) {
                    case 4 -> point.count = in.fixed();
                    case 5 -> point.sum = in.real();
                    case 6 -> scale = signed(in.number());
                    case 7 -> zeroCount = in.fixed();
                    case 8 -> {
                        in.content();
                        positive.read(at(in.start(), in.stop()));
                    }
                    case 9 -> {
                        in.content();
                        negative.read(at(in.start(), in.stop()));
                    }
                    case 14 -> zeroThreshold = in.real();
                    default -> in.skip();
                }
            }
        }
        end();
        if (scale < NativeHistogram.MIN_SCHEMA || scale > 64) {
            sink.refuse(
                    IntakeFault.VALUE, family.name() + ": scale must be from -4: found=" + scale);
            return;
        }
        int finer = (int) Math.max(0, scale - NativeHistogram.MAX_SCHEMA);
        try {
            emitExponential(
                    NativeHistogram.exponential(
                            (int) scale - finer,
                            CounterReset.UNKNOWN,
                            zeroThreshold == 0 ? ZERO_THRESHOLD : zeroThreshold,
                            unsigned(zeroCount),
                            unsigned(point.count),
                            point.sum,
                            positive.buckets(finer),
                            negative.buckets(finer)));
        } catch (IllegalArgumentException | ArithmeticException e) {
            sink.refuse(IntakeFault.VALUE, family.name() + ": " + e.getMessage());
        }
    }

    private void emitExponential(NativeHistogram histogram) {
        if (!delta || point.isStale()) {
            emit(histogram, point.startMs);
            return;
        }
        Labels series = OtlpSink.labels(labels, family.name());
        Deltas.@Nullable Total total = deltas.add(series, point.startMs, point.timeMs, histogram);
        if (total == null) {
            refuseDelta();
            return;
        }
        NativeHistogram sum = total.histogram();
        emit(sum == null ? histogram : sum, total.startMs());
    }

    private void emit(NativeHistogram histogram, long startMs) {
        Labels series = OtlpSink.labels(labels, family.name());
        if (point.isStale()) {
            sink.sample(series, family.about(), point.timeMs, Staleness.STALE, 0);
            return;
        }
        int number = sink.histogram(series, family.about(), point.timeMs, histogram, startMs);
        point.exemplars.forEach(one -> sink.exemplar(number, one));
    }

    /// Buckets to one side of zero.
    private static final class Side {
        private long offset;
        private double[] counts = new double[0];
        private int size;

        void read(WireReader in) throws ExpositionException {
            while (in.next()) {
                switch (in.field()) {
                    case 1 -> offset = (int) signed(in.number());
                    case 2 -> read(in, in.isBytes());
                    default -> in.skip();
                }
            }
        }

        private void read(WireReader in, boolean packed) throws ExpositionException {
            if (!packed) {
                add(in.number());
                return;
            }
            in.content();
            WireReader each = in.inside();
            while (each.more()) {
                add(each.varint());
            }
        }

        private void add(long count) throws ExpositionException {
            if (size >= LIMIT) {
                throw ExpositionException.at(0, "buckets must be at most " + LIMIT);
            }
            if (size == counts.length) {
                counts = Arrays.copyOf(counts, Math.max(16, 2 * size));
            }
            counts[size++] = unsigned(count);
        }

        /// A bucket has its upper bound as index here, and its lower one there.
        Buckets buckets(int finer) {
            int[] indexes = new int[size];
            double[] kept = new double[size];
            int used = 0;
            for (int i = 0; i < size; i++) {
                if (counts[i] == 0) {
                    continue;
                }
                int index = Math.toIntExact(((offset + i) >> Math.min(63, finer)) + 1);
                if (used > 0 && indexes[used - 1] == index) {
                    kept[used - 1] += counts[i];
                } else {
                    indexes[used] = index;
                    kept[used++] = counts[i];
                }
            }
            return Buckets.of(indexes, kept, used);
        }
    }

    private void exemplar(int from, int to) throws ExpositionException {
        if (point.exemplars.size() >= EXEMPLARS_LIMIT) {
            return;
        }
        Map<String, String> found = new TreeMap<>();
        double value = 0;
        long timeMs = 0;
        WireReader in = at(from, to);
        while (in.next()) {
            switch (in.field()) {
                case 2 -> timeMs = in.fixed() / NANOS;
                case 3 -> value = in.real();
                case 4 -> id(in, "span_id", found);
                case 5 -> id(in, "trace_id", found);
                case 6 -> value = in.fixed();
                case 7 -> {
                    in.content();
                    attributes.add(bytes, in.start(), in.stop(), found);
                }
                default -> in.skip();
            }
        }
        Labels.Builder builder = Labels.builder();
        int characters = 0;
        for (Map.Entry<String, String> each : found.entrySet()) {
            characters += each.getKey().length() + each.getValue().length();
            builder.set(names.label(each.getKey()), each.getValue());
        }
        if (characters <= EXEMPLAR_CHARACTERS) {
            point.exemplars.add(new Exemplar(builder.build(), value, timeMs));
        }
    }

    private void id(WireReader in, String name, Map<String, String> into)
            throws ExpositionException {
        in.content();
        if (in.stop() > in.start() && in.stop() - in.start() <= 16) {
            into.put(name, HexFormat.of().formatHex(bytes, in.start(), in.stop()));
        }
    }

    private double[] numbers(WireReader in, double[] before, boolean real)
            throws ExpositionException {
        if (!in.isBytes()) {
            double[] more = Arrays.copyOf(before, before.length + 1);
            checkCount(more.length);
            more[before.length] = real ? in.real() : unsigned(in.fixed());
            return more;
        }
        in.content();
        WireReader each = in.inside();
        int count = (in.stop() - in.start()) / Long.BYTES;
        checkCount(before.length + count);
        double[] more = Arrays.copyOf(before, before.length + count);
        for (int i = before.length; i < more.length; i++) {
            long bits = each.nextFixed();
            more[i] = real ? Double.longBitsToDouble(bits) : unsigned(bits);
        }
        return more;
    }

    private static void checkCount(int count) throws ExpositionException {
        if (count > LIMIT) {
            throw ExpositionException.at(0, "buckets must be at most " + LIMIT);
        }
    }

    private static long signed(long value) {
        return (value >>> 1) ^ -(value & 1);
    }

    private static double unsigned(long count) {
        return count >= 0 ? count : 2.0 * ((count >>> 1) | (count & 1));
    }

    /// A bound as Prometheus writes it: no exponent, no needless zero.
    private static String text(double value) {
        if (Double.isInfinite(value) || Double.isNaN(value)) {
            return value > 0 ? "+Inf" : Double.isNaN(value) ? "NaN" : "-Inf";
        }
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        return exact.toPlainString();
    }
}
