package dev.muster.head.memory;

import dev.muster.head.chunk.TickDecoder;
import dev.muster.head.wal.LateColumns;
import dev.muster.model.histogram.NativeHistogram;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.sample.HistogramMarker;
import dev.muster.model.sample.MetricMetadata;
import dev.muster.model.sample.SampleColumns;
import dev.muster.model.series.AppendResult;
import dev.muster.model.series.ReadBudget;
import dev.muster.model.series.SampleAppender;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Appends the samples of one origin. Confined to one thread at a time, but for [#inScrape] and
/// [#forget], which are called under the lock of the origin.
final class OriginAppender implements SampleAppender {
    private final Store store;
    private final Origin origin;
    private final References references;
    private @Nullable Staging staging;
    private @Nullable TickDecoder decoder;
    private long tickMs;
    private long floorMs;
    private long ceilingMs;
    private long oldestMs;

    /// Why samples at the tick are refused; [AppendResult#APPENDED] if they are not.
    private AppendResult verdict = AppendResult.APPENDED;

    /// The tick is not newer than the clock of the origin.
    private boolean outOfOrder;

    /// Samples at the tick need no look at late ones.
    private boolean plain;

    private boolean inScrape;
    private long begunNanos;
    private boolean closed;

    OriginAppender(Store store, Origin origin) {
        this.store = store;
        this.origin = origin;
        references = new References(origin.slots(), origin.hasFreeSlots());
    }

    @Override
    public void begin(long timestampMs) {
        if (closed || inScrape) {
            throw new IllegalStateException(
                    "appender must be open and between scrapes: origin="
                            + origin.name
                            + ", closed="
                            + closed
                            + ", inScrape="
                            + inScrape);
        }
        Staging lent = store.lend();
        origin.lock.lock();
        try {
            inScrape = true;
            begunNanos = System.nanoTime();
            lent.grow(origin.slots());
            outOfOrder = timestampMs <= origin.lastTickMs();
            floorMs = store.floorMs();
            ceilingMs = store.ceilingMs();
            verdict = verdict(timestampMs);
            plain =
                    verdict == AppendResult.APPENDED
                            && !outOfOrder
                            && timestampMs > origin.newestLateMs();
        } finally {
            origin.lock.unlock();
        }
        tickMs = timestampMs;
        oldestMs = Long.MAX_VALUE;
        staging = lent;
    }

    private AppendResult verdict(long timestampMs) {
        if (timestampMs < floorMs) {
            return AppendResult.TOO_OLD;
        }
        return timestampMs > ceilingMs ? AppendResult.TOO_FAR_AHEAD : AppendResult.APPENDED;
    }

    @Override
    public int series(Labels labels, MetricMetadata metadata) {
        if (closed) {
            throw new IllegalStateException("appender must be open: origin=" + origin.name);
        }
        int slot = store.series(origin, labels, metadata);
        if (slot < 0) {
            store.counters().overLimit.increment();
            return OVER_LIMIT;
        }
        if (staging != null) {
            staging.grow(slot + 1);
        }
        return references.of(slot);
    }

    @Override
    public int find(Labels labels) {
        int slot = store.find(origin, labels);
        return slot < 0 ? NO_SERIES : references.of(slot);
    }

    @Override
    public AppendResult append(int reference, double value) {
        Staging staged = scrape();
        int slot = references.slot(reference);
        if (slot < 0) {
            return store.counters().refuse(AppendResult.UNKNOWN_SERIES);
        }
        long bits = bits(value);
        if (!plain) {
            return appendChecked(staged, slot, bits, null);
        }
        if (staged.has(slot)) {
            return same(staged.values()[slot], null, bits, null);
        }
        staged.put(slot, bits);
        return AppendResult.APPENDED;
    }

    /// What is stored of a number: its bits, but those of the histogram marker.
    private static long bits(double value) {
        return Double.doubleToRawLongBits(
                Double.isNaN(value) ? HistogramMarker.number(value) : value);
    }

    @Override
    public AppendResult append(int reference, NativeHistogram histogram) {
        Staging staged = scrape();
        int slot = references.slot(reference);
        if (slot < 0) {
            return store.counters().refuse(AppendResult.UNKNOWN_SERIES);
        }
        return appendChecked(staged, slot, HistogramMarker.BITS, histogram);
    }

    private AppendResult appendChecked(
            Staging staged, int slot, long bits, @Nullable NativeHistogram histogram) {
        if (verdict != AppendResult.APPENDED) {
            return store.counters().refuse(verdict);
        }
        if (outOfOrder) {
            return appendLate(staged, slot, tickMs, bits, histogram);
        }
        return appendTick(staged, slot, bits, histogram);
    }

    private AppendResult appendTick(
            Staging staged, int slot, long bits, @Nullable NativeHistogram histogram) {
        if (staged.has(slot)) {
            return same(staged.values()[slot], staged.histogram(slot), bits, histogram);
        }
        if (!plain) {
            SampleColumns found = storedAt(slot, tickMs);
            if (found.size() > 0) {
                return same(found, bits, histogram);
            }
        }
        staged.put(slot, bits);
        if (histogram != null) {
            staged.side().histogram(slot, histogram);
        }
        return AppendResult.APPENDED;
    }

    private SampleColumns storedAt(int slot, long timestampMs) {
        origin.lock.lock();
        try {
            return timestampMs <= origin.newestMs(slot)
                    ? stored(slot, timestampMs)
                    : new SampleColumns(0);
        } finally {
            origin.lock.unlock();
        }
    }

    @Override
    public AppendResult append(int reference, long timestampMs, double value) {
        return timestampMs == tickMs
                ? append(reference, value)
                : appendAt(reference, timestampMs, bits(value), null);
    }

    @Override
    public AppendResult append(int reference, long timestampMs, NativeHistogram histogram) {
        return timestampMs == tickMs
                ? append(reference, histogram)
                : appendAt(reference, timestampMs, HistogramMarker.BITS, histogram);
    }

    private AppendResult appendAt(
            int reference, long timestampMs, long bits, @Nullable NativeHistogram histogram) {
        Staging staged = scrape();
        int slot = references.slot(reference);
        if (slot < 0) {
            return store.counters().refuse(AppendResult.UNKNOWN_SERIES);
        }
        AppendResult reason = verdict(timestampMs);
        if (reason != AppendResult.APPENDED) {
            return store.counters().refuse(reason);
        }
        return appendLate(staged, slot, timestampMs, bits, histogram);
    }

    private AppendResult appendLate(
            Staging staged,
            int slot,
            long timestampMs,
            long bits,
            @Nullable NativeHistogram histogram) {
        LateColumns late = staged.late();
        long startMs;
        origin.lock.lock();
        try {
            if (timestampMs <= origin.newestMs(slot)) {
                int index = late.find(slot, timestampMs);
                if (index >= 0) {
                    return same(late.value(index), late.histogram(index), bits, histogram);
                }
                SampleColumns found = stored(slot, timestampMs);
                if (found.size() > 0) {
                    return same(found, bits, histogram);
                }
                if (!origin.takeLate(slot, store.limits().latePerSeries())) {
                    return store.counters().refuse(AppendResult.OUT_OF_ORDER);
                }
            }
            origin.noteLate(slot, timestampMs);
            startMs = staged.startMs(slot, origin.open.startMs(slot));
        } finally {
            origin.lock.unlock();
        }
        late.add(slot, timestampMs, bits);
        if (histogram != null) {
            late.histogram(late.size() - 1, histogram);
        }
        if (startMs != 0) {
            late.start(late.size() - 1, startMs);
        }
        oldestMs = Math.min(oldestMs, timestampMs);
        return AppendResult.APPENDED;
    }

    private AppendResult same(
            SampleColumns held, long offered, @Nullable NativeHistogram histogram) {
        long bits = Double.doubleToRawLongBits(held.values()[0]);
        return same(bits, held.histogram(0), offered, histogram);
    }

    private AppendResult same(
            long held,
            @Nullable NativeHistogram heldHistogram,
            long offered,
            @Nullable NativeHistogram histogram) {
        return held == offered && Objects.equals(heldHistogram, histogram)
                ? AppendResult.APPENDED
                : store.counters().refuse(AppendResult.DUPLICATE);
    }

    /// The sample that the slot has at this time, if it has one that can be read.
    private SampleColumns stored(int slot, long timestampMs) {
        TickDecoder reading = decoder == null ? new TickDecoder() : decoder;
        decoder = reading;
        SampleColumns found = new SampleColumns(2);
        OriginView view = origin.view();
        try {
            Reach reach = origin.reach(slot);
            long endMs = timestampMs + 1;
            view.ticks(slot, reach, timestampMs, endMs, reading, ReadBudget.UNLIMITED, found);
            view.late(slot, reach, timestampMs, endMs, reading, found);
        } catch (IOException e) {
            store.log(System.Logger.Level.WARNING, "late sample could not be compared", e);
        }
        return found;
    }

    @Override
    public void start(int reference, long startMs) {
        Staging staged = scrape();
        int slot = references.slot(reference);
        if (slot >= 0 && staged.startMs(slot, origin.open.startMs(slot)) != startMs) {
            staged.side().start(slot, startMs, staged.has(slot));
        }
    }

    @Override
    public void exemplar(int reference, Exemplar exemplar) {
        Staging staged = scrape();
        int slot = references.slot(reference);
        if (slot < 0 || exemplar.timestampMs() > ceilingMs) {
            store.exemplars().refuse();
        } else if (store.exemplars().takes(origin, slot, exemplar)) {
            staged.side().exemplar(slot, exemplar);
        }
    }

    @Override
    public void commit() throws IOException {
        Staging staged = scrape();
        origin.lock.lock();
        try {
            long oldest = staged.presentCount() > 0 ? Math.min(oldestMs, tickMs) : oldestMs;
            if (oldest < store.acceptFloorMs()) {
                throw new IOException(
                        "head origin="
                                + origin.name
                                + ": commit must come before its window is closed: oldestMs="
                                + oldest
                                + ", floorMs="
                                + store.acceptFloorMs());
            }
            new Commit(store, origin, staged, tickMs).run();
            store.counters().commits.increment();
        } catch (IOException e) {
            store.counters().commitFailures.increment();
            throw e;
        } finally {
            inScrape = false;
            origin.lock.unlock();
            giveBack(staged);
        }
    }

    @Override
    public void rollback() {
        Staging staged = staging;
        if (staged == null) {
            return;
        }
        origin.lock.lock();
        try {
            inScrape = false;
        } finally {
            origin.lock.unlock();
        }
        giveBack(staged);
    }

    private void giveBack(Staging staged) {
        staging = null;
        store.giveBack(staged);
    }

    private Staging scrape() {
        Staging staged = staging;
        if (staged == null) {
            throw new IllegalStateException(
                    "scrape must have begun: origin=" + origin.name + ", closed=" + closed);
        }
        return staged;
    }

    /// Is a scrape going on?
    boolean inScrape() {
        return inScrape;
    }

    /// Is a scrape going on that may take samples before this time?
    boolean began(long timeMs) {
        return inScrape && floorMs < timeMs;
    }

    /// Has a scrape been going on for longer than anyone should wait for?
    boolean hangs(long limitNanos) {
        return inScrape && System.nanoTime() - begunNanos > limitNanos;
    }

    /// Memory of this object, roughly; the staging that is lent to it, too.
    long sizeBytes() {
        Staging staged = staging;
        return 200 + references.sizeBytes() + (staged == null ? 0 : staged.sizeBytes());
    }

    /// Memory of the references.
    long referenceBytes() {
        return references.sizeBytes();
    }

    /// The slot lost its series.
    void forget(int slot) {
        references.forget(slot);
    }

    @Override
    public void close() {
        if (!closed) {
            rollback();
            closed = true;
            store.closed(origin);
        }
    }
}
