package dev.muster.head.memory;

import dev.muster.head.index.Numbers;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.Exemplar;
import dev.muster.model.time.TimeRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/// The newest exemplars of all series, up to a limit. Thread-safe.
final class ExemplarRing {
    /// Most characters of an exemplar's labels together: the limit of OpenMetrics.
    static final int LABELS_LIMIT = 128;

    /// Memory of an exemplar, its labels' texts taken as short; an estimate.
    private static final long ENTRY_BYTES = 320;

    private final int limit;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Map<Place, Entry> newest = new HashMap<>();
    private long appended;
    private long repeated;
    private long evicted;
    private long refused;

    /// Entries of series that are gone; they wait for their turn.
    private int forgotten;

    ExemplarRing(int limit) {
        this.limit = limit;
    }

    /// Where a series is.
    record Place(Origin origin, int slot) {}

    /// An exemplar among all, and among those of its series.
    private static final class Entry {
        private final Place place;
        private final Exemplar exemplar;
        private @Nullable Entry older;
        private @Nullable Entry newer;
        private boolean forgotten;

        Entry(Place place, Exemplar exemplar) {
            this.place = place;
            this.exemplar = exemplar;
        }
    }

    /// Would [#add] take it? Counts where not.
    synchronized boolean takes(Origin origin, int slot, Exemplar exemplar) {
        if (length(exemplar.labels()) > LABELS_LIMIT) {
            refused++;
            return false;
        }
        Entry last = newest.get(new Place(origin, slot));
        if (limit == 0 || !isNew(exemplar, last)) {
            repeated++;
            return false;
        }
        return true;
    }

    private static int length(Labels labels) {
        int length = 0;
        for (int i = 0; i < labels.size(); i++) {
            length += labels.name(i).length() + labels.value(i).length();
        }
        return length;
    }

    /// Is it neither older than the last one of its series, nor one of those at the same time?
    private static boolean isNew(Exemplar exemplar, @Nullable Entry last) {
        for (Entry entry = last; entry != null; entry = entry.older) {
            long heldMs = entry.exemplar.timestampMs();
            if (heldMs != exemplar.timestampMs()) {
                return entry != last || heldMs < exemplar.timestampMs();
            }
            if (entry.exemplar.equals(exemplar)) {
                return false;
            }
        }
        return true;
    }

    /// Adds an exemplar if it is new; the oldest one goes where there are too many.
    synchronized void add(Origin origin, int slot, Exemplar exemplar) {
        Place place = new Place(origin, slot);
        Entry last = newest.get(place);
        if (limit == 0 || !isNew(exemplar, last)) {
            return;
        }
        if (entries.size() == limit) {
            evict(entries.remove());
            last = newest.get(place);
        }
        Entry entry = new Entry(place, exemplar);
        entry.older = last;
        if (last != null) {
            last.newer = entry;
        }
        newest.put(place, entry);
        entries.add(entry);
        appended++;
    }

    private void evict(Entry oldest) {
        if (oldest.forgotten) {
            forgotten--;
            return;
        }
        evicted++;
        Entry newer = oldest.newer;
        if (newer == null) {
            newest.remove(oldest.place);
        } else {
            newer.older = null;
        }
    }

    /// Those of the slots whose series have no exemplars here.
    synchronized IntList without(Origin origin, IntList slots) {
        if (newest.isEmpty()) {
            return slots;
        }
        IntList rest = new IntList();
        for (int i = 0; i < slots.size(); i++) {
            if (!newest.containsKey(new Place(origin, slots.at(i)))) {
                rest.add(slots.at(i));
            }
        }
        return rest;
    }

    /// The slot lost its series.
    synchronized void forget(Origin origin, int slot) {
        Entry entry = newest.remove(new Place(origin, slot));
        while (entry != null) {
            entry.forgotten = true;
            forgotten++;
            entry = entry.older;
        }
    }

    /// Counts one that was not taken because of its time or size.
    synchronized void refuse() {
        refused++;
    }

    /// Hands out all exemplars in the order in which they came, with their slots.
    synchronized void forEach(ObjIntConsumer<Held> action) {
        for (Entry entry : entries) {
            if (!entry.forgotten) {
                action.accept(new Held(entry.place.origin, entry.exemplar), entry.place.slot);
            }
        }
    }

    /// An exemplar of a series of an origin.
    record Held(Origin origin, Exemplar exemplar) {}

    /// The exemplars in the range of some series, ascending in time. Called under the index lock.
    synchronized Map<Integer, List<Exemplar>> of(Numbers series, TimeRange range) {
        Map<Integer, List<Exemplar>> found = new HashMap<>();
        newest.forEach((place, last) -> {
            int number = place.origin.series(place.slot);
            if (number != Origin.FREE && series.contains(number)) {
                List<Exemplar> some = inRange(last, range);
                if (!some.isEmpty()) {
                    found.put(number, some);
                }
            }
        });
        return found;
    }

    private static List<Exemplar> inRange(Entry last, TimeRange range) {
        List<Exemplar> found = new ArrayList<>();
        for (Entry entry = last; entry != null; entry = entry.older) {
            if (range.contains(entry.exemplar.timestampMs())) {
                found.add(entry.exemplar);
            }
        }
        Collections.reverse(found);
        return found;
    }

    synchronized ExemplarCounts counts() {
        return new ExemplarCounts(entries.size() - forgotten, appended, repeated, evicted, refused);
    }

    /// Memory of this object, roughly.
    synchronized long sizeBytes() {
        return 200 + entries.size() * ENTRY_BYTES;
    }
}
