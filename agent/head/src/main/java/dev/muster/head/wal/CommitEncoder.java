package dev.muster.head.wal;

import dev.muster.head.bytes.ByteWriter;
import dev.muster.head.chunk.HistogramCodec;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.MetricMetadata;
import org.jspecify.annotations.Nullable;

/// Writes a commit record: `start`, then the parts it announced, in the order of the methods. Drawn
/// in `docs/format/wal.md`.
public final class CommitEncoder {
    private final ByteWriter into;
    private int previousSlot;
    private long previousMs;

    public CommitEncoder(ByteWriter into) {
        this.into = into;
    }

    /// Starts a record, over what the writer held.
    ///
    /// @param previousSequence number of the origin's record before this; 0 if there was none
    /// @param definitionsBefore definitions logged of this origin in all records before
    /// @param name the origin's name where this is its first record in the segment
    /// @param side may histograms, start times or exemplars be written?
    public void start(
            int origin,
            long previousSequence,
            int definitionsBefore,
            @Nullable String name,
            int definitions,
            int late,
            boolean side) {
        into.clear();
        into.skip(Wal.RECORD_HEADER_BYTES);
        into.u8(RecordType.COMMIT);
        into.u8(
                (name == null ? 0 : CommitFlags.NAME)
                        | (definitions == 0 ? 0 : CommitFlags.DEFINITIONS)
                        | (late == 0 ? 0 : CommitFlags.LATE)
                        | (side ? CommitFlags.SIDE : 0));
        if (side) {
            into.u8(0);
        }
        into.varint(origin);
        into.varint(previousSequence);
        into.varint(definitionsBefore);
        if (name != null) {
            into.text(name);
        }
        if (definitions > 0) {
            into.varint(definitions);
        }
    }

    /// Appends the announced definitions, each written by [#definition].
    public void definitions(ByteWriter definitions) {
        into.bytes(definitions.array(), 0, definitions.size());
    }

    public static void definition(
            int slot, Labels labels, MetricMetadata metadata, ByteWriter into) {
        into.varint(slot);
        labels(labels, into);
        metadata(metadata, into);
    }

    public static void labels(Labels labels, ByteWriter into) {
        into.varint(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            into.text(labels.name(i));
            into.text(labels.value(i));
        }
    }

    public static void metadata(MetricMetadata metadata, ByteWriter into) {
        into.text(metadata.type().text());
        into.text(metadata.unit());
        into.text(metadata.help());
    }

    /// The samples at the tick.
    ///
    /// @param present bitmap of the slots that have one
    /// @param values their values by slot
    /// @param base values that the reader knows by slot, unless `key`
    public void ticks(
            boolean key,
            boolean allPresent,
            long tickMs,
            int slots,
            long[] present,
            long[] values,
            long[] base) {
        int flagsAt = Wal.RECORD_HEADER_BYTES + 1;
        into.array()[flagsAt] |=
                (byte)
                        (CommitFlags.TICKS
                                | (key ? CommitFlags.KEY : 0)
                                | (allPresent ? CommitFlags.ALL_PRESENT : 0));
        into.u64(tickMs);
        into.varint(slots);
        for (int first = 0; first < slots; first += 64) {
            int count = Math.min(64, slots - first);
            long mask = present[first >>> 6];
            if (!allPresent) {
                into.u64(mask);
            }
            if (key) {
                keyWord(first, count, mask, values, base);
            } else {
                changedWord(first, mask, values, base);
            }
        }
    }

    private void keyWord(int first, int count, long mask, long[] values, long[] base) {
        int at = into.size();
        into.u64(0);
        long set = 0;
        for (int i = 0; i < count; i++) {
            long value = (mask >>> i & 1) != 0 ? values[first + i] : base[first + i];
            if (value != 0) {
                set |= 1L << i;
                into.sparse(value);
            }
        }
        into.putU64(at, set);
    }

    private void changedWord(int first, long mask, long[] values, long[] base) {
        long changed = 0;
        if (mask == -1L) {
            for (int i = 0; i < 64; i++) {
                changed |= (values[first + i] != base[first + i] ? 1L : 0L) << i;
            }
        } else {
            for (long rest = mask; rest != 0; rest &= rest - 1) {
                int i = Long.numberOfTrailingZeros(rest);
                changed |= (values[first + i] != base[first + i] ? 1L : 0L) << i;
            }
        }
        into.u64(changed);
        for (long rest = changed; rest != 0; rest &= rest - 1) {
            int slot = first + Long.numberOfTrailingZeros(rest);
            into.sparse(values[slot] ^ base[slot]);
        }
    }

    private void sideFlag(int flag) {
        into.array()[Wal.RECORD_HEADER_BYTES + 2] |= (byte) flag;
    }

    /// Starts the histograms at the tick; [#histogram] follows for each.
    public void histograms(int count) {
        sideFlag(SideFlags.HISTOGRAMS);
        into.varint(count);
        previousSlot = 0;
    }

    /// @param base the histogram of the slot that the reader knows; null if none
    public void histogram(int slot, NativeHistogram histogram, @Nullable NativeHistogram base) {
        into.zigzag(slot - previousSlot);
        HistogramCodec.write(histogram, base, 0, into);
        previousSlot = slot;
    }

    /// The samples with times of their own.
    public void late(LateColumns late) {
        int count = late.size();
        into.varint(count);
        long time = 0;
        for (int i = 0; i < count; i++) {
            into.varint(late.slot(i));
            into.zigzag(late.timeMs(i) - time);
            into.sparse(late.value(i));
            time = late.timeMs(i);
        }
        if (late.hasHistograms()) {
            sideFlag(SideFlags.LATE_HISTOGRAMS);
            lateHistograms(late);
        }
        if (late.hasStarts()) {
            sideFlag(SideFlags.LATE_STARTS);
            lateStarts(late);
        }
    }

    private void lateHistograms(LateColumns late) {
        @Nullable NativeHistogram base = null;
        for (int i = 0; i < late.size(); i++) {
            NativeHistogram histogram = late.histogram(i);
            if (histogram != null) {
                HistogramCodec.write(histogram, base, 0, into);
                base = histogram;
            }
        }
    }

    private void lateStarts(LateColumns late) {
        long before = 0;
        for (int i = 0; i < late.size(); i++) {
            into.zigzag(late.startMs(i) - before);
            before = late.startMs(i);
        }
    }

    /// Starts the start times of slots; [#start] follows for each.
    public void starts(int count) {
        sideFlag(SideFlags.STARTS);
        into.varint(count);
        previousSlot = 0;
        previousMs = 0;
    }

    /// @param next does it count from the next tick on, not from that of the record?
    public void start(int slot, long startMs, boolean next) {
        into.zigzag((long) (slot - previousSlot) << 1 | (next ? 1 : 0));
        into.zigzag(startMs - previousMs);
        previousSlot = slot;
        previousMs = startMs;
    }

    /// Starts the exemplars; [#exemplar] follows for each.
    public void exemplars(int count) {
        sideFlag(SideFlags.EXEMPLARS);
        into.varint(count);
    }

    public void exemplar(int slot, Exemplar exemplar) {
        exemplar(slot, exemplar, into);
    }

    public static void exemplar(int slot, Exemplar exemplar, ByteWriter into) {
        into.varint(slot);
        into.zigzag(exemplar.timestampMs());
        into.sparse(Double.doubleToRawLongBits(exemplar.value()));
        labels(exemplar.labels(), into);
    }
}
