package dev.muster.blocks.read;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The tables of series that are in use, so that the blocks of a host share one while its series
/// stay the same. Thread-safe.
final class SeriesTables {
    private static final int CLEANED_ABOVE = 1_024;

    /// Strings remembered; a power of two.
    private static final int TEXTS = 1 << 14;

    private static final int MAKERS = 64;

    private final ConcurrentHashMap<Print, WeakReference<SeriesTable>> tables =
            new ConcurrentHashMap<>();

    /// By print, so that of several who want one table one makes it.
    private final ReentrantLock[] making = new ReentrantLock[MAKERS];

    /// By hash; the last of each. Written by many threads without order: any string will do.
    private final @Nullable String[] texts = new @Nullable String[TEXTS];

    /// What tells the columns of one table from those of another, as they lie in the file.
    ///
    /// @param hash XXH3-64 of the bytes
    /// @param crc CRC-32C of the bytes
    /// @param sizeBytes how many they are
    record Print(long hash, int crc, long sizeBytes) {}

    @FunctionalInterface
    interface Loader {
        SeriesTable load() throws IOException;
    }

    /// A table, and whether it was made for this call.
    record Found(SeriesTable table, boolean fresh) {}

    SeriesTables() {
        Arrays.setAll(making, i -> new ReentrantLock());
    }

    /// The table of a print if somebody has it.
    @Nullable SeriesTable known(Print print) {
        WeakReference<SeriesTable> known = tables.get(print);
        return known == null ? null : known.get();
    }

    Found find(Print print, Loader loader) throws IOException {
        SeriesTable table = known(print);
        if (table != null) {
            return new Found(table, false);
        }
        ReentrantLock lock = making[Math.floorMod(print.crc, MAKERS)];
        lock.lock();
        try {
            SeriesTable made = known(print);
            return made == null ? make(print, loader) : new Found(made, false);
        } finally {
            lock.unlock();
        }
    }

    private Found make(Print print, Loader loader) throws IOException {
        SeriesTable loaded = loader.load();
        if (tables.size() > CLEANED_ABOVE) {
            tables.values().removeIf(reference -> reference.get() == null);
        }
        tables.put(print, new WeakReference<>(loaded));
        return new Found(loaded, true);
    }

    /// A string equal to `text`, the same one where that is easy.
    String shared(String text) {
        int slot = (text.hashCode() ^ (text.hashCode() >>> 16)) & (TEXTS - 1);
        String there = texts[slot];
        if (there != null && there.equals(text)) {
            return there;
        }
        texts[slot] = text;
        return text;
    }
}
