package dev.muster.query.remote;

import dev.muster.model.histogram.Buckets;
import dev.muster.model.histogram.CounterReset;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.sample.SampleColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads chunks as Prometheus' documentation of their format draws them, for tests.
final class ChunkDecoder {
    private static final int[] SHORT_BITS = {3, 6, 9, 12, 18, 25, 56};

    private final byte[] bytes;
    private int bit;

    ChunkDecoder(byte[] bytes) {
        this.bytes = bytes;
    }

    private static final class Window {
        long value;
        int leading = 0xff;
        int trailing;
    }

    static SampleColumns numbers(byte[] chunk) {
        ChunkDecoder in = new ChunkDecoder(chunk);
        SampleColumns columns = new SampleColumns();
        int count = (int) in.bits(16);
        Window window = new Window();
        long timeMs = 0;
        long distanceMs = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0) {
                long zigZag = in.uvarint();
                timeMs = (zigZag >>> 1) ^ -(zigZag & 1);
                window.value = in.bits(64);
            } else {
                distanceMs = i == 1 ? in.uvarint() : distanceMs + in.change();
                timeMs += distanceMs;
                in.xor(window);
            }
            columns.append(timeMs, Double.longBitsToDouble(window.value));
        }
        return columns;
    }

    static SampleColumns histograms(byte[] chunk) {
        ChunkDecoder in = new ChunkDecoder(chunk);
        int count = (int) in.bits(16);
        int flags = (int) in.bits(8);
        int power = (int) in.bits(8);
        double threshold = 0;
        if (power == 255) {
            threshold = Double.longBitsToDouble(in.bits(64));
        } else if (power > 0) {
            threshold = Math.pow(2, power - 244);
        }
        int schema = (int) in.varbit();
        int[] positive = in.indexes();
        int[] negative = in.indexes();
        double[] bounds =
                new double[schema == NativeHistogram.CUSTOM_SCHEMA ? (int) in.varbitUnsigned() : 0];
        for (int i = 0; i < bounds.length; i++) {
            long thousandths = in.varbitUnsigned();
            bounds[i] =
                    thousandths == 0
                            ? Double.longBitsToDouble(in.bits(64))
                            : (thousandths - 1) / 1_000.0;
        }
        Window[] windows = new Window[3 + positive.length + negative.length];
        SampleColumns columns = new SampleColumns();
        long timeMs = 0;
        long distanceMs = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0) {
                timeMs = in.varbit();
            } else {
                distanceMs += in.varbit();
                timeMs += distanceMs;
            }
            double[] values = new double[windows.length];
            for (int j = 0; j < windows.length; j++) {
                if (i == 0) {
                    windows[j] = new Window();
                    windows[j].value = in.bits(64);
                } else {
                    in.xor(windows[j]);
                }
                values[j] = Double.longBitsToDouble(windows[j].value);
            }
            double[] above = Arrays.copyOfRange(values, 3, 3 + positive.length);
            double[] below = Arrays.copyOfRange(values, 3 + positive.length, values.length);
            CounterReset reset = i > 0 ? CounterReset.UNKNOWN : reset(flags);
            columns.append(
                    timeMs,
                    schema == NativeHistogram.CUSTOM_SCHEMA
                            ? NativeHistogram.custom(
                                    reset,
                                    values[0],
                                    values[2],
                                    bounds,
                                    Buckets.of(positive, above))
                            : NativeHistogram.exponential(
                                    schema,
                                    reset,
                                    threshold,
                                    values[1],
                                    values[0],
                                    values[2],
                                    Buckets.of(positive, above),
                                    Buckets.of(negative, below)));
        }
        return columns;
    }

    private static CounterReset reset(int flags) {
        return switch (flags >> 6) {
            case 0 -> CounterReset.UNKNOWN;
            case 1 -> CounterReset.NOT_RESET;
            case 2 -> CounterReset.RESET;
            default -> CounterReset.GAUGE;
        };
    }

    private int[] indexes() {
        int spans = (int) varbitUnsigned();
        List<Integer> indexes = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < spans; i++) {
            int length = (int) varbitUnsigned();
            at += (int) varbit();
            for (int j = 0; j < length; j++) {
                indexes.add(at++);
            }
        }
        return indexes.stream().mapToInt(Integer::intValue).toArray();
    }

    private long bits(int count) {
        long value = 0;
        for (int i = 0; i < count; i++, bit++) {
            value = (value << 1) | ((bytes[bit / 8] >> (7 - bit % 8)) & 1);
        }
        return value;
    }

    private long uvarint() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            long next = bits(8);
            value |= (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
    }

    private int ones(int most) {
        int ones = 0;
        while (ones < most && bits(1) == 1) {
            ones++;
        }
        return ones;
    }

    private long change() {
        return switch (ones(4)) {
            case 0 -> 0;
            case 1 -> signed(14);
            case 2 -> signed(17);
            case 3 -> signed(20);
            default -> bits(64);
        };
    }

    /// The largest power of two is positive here.
    private long signed(int count) {
        long value = bits(count);
        return value > 1L << (count - 1) ? value - (1L << count) : value;
    }

    private long varbit() {
        int ones = ones(8);
        if (ones == 0) {
            return 0;
        }
        return ones == 8 ? bits(64) : signed(SHORT_BITS[ones - 1]);
    }

    private long varbitUnsigned() {
        int ones = ones(8);
        if (ones == 0) {
            return 0;
        }
        return bits(ones == 8 ? 64 : SHORT_BITS[ones - 1]);
    }

    private void xor(Window window) {
        if (bits(1) == 0) {
            return;
        }
        if (bits(1) == 1) {
            window.leading = (int) bits(5);
            int significant = (int) bits(6);
            window.trailing = 64 - window.leading - (significant == 0 ? 64 : significant);
        }
        window.value ^= bits(64 - window.leading - window.trailing) << window.trailing;
    }
}
