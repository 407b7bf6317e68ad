package dev.muster.head.index;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Texts by number, each held once and counted. Guarded by the owner of the index.
final class Symbols {
    /// Memory of fewer free numbers is kept.
    private static final int TRIM_LEAST = 1_024;

    private final Map<String, Integer> numbers = new HashMap<>();
    private @Nullable String[] texts = new String[64];
    private int[] uses = new int[64];
    private int[] free = new int[16];
    private int freeCount;
    private int used;
    private long textBytes;

    /// The number of the text, one use more.
    int add(String text) {
        Integer known = numbers.get(text);
        int number;
        if (known != null) {
            number = known;
        } else {
            number = freeCount > 0 ? free[--freeCount] : next();
            texts[number] = text;
            numbers.put(text, number);
            textBytes += sizeOf(text);
        }
        uses[number]++;
        return number;
    }

    private int next() {
        if (used == texts.length) {
            texts = Arrays.copyOf(texts, used * 2);
            uses = Arrays.copyOf(uses, used * 2);
        }
        return used++;
    }

    /// One use less; a text that is not used goes.
    void remove(int number) {
        if (--uses[number] == 0) {
            numbers.remove(text(number));
            textBytes -= sizeOf(text(number));
            texts[number] = null;
            if (freeCount == free.length) {
                free = Arrays.copyOf(free, freeCount * 2);
            }
            free[freeCount++] = number;
        }
    }

    /// Gives back the memory of free numbers behind all others, where that is much; the lowest ones
    /// are used first then.
    void trim() {
        int last = used;
        while (last > 0 && texts[last - 1] == null) {
            last--;
        }
        if (used - last < Math.max(TRIM_LEAST, used / 4)) {
            return;
        }
        used = last;
        texts = Arrays.copyOf(texts, Math.max(64, last));
        uses = Arrays.copyOf(uses, Math.max(64, last));
        free = new int[Math.max(16, last - numbers.size())];
        freeCount = 0;
        for (int number = last - 1; number >= 0; number--) {
            if (texts[number] == null) {
                free[freeCount++] = number;
            }
        }
    }

    /// The number of the text; -1 if there is none.
    int find(String text) {
        Integer number = numbers.get(text);
        return number == null ? -1 : number;
    }

    String text(int number) {
        String text = texts[number];
        if (text == null) {
            throw new IllegalStateException("symbol must be in use: number=" + number);
        }
        return text;
    }

    int size() {
        return numbers.size();
    }

    /// Memory of this object, roughly.
    long sizeBytes() {
        return HeapSize.mapBytes(numbers.size()) + textBytes + texts.length * 8L + free.length * 4L;
    }

    /// A text, and its number as an object.
    private static long sizeOf(String text) {
        return HeapSize.textBytes(text) + HeapSize.INTEGER;
    }
}
