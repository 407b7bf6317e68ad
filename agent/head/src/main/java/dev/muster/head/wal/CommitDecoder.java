package dev.muster.head.wal;

import dev.muster.head.bytes.ByteReader;
import dev.muster.head.chunk.HistogramCodec;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.HistogramMarker;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads what [CommitEncoder] wrote: `start`, then the parts it has, in order: definitions, ticks,
/// histograms, late samples, start times, exemplars. Confined to one thread.
public final class CommitDecoder {
    /// What is done with a definition.
    @FunctionalInterface
    public interface Definitions {
        void define(int slot, Labels labels, MetricMetadata metadata) throws IOException;
    }

    /// What is done with a histogram at the tick.
    public interface Histograms {
        /// The newest histogram of the slot in the records before; null if there is none.
        @Nullable NativeHistogram base(int slot);

        void add(int slot, NativeHistogram histogram);
    }

    /// What is done with a start time.
    @FunctionalInterface
    public interface StartTimes {
        /// @param next does it count from the next tick on, not from that of the record?
        void start(int slot, long startMs, boolean next);
    }

    /// What is done with an exemplar.
    @FunctionalInterface
    public interface Exemplars {
        void add(int slot, Exemplar exemplar);
    }

    private ByteReader from = new ByteReader();
    private final LateColumns late = new LateColumns();
    private int flags;
    private int sideFlags;
    private int origin;
    private long previousSequence;
    private int definitionsBefore;
    private @Nullable String name;
    private int definitions;
    private int slots;
    private long[] present = new long[16];

    /// Reads the start; the record's type is read already.
    public void start(ByteReader body) {
        from = body;
        flags = from.u8();
        sideFlags = has(CommitFlags.SIDE) ? from.u8() : 0;
        origin = from.count();
        previousSequence = from.varint();
        definitionsBefore = from.count();
        name = has(CommitFlags.NAME) ? from.text() : null;
        definitions = has(CommitFlags.DEFINITIONS) ? from.count() : 0;
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    private boolean side(int flag) {
        return (sideFlags & flag) != 0;
    }

    public int origin() {
        return origin;
    }

    public long previousSequence() {
        return previousSequence;
    }

    public int definitionsBefore() {
        return definitionsBefore;
    }

    public @Nullable String name() {
        return name;
    }

    public int definitions() {
        return definitions;
    }

    public boolean hasTicks() {
        return has(CommitFlags.TICKS);
    }

    public boolean hasLate() {
        return has(CommitFlags.LATE);
    }

    /// Does the record say the values of all slots, so that it stands without earlier ones?
    public boolean isKey() {
        return has(CommitFlags.KEY);
    }

    public void definitions(Definitions target) throws IOException {
        for (int i = 0; i < definitions; i++) {
            int slot = from.count();
            Labels labels = labels(from);
            target.define(slot, labels, metadata(from));
        }
    }

    public static Labels labels(ByteReader from) {
        String[] pairs = new String[Math.multiplyExact(2, from.count())];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = from.text();
        }
        return Labels.of(pairs);
    }

    public static MetricMetadata metadata(ByteReader from) {
        MetricType type = MetricType.of(from.text());
        String unit = from.text();
        return new MetricMetadata(type, unit, from.text());
    }

    /// Reads the time of the tick and how many slots there are; their values follow.
    public long tickMs() {
        long tickMs = from.u64();
        slots = from.count();
        return tickMs;
    }

    /// How many slots the origin had.
    public int slots() {
        return slots;
    }

    /// Reads the values of the slots over `base`, which holds those of the records before and
    /// afterwards those of this one.
    ///
    /// @return bitmap of the slots that have a sample; valid until the next call
    public long[] values(long[] base) {
        int words = (slots + 63) >>> 6;
        if (present.length < words) {
            present = new long[words];
        }
        Arrays.fill(present, 0);
        for (int first = 0; first < slots; first += 64) {
            int count = Math.min(64, slots - first);
            long all = count == 64 ? -1L : (1L << count) - 1;
            present[first >>> 6] = has(CommitFlags.ALL_PRESENT) ? all : from.u64() & all;
            long changed = from.u64() & all;
            if (has(CommitFlags.KEY)) {
                Arrays.fill(base, first, first + count, 0);
            }
            for (long rest = changed; rest != 0; rest &= rest - 1) {
                base[first + Long.numberOfTrailingZeros(rest)] ^= from.sparse();
            }
        }
        return present;
    }

    /// Reads the histograms at the tick.
    public void histograms(Histograms target) {
        if (!side(SideFlags.HISTOGRAMS)) {
            return;
        }
        int count = from.count();
        int slot = 0;
        for (int i = 0; i < count; i++) {
            slot = slot(slot + from.zigzag());
            long header = from.varint();
            target.add(slot, HistogramCodec.read(header, from, target.base(slot)));
        }
    }

    private static int slot(long slot) {
        if (slot < 0 || slot > Integer.MAX_VALUE) {
            throw new IndexOutOfBoundsException("slot must be a count: found=" + slot);
        }
        return (int) slot;
    }

    /// Reads the samples with times of their own.
    ///
    /// @return valid until the next call
    public LateColumns late() {
        late.clear();
        int count = from.count();
        long time = 0;
        for (int i = 0; i < count; i++) {
            int slot = from.count();
            time += from.zigzag();
            late.add(slot, time, from.sparse());
        }
        if (side(SideFlags.LATE_HISTOGRAMS)) {
            lateHistograms();
        }
        long startMs = 0;
        for (int i = 0; side(SideFlags.LATE_STARTS) && i < count; i++) {
            startMs += from.zigzag();
            late.start(i, startMs);
        }
        return late;
    }

    private void lateHistograms() {
        @Nullable NativeHistogram base = null;
        for (int i = 0; i < late.size(); i++) {
            if (late.value(i) == HistogramMarker.BITS) {
                base = HistogramCodec.read(from.varint(), from, base);
                late.histogram(i, base);
            }
        }
    }

    /// Reads the start times of slots.
    public void starts(StartTimes target) {
        int count = side(SideFlags.STARTS) ? from.count() : 0;
        int slot = 0;
        long startMs = 0;
        for (int i = 0; i < count; i++) {
            long step = from.zigzag();
            slot = slot(slot + (step >> 1));
            startMs += from.zigzag();
            target.start(slot, startMs, (step & 1) != 0);
        }
    }

    /// Reads the exemplars.
    public void exemplars(Exemplars target) {
        int count = side(SideFlags.EXEMPLARS) ? from.count() : 0;
        for (int i = 0; i < count; i++) {
            int slot = from.count();
            target.add(slot, exemplar(from));
        }
    }

    /// Reads what [CommitEncoder#exemplar] wrote after the slot.
    public static Exemplar exemplar(ByteReader from) {
        long timeMs = from.zigzag();
        double value = Double.longBitsToDouble(from.sparse());
        return new Exemplar(labels(from), value, timeMs);
    }
}
