package dev.muster.head.index;

import dev.muster.model.labels.LabelMatcher;
import dev.muster.model.labels.Labels;
import dev.muster.model.sample.MetricMetadata;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;

/// All series by number: their labels, where their samples are, and which match. A series is a
/// label set of one origin; two origins with the same labels are two series here.
///
/// Columns of primitives by series number. Not thread-safe: guarded by a lock of the owner.
public final class SeriesIndex {
    private static final int FREE = -1;

    /// Memory of fewer free numbers is kept.
    private static final int TRIM_LEAST = 1_024;

    private final Symbols symbols = new Symbols();
    private final LabelStore labels = new LabelStore(symbols);
    private final LabelIndex values = new LabelIndex(symbols);
    private final MetadataStore metadata = new MetadataStore();

    private int[] hashes = new int[16];
    private int[] offsets = new int[16];
    private int[] origins = new int[16];
    private int[] slots = new int[16];
    private int[] metadataNumbers = new int[16];
    private final Numbers all = new Numbers(64);
    private int used;
    private int size;
    private int[] freeNumbers = new int[16];
    private int freeCount;

    /// Open addressing, linear probing; 0 is empty, else number + 1.
    private int[] table = new int[64];

    public int size() {
        return size;
    }

    /// Memory of this object, roughly.
    public long sizeBytes() {
        return hashes.length * 20L
                + freeNumbers.length * 4L
                + table.length * 4L
                + all.sizeBytes()
                + symbols.sizeBytes()
                + labels.sizeBytes()
                + values.sizeBytes()
                + metadata.sizeBytes();
    }

    public int symbols() {
        return symbols.size();
    }

    public int origin(int number) {
        return origins[number];
    }

    public int slot(int number) {
        return slots[number];
    }

    public Labels labels(int number) {
        return labels.labels(offsets[number]);
    }

    public MetricMetadata metadata(int number) {
        return metadata.of(metadataNumbers[number]);
    }

    public void describe(int number, MetricMetadata newMetadata) {
        int old = metadataNumbers[number];
        metadataNumbers[number] = metadata.add(newMetadata);
        metadata.remove(old);
    }

    /// The number of a series; -1 if there is none.
    public int find(Labels wanted, int origin) {
        int hash = hash(wanted, origin);
        for (int at = hash & (table.length - 1); ; at = (at + 1) & (table.length - 1)) {
            int number = table[at] - 1;
            if (number < 0) {
                return -1;
            }
            if (hashes[number] == hash
                    && origins[number] == origin
                    && labels.equal(offsets[number], wanted)) {
                return number;
            }
        }
    }

    /// Adds a series that is not there.
    ///
    /// @return its number
    public int add(Labels added, MetricMetadata addedMetadata, int origin, int slot) {
        int number = freeCount > 0 ? freeNumbers[--freeCount] : next();
        hashes[number] = hash(added, origin);
        offsets[number] = labels.add(added);
        origins[number] = origin;
        slots[number] = slot;
        metadataNumbers[number] = metadata.add(addedMetadata);
        all.set(number);
        labels.forEach(offsets[number], (name, value) -> values.add(name, value, number));
        size++;
        if (size * 2 > table.length) {
            rehash(table.length * 2);
        } else {
            insert(number);
        }
        return number;
    }

    private int next() {
        if (used == hashes.length) {
            int capacity = used + (used >> 1);
            hashes = Arrays.copyOf(hashes, capacity);
            offsets = Arrays.copyOf(offsets, capacity);
            origins = Arrays.copyOf(origins, capacity);
            slots = Arrays.copyOf(slots, capacity);
            metadataNumbers = Arrays.copyOf(metadataNumbers, capacity);
        }
        return used++;
    }

    public void remove(int number) {
        labels.forEach(offsets[number], (name, value) -> values.remove(name, value, number));
        free(number);
    }

    /// Removes many series, at the cost of one pass over the postings they are in: one by one, each
    /// would move the rest of every long one.
    public void removeAll(Numbers gone) {
        Set<Long> shared = new HashSet<>();
        for (int number = gone.next(0); number >= 0; number = gone.next(number + 1)) {
            int removed = number;
            labels.forEach(
                    offsets[number],
                    (name, value) -> {
                        if (!values.removeIfCheap(name, value, removed)) {
                            shared.add((long) name << 32 | value);
                        }
                    });
        }
        for (long label : shared) {
            values.removeAll((int) (label >>> 32), (int) label, gone);
        }
        for (int number = gone.next(0); number >= 0; number = gone.next(number + 1)) {
            free(number);
        }
        reuseInOrder();
    }

    /// The least number is given first, so that postings mostly grow at their end.
    private void reuseInOrder() {
        Arrays.sort(freeNumbers, 0, freeCount);
        for (int i = 0, j = freeCount - 1; i < j; i++, j--) {
            int number = freeNumbers[i];
            freeNumbers[i] = freeNumbers[j];
            freeNumbers[j] = number;
        }
    }

    private void free(int number) {
        delete(number);
        labels.remove(offsets[number]);
        metadata.remove(metadataNumbers[number]);
        all.clear(number);
        origins[number] = FREE;
        if (freeCount == freeNumbers.length) {
            freeNumbers = Arrays.copyOf(freeNumbers, freeCount * 2);
        }
        freeNumbers[freeCount++] = number;
        size--;
    }

    /// Packs the labels where much of their memory is of removed series, and gives back that of
    /// numbers behind all others.
    public void compact() {
        if (labels.wasteful()) {
            labels.compact(all, offsets);
        }
        symbols.trim();
        int last = used;
        while (last > 0 && origins[last - 1] == FREE) {
            last--;
        }
        if (used - last >= Math.max(TRIM_LEAST, used / 4)) {
            trim(last);
        }
    }

    private void trim(int last) {
        used = last;
        int capacity = Math.max(16, last);
        hashes = Arrays.copyOf(hashes, capacity);
        offsets = Arrays.copyOf(offsets, capacity);
        origins = Arrays.copyOf(origins, capacity);
        slots = Arrays.copyOf(slots, capacity);
        metadataNumbers = Arrays.copyOf(metadataNumbers, capacity);
        all.trim(last);
        int[] free = new int[Math.max(16, last - size)];
        freeCount = 0;
        for (int number = last - 1; number >= 0; number--) {
            if (origins[number] == FREE) {
                free[freeCount++] = number;
            }
        }
        freeNumbers = free;
        int tableSize = 64;
        while (tableSize < size * 2) {
            tableSize *= 2;
        }
        rehash(tableSize);
    }

    /// The series for which all matchers hold; the caller may change the set.
    public Numbers match(List<LabelMatcher> matchers) {
        Numbers result = all.copy();
        for (LabelMatcher matcher : matchers) {
            values.restrict(result, matcher, used);
        }
        return result;
    }

    public SortedSet<String> labelNames(Numbers among) {
        return values.names(among, among.size() == size);
    }

    public SortedSet<String> labelValues(String name, Numbers among) {
        return values.values(name, among, among.size() == size);
    }

    private static int hash(Labels labels, int origin) {
        int hash = labels.hashCode() * 31 + origin;
        hash ^= hash >>> 16;
        hash *= 0x85ebca6b;
        return hash ^ hash >>> 13;
    }

    private void insert(int number) {
        int at = hashes[number] & (table.length - 1);
        while (table[at] != 0) {
            at = (at + 1) & (table.length - 1);
        }
        table[at] = number + 1;
    }

    private void rehash(int capacity) {
        table = new int[capacity];
        for (int number = all.next(0); number >= 0; number = all.next(number + 1)) {
            insert(number);
        }
    }

    /// Takes a number out of the table and closes the gap.
    private void delete(int number) {
        int mask = table.length - 1;
        int gap = hashes[number] & mask;
        while (table[gap] != number + 1) {
            gap = (gap + 1) & mask;
        }
        int at = gap;
        while (true) {
            at = (at + 1) & mask;
            if (table[at] == 0) {
                break;
            }
            int home = hashes[table[at] - 1] & mask;
            if (((at - home) & mask) >= ((at - gap) & mask)) {
                table[gap] = table[at];
                gap = at;
            }
        }
        table[gap] = 0;
    }
}
