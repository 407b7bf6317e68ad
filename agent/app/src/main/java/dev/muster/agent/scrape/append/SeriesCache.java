package dev.muster.agent.scrape.append;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What is remembered of the series of one target: from the raw bytes of name and labels, as
/// written, to the reference of the series, and the text of its last value. Confined to the thread
/// that appends; allocates only when it grows.
final class SeriesCache {
    /*
     * Exporters write their series in the same order at each scrape. So each entry remembers which
     * entry followed it, and the bytes found next are first compared with those of that one:
     * a memcmp, no hash. Where the guess is wrong the table is asked, and the follower is put
     * right, so that a series that comes or goes costs two wrong guesses, not a scrape of them.
     *
     * Entries are numbered from 1 in order of arrival; 0 is the start of a body, whose follower is
     * the first series. Keys lie one after the other in `keys`; key `e` ends at `keyEnd[e]` and
     * starts where the one before ends. The table is open addressing over `slots`, 0 is empty;
     * entries never leave it but by compact(), which builds everything anew.
     *
     * A value's text of up to 15 bytes is kept in two longs, the length in the top byte of the
     * second, so that equal longs mean equal text.
     */
    static final int NONE = -1;

    /// Reference of a series that the first metric relabel rule drops; the next rule's is one less.
    private static final int DROPPED = -2;

    /// Scrapes after which a series refused by the series limit is tried again.
    static final int RETRY_ROUNDS = 60;

    /// Of the arrays by entry, the key and the slots not among them.
    private static final long ENTRY_BYTES = 7 * 4 + 1 + 3 * 8;

    private static final int START = 0;
    private static final int TEXT_LIMIT = 15;
    private static final int GARBAGE_LIMIT = 1_000;
    private static final long MIX = 0x9E3779B97F4A7C15L;
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long seed;
    private byte[] keys = new byte[4_096];
    private int[] keyEnd = new int[64];
    private int[] reference = new int[64];
    private int[] follower = new int[64];
    private int[] hashes = new int[64];
    private int[] seen = new int[64];
    private int[] stamped = new int[64];
    private boolean[] open = new boolean[64];
    private long[] text0 = new long[64];
    private long[] text1 = new long[64];
    private double[] value = new double[64];
    private int[] metric = new int[64];

    /// Start times; null until a series has one.
    private long @Nullable [] starts;

    private int[] slots = new int[128];
    private int size = 1;

    private int previous = START;
    private int openCount;
    private long guesses;
    private long misses;

    /// @param seed makes the table's order unknown to targets
    SeriesCache(long seed) {
        this.seed = seed;
    }

    /// Series remembered, whether or not they are still exposed.
    int size() {
        return size - 1;
    }

    /// Series that have samples and no staleness marker after them.
    int openCount() {
        return openCount;
    }

    long guesses() {
        return guesses;
    }

    long misses() {
        return misses;
    }

    /// Starts a body: the next key is expected to be its first.
    void restart() {
        previous = START;
    }

    /// The entry of the key `bytes[start, end)`, or [#NONE].
    int find(byte[] bytes, int start, int end) {
        int expected = follower[previous];
        if (expected != START && keyEquals(expected, bytes, start, end)) {
            guesses++;
            previous = expected;
            return expected;
        }
        misses++;
        int hash = hash(bytes, start, end);
        for (int slot = hash & (slots.length - 1); ; slot = (slot + 1) & (slots.length - 1)) {
            int entry = slots[slot];
            if (entry == 0) {
                return NONE;
            }
            if (hashes[entry] == hash && keyEquals(entry, bytes, start, end)) {
                follow(entry);
                return entry;
            }
        }
    }

    /// A new entry for a key that [#find] did not find.
    int add(byte[] bytes, int start, int end, int seriesReference) {
        if (size == reference.length) {
            grow();
        }
        int entry = size++;
        int from = keyEnd[entry - 1];
        int to = Math.addExact(from, end - start);
        if (to > keys.length) {
            keys = Arrays.copyOf(keys, Math.max(to, Math.multiplyExact(2, keys.length)));
        }
        System.arraycopy(bytes, start, keys, from, end - start);
        keyEnd[entry] = to;
        reference[entry] = seriesReference;
        hashes[entry] = hash(bytes, start, end);
        follower[entry] = START;
        seen[entry] = 0;
        stamped[entry] = 0;
        open[entry] = false;
        text1[entry] = -1;
        metric[entry] = SeriesLedger.NO_METRIC;
        if (starts != null) {
            starts[entry] = 0;
        }
        place(entry);
        follow(entry);
        return entry;
    }

    int reference(int entry) {
        return reference[entry];
    }

    void setReference(int entry, int seriesReference) {
        reference[entry] = seriesReference;
    }

    /// Number of the entry's metric in the ledger; [SeriesLedger#NO_METRIC] where the series is not
    /// stored.
    int metric(int entry) {
        return metric[entry];
    }

    void setMetric(int entry, int number) {
        metric[entry] = number;
    }

    /// Since when the series counts; 0 where that is not known.
    long startMs(int entry) {
        return starts == null ? 0 : starts[entry];
    }

    void setStartMs(int entry, long startMs) {
        if (starts == null) {
            starts = new long[reference.length];
        }
        starts[entry] = startMs;
    }

    /// The series is a new one in the store, which knows of no start.
    void forgetStart(int entry) {
        if (starts != null) {
            starts[entry] = 0;
        }
    }

    /// Scrape in which the entry was seen last; 0 if never.
    int seen(int entry) {
        return seen[entry];
    }

    void markSeen(int entry, int round) {
        seen[entry] = round;
    }

    /// Scrape in which the entry last had a sample whose end must be marked; 0 if never.
    int stamped(int entry) {
        return stamped[entry];
    }

    void markStamped(int entry, int round) {
        stamped[entry] = round;
    }

    boolean isOpen(int entry) {
        return open[entry];
    }

    void setOpen(int entry, boolean value) {
        if (open[entry] != value) {
            open[entry] = value;
            openCount += value ? 1 : -1;
        }
    }

    /// Was the last value of the entry written exactly as `bytes[start, end)`?
    boolean sameText(int entry, byte[] bytes, int start, int end) {
        int length = end - start;
        if (length > TEXT_LIMIT || start + 16 > bytes.length) {
            return false;
        }
        return text0[entry] == low(bytes, start, length)
                && text1[entry] == high(bytes, start, length);
    }

    double value(int entry) {
        return value[entry];
    }

    void remember(int entry, byte[] bytes, int start, int end, double newValue) {
        int length = end - start;
        if (length > TEXT_LIMIT || start + 16 > bytes.length) {
            text1[entry] = -1;
        } else {
            text0[entry] = low(bytes, start, length);
            text1[entry] = high(bytes, start, length);
        }
        value[entry] = newValue;
    }

    /// First and one past the last entry.
    int firstEntry() {
        return 1;
    }

    int endEntry() {
        return size;
    }

    /// Told of every entry that is forgotten.
    @FunctionalInterface
    interface Forgotten {
        /// @param metric as [#metric(int)]
        void accept(int metric);
    }

    /// Memory of all this.
    long sizeBytes() {
        return keys.length
                + reference.length * ENTRY_BYTES
                + slots.length * 4L
                + (starts == null ? 0 : starts.length * 8L);
    }

    /// Forgets entries not seen in `round`, when there are many, and gives their memory back.
    /// Entries are numbered anew.
    void compact(int round, Forgotten forgotten) {
        int kept = 0;
        for (int entry = 1; entry < size; entry++) {
            kept += isKept(entry, round) ? 1 : 0;
        }
        if (size - 1 - kept <= Math.max(kept, GARBAGE_LIMIT)) {
            return;
        }
        int[] renumbered = new int[size];
        int to = 1;
        for (int entry = 1; entry < size; entry++) {
            if (isKept(entry, round)) {
                renumbered[entry] = to;
                move(entry, to++);
            } else {
                forgotten.accept(metric[entry]);
            }
        }
        for (int entry = 0; entry < to; entry++) {
            follower[entry] = renumbered[follower[entry]];
        }
        size = to;
        if (reference.length > 4 * size) {
            resize(Math.max(64, size + size / 2));
            keys = Arrays.copyOf(keys, Math.max(4_096, keyEnd[size - 1]));
        }
        rebuildSlots(Math.max(128, Integer.highestOneBit(size) * 4));
        previous = START;
    }

    private boolean isKept(int entry, int round) {
        return seen[entry] == round || open[entry];
    }

    private void move(int from, int to) {
        int start = keyEnd[from - 1];
        int length = keyEnd[from] - start;
        // `to` is at most `from`, and ends below it were read before they are written
        System.arraycopy(keys, start, keys, keyEnd[to - 1], length);
        keyEnd[to] = keyEnd[to - 1] + length;
        reference[to] = reference[from];
        follower[to] = follower[from];
        hashes[to] = hashes[from];
        seen[to] = seen[from];
        stamped[to] = stamped[from];
        open[to] = open[from];
        text0[to] = text0[from];
        text1[to] = text1[from];
        value[to] = value[from];
        metric[to] = metric[from];
        if (starts != null) {
            starts[to] = starts[from];
        }
    }

    private void follow(int entry) {
        follower[previous] = entry;
        previous = entry;
    }

    private boolean keyEquals(int entry, byte[] bytes, int start, int end) {
        int from = keyEnd[entry - 1];
        int to = keyEnd[entry];
        return to - from == end - start && Arrays.equals(keys, from, to, bytes, start, end);
    }

    private int hash(byte[] bytes, int start, int end) {
        long hash = seed ^ (end - start);
        int at = start;
        for (; at + 8 <= end; at += 8) {
            hash = (hash ^ (long) LONG.get(bytes, at)) * MIX;
            hash ^= hash >>> 32;
        }
        for (; at < end; at++) {
            hash = (hash ^ bytes[at]) * MIX;
        }
        hash ^= hash >>> 32;
        return (int) ((hash * MIX) >>> 32);
    }

    private static long low(byte[] bytes, int start, int length) {
        long bits = (long) LONG.get(bytes, start);
        return length >= 8 ? bits : bits & ((1L << (8 * length)) - 1);
    }

    private static long high(byte[] bytes, int start, int length) {
        int rest = Math.max(0, length - 8);
        long bits = (long) LONG.get(bytes, start + 8) & ((1L << (8 * rest)) - 1);
        return bits | ((long) length << 56);
    }

    private void place(int entry) {
        if (size > slots.length / 2) {
            rebuildSlots(2 * slots.length);
            return;
        }
        int slot = hashes[entry] & (slots.length - 1);
        while (slots[slot] != 0) {
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = entry;
    }

    private void rebuildSlots(int length) {
        slots = new int[length];
        for (int entry = 1; entry < size; entry++) {
            int slot = hashes[entry] & (slots.length - 1);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = entry;
        }
    }

    private void grow() {
        resize(Math.addExact(size, Math.max(64, size / 2)));
    }

    private void resize(int capacity) {
        keyEnd = Arrays.copyOf(keyEnd, capacity);
        reference = Arrays.copyOf(reference, capacity);
        follower = Arrays.copyOf(follower, capacity);
        hashes = Arrays.copyOf(hashes, capacity);
        seen = Arrays.copyOf(seen, capacity);
        stamped = Arrays.copyOf(stamped, capacity);
        open = Arrays.copyOf(open, capacity);
        text0 = Arrays.copyOf(text0, capacity);
        text1 = Arrays.copyOf(text1, capacity);
        value = Arrays.copyOf(value, capacity);
        metric = Arrays.copyOf(metric, capacity);
        if (starts != null) {
            starts = Arrays.copyOf(starts, capacity);
        }
    }

    /// Name and labels of the entry as they were written: a copy.
    byte[] key(int entry) {
        return Arrays.copyOfRange(keys, keyEnd[entry - 1], keyEnd[entry]);
    }

    /// The reference of a series that metric relabel rule `rule` drops.
    static int dropped(int rule) {
        return DROPPED - rule;
    }

    static boolean isDropped(int seriesReference) {
        return seriesReference <= DROPPED;
    }

    /// The rule that drops the series of this reference.
    static int rule(int seriesReference) {
        return DROPPED - seriesReference;
    }

    /// Is the reference one of the head, so that samples can be appended?
    static boolean isStored(int seriesReference) {
        return seriesReference >= 0;
    }
}
