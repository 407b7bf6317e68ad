package dev.muster.agent.hint;

import dev.muster.head.Head;
import dev.muster.model.hint.NameFilter;
import dev.muster.model.labels.Labels;
import dev.muster.model.series.SelectRequest;
import dev.muster.model.series.SeriesSource;
import dev.muster.model.time.TimeRange;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The filter of all metric names that this agent holds, those taken over from lost peers among
/// them. Thread-safe.
public final class NameHints {
    /*
     * The number of a filter is told only while every name is in it. A head tells of each new series before it can be
     * found, under the lock that looking for names takes too. While a filter is made, whatever comes makes it invalid;
     * after that, only a name that it does not hold. So:
     * - what came before the names were read is among them;
     * - what came after was seen either by a filter in the making, or by the one that holds now.
     * Heads of peers come and go: a filter is of one list of them.
     */
    private static final Logger LOG = System.getLogger(NameHints.class.getName());

    /// A filter is made anew at most so often: names that are new come in bursts.
    static final long PAUSE_MS = 10_000;

    private static final SelectRequest EVERYTHING =
            SelectRequest.of(new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE), List.of());

    private final SeriesSource own;
    private final LongSupplier nowMs;
    private final AtomicLong builds = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile Supplier<List<SeriesSource>> taken = List::of;
    private volatile boolean building;
    private volatile boolean outdated = true;
    private volatile @Nullable Made made;

    /// When the last one was made; owned by who calls [#round].
    private long madeMs;

    private record Made(Filter filter, List<SeriesSource> of, int names) {}

    /// A filter and its number. Immutable: the bytes are not written to.
    ///
    /// @param number from 1
    /// @param bytes see [NameFilter]
    @SuppressWarnings("ArrayRecordComponent") // shared on purpose
    record Filter(int number, byte[] bytes) {}

    /// @param own the agent's samples
    /// @param nowMs milliseconds of a clock that does not step
    public NameHints(SeriesSource own, LongSupplier nowMs) {
        this.own = own;
        this.nowMs = nowMs;
        this.madeMs = nowMs.getAsLong() - PAUSE_MS;
    }

    /// Says where samples of lost peers are: another list whenever there are others. To be called
    /// before a number is told.
    public void taken(Supplier<List<SeriesSource>> sources) {
        taken = sources;
    }

    /// Looks at what comes to that head from now on; to be called before its names are read.
    public void watch(Head head) {
        head.onSeries(this::came);
    }

    private void came(Labels labels) {
        if (outdated) {
            return;
        }
        Made now = made;
        if (building || now == null || !holds(now, labels.valueOf(Labels.METRIC))) {
            outdated = true;
        }
    }

    private static boolean holds(Made made, String name) {
        return NameFilter.mayHold(made.filter.bytes, NameFilter.entry(name));
    }

    /// Makes the filter anew where it does not hold all names, and not too often. To be called each
    /// second, by one thread.
    public void round() {
        long now = nowMs.getAsLong();
        if (number() == 0 && now - madeMs >= PAUSE_MS) {
            madeMs = now;
            make();
        }
    }

    private void make() {
        building = true;
        try {
            outdated = false;
            List<SeriesSource> of = taken.get();
            Set<String> names = new HashSet<>(own.labelValues(Labels.METRIC, EVERYTHING));
            for (SeriesSource source : of) {
                names.addAll(source.labelValues(Labels.METRIC, EVERYTHING));
            }
            Made before = made;
            int number = before == null ? 1 : before.filter.number + 1;
            made = new Made(new Filter(number, NameFilter.of(names)), of, names.size());
            builds.incrementAndGet();
        } catch (IOException | IllegalStateException e) {
            outdated = true;
            failures.incrementAndGet();
            LOG.log(Level.DEBUG, "names not read, queries ask this agent for every name", e);
        } finally {
            building = false;
        }
    }

    /// The number of the filter that holds all names of now; 0 if there is none.
    public int number() {
        Filter now = filter();
        return now == null ? 0 : now.number;
    }

    /// The filter that holds all names of now.
    @SuppressWarnings("ReferenceEquality") // there is another list whenever there are other heads
    @Nullable Filter filter() {
        Made now = made;
        return now == null || outdated || now.of != taken.get() ? null : now.filter;
    }

    /// Names in the last filter.
    int names() {
        Made now = made;
        return now == null ? 0 : now.names;
    }

    /// Bytes of the last filter.
    int sizeBytes() {
        Made now = made;
        return now == null ? 0 : now.filter.bytes.length;
    }

    long builds() {
        return builds.get();
    }

    long failures() {
        return failures.get();
    }
}
