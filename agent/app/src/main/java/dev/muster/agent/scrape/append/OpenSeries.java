package dev.muster.agent.scrape.append;

import dev.muster.model.sample.Staleness;
import dev.muster.model.series.AppendResult;
import dev.muster.model.series.SampleAppender;
import java.util.BitSet;

/// The series of one target that have samples and no staleness marker after them. Confined to the
/// thread that appends.
final class OpenSeries {
    /*
     * Staleness follows Prometheus. A series is open when it has a committed sample at a tick and no
     * marker after it; samples with a time of their own do not open a series unless the job asks for
     * it. At the end of a good scrape, open series without a sample in it get a marker; a failed
     * scrape marks all of them. What is open changes only with a commit, so a scrape that is rolled
     * back half way changes nothing.
     */
    private final SampleAppender out;
    private final SeriesCache cache;
    private final AppendMetrics metrics;
    private final IntList fresh = new IntList();
    private final IntList inherited = new IntList();
    private int seen;

    OpenSeries(SampleAppender out, SeriesCache cache, AppendMetrics metrics) {
        this.out = out;
        this.cache = cache;
        this.metrics = metrics;
    }

    /// Takes over the series that another appender of the same target left open: those that the
    /// first good scrape does not have are then marked.
    void inherit(OpenSeries earlier) {
        for (int entry = earlier.cache.firstEntry(); entry < earlier.cache.endEntry(); entry++) {
            if (earlier.cache.isOpen(entry)) {
                inherited.add(earlier.cache.reference(entry));
            }
        }
        inherited.addAll(earlier.inherited);
    }

    void inherit(int reference) {
        inherited.add(reference);
    }

    /// A scrape begins, or what it saw so far is void.
    void begin() {
        fresh.clear();
        seen = 0;
    }

    /// The entry has a sample in this scrape whose end must be marked.
    void stamp(int entry, int round) {
        if (cache.stamped(entry) != round) {
            cache.markStamped(entry, round);
            if (cache.isOpen(entry)) {
                seen++;
            } else {
                fresh.add(entry);
            }
        }
    }

    /// Marks those that are open and were not stamped in this scrape.
    void markVanished(int round) {
        if (seen < cache.openCount()) {
            for (int entry = cache.firstEntry(); entry < cache.endEntry(); entry++) {
                if (cache.isOpen(entry) && cache.stamped(entry) != round) {
                    mark(cache.reference(entry));
                }
            }
        }
        markInherited(round);
    }

    /// Marks all that are open.
    void markAll(int round) {
        for (int entry = cache.firstEntry(); entry < cache.endEntry(); entry++) {
            if (cache.isOpen(entry)) {
                mark(cache.reference(entry));
            }
        }
        markInherited(round);
    }

    private void markInherited(int round) {
        if (inherited.size() == 0) {
            return;
        }
        BitSet present = new BitSet();
        for (int entry = cache.firstEntry(); entry < cache.endEntry(); entry++) {
            if (cache.stamped(entry) == round && cache.reference(entry) >= 0) {
                present.set(cache.reference(entry));
            }
        }
        for (int i = 0; i < inherited.size(); i++) {
            if (inherited.at(i) >= 0 && !present.get(inherited.at(i))) {
                mark(inherited.at(i));
            }
        }
    }

    /// Writes a staleness marker.
    void mark(int reference) {
        if (reference >= 0 && out.append(reference, Staleness.STALE) == AppendResult.APPENDED) {
            metrics.staleMarkers.increment();
        }
    }

    /// A scrape was committed: what is open from now on.
    void settle(boolean good, int round) {
        if (!good || seen < cache.openCount()) {
            for (int entry = cache.firstEntry(); entry < cache.endEntry(); entry++) {
                if (cache.isOpen(entry) && (!good || cache.stamped(entry) != round)) {
                    cache.setOpen(entry, false);
                }
            }
        }
        for (int i = 0; i < fresh.size(); i++) {
            cache.setOpen(fresh.at(i), true);
        }
        fresh.clear();
        inherited.clear();
    }
}
