package dev.muster.head.wal;

import dev.muster.head.bytes.ByteReader;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.MetricType;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads what [CommitEncoder] wrote: `start`, then the parts it has, in order. Confined to one
/// thread.
public final class CommitDecoder {
    /// What is done with a definition.
    @FunctionalInterface
    public interface Definitions {
        void define(int slot, Labels labels, MetricMetadata metadata) throws IOException;
    }

    /// What is done with a sample that has a time of its own.
    @FunctionalInterface
    public interface LateSamples {
        void add(int slot, long timeMs, long value) throws IOException;
    }

    private ByteReader from = new ByteReader();
    private int flags;
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
        origin = from.count();
        previousSequence = from.varint();
        definitionsBefore = from.count();
        name = has(CommitFlags.NAME) ? from.text() : null;
        definitions = has(CommitFlags.DEFINITIONS) ? from.count() : 0;
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
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

    /// Does the record stand without earlier values?
    public boolean isKey() {
        return has(CommitFlags.KEY) || !hasTicks();
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

    public void late(LateSamples target) throws IOException {
        int count = from.count();
        long time = 0;
        for (int i = 0; i < count; i++) {
            int slot = from.count();
            time += from.zigzag();
            target.add(slot, time, from.sparse());
        }
    }
}
