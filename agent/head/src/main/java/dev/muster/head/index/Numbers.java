package dev.muster.head.index;

import java.util.Arrays;

/// A set of series numbers as a bitmap. Confined to one thread.
public final class Numbers {
    private long[] words;

    /// No numbers.
    public Numbers() {
        this(0);
    }

    Numbers(int capacity) {
        words = new long[(capacity + 63) >>> 6];
    }

    private Numbers(long[] words) {
        this.words = words;
    }

    Numbers copy() {
        return new Numbers(words.clone());
    }

    long sizeBytes() {
        return words.length * 8L;
    }

    /// Gives back the memory of numbers from `capacity` on, which are not in the set.
    void trim(int capacity) {
        words = Arrays.copyOf(words, Math.max(1, (capacity + 63) >>> 6));
    }

    /// Puts a number in.
    public void set(int number) {
        int word = number >>> 6;
        if (word >= words.length) {
            words = Arrays.copyOf(words, Math.max(word + 1, words.length * 2));
        }
        words[word] |= 1L << number;
    }

    /// Takes a number out.
    public void clear(int number) {
        words[number >>> 6] &= ~(1L << number);
    }

    /// Is the number in the set?
    public boolean contains(int number) {
        int word = number >>> 6;
        return word < words.length && (words[word] & 1L << number) != 0;
    }

    void retain(Numbers other) {
        for (int i = 0; i < words.length; i++) {
            words[i] &= i < other.words.length ? other.words[i] : 0;
        }
    }

    /// Adds the numbers of another set.
    public void add(Numbers other) {
        if (other.words.length > words.length) {
            words = Arrays.copyOf(words, other.words.length);
        }
        for (int i = 0; i < other.words.length; i++) {
            words[i] |= other.words[i];
        }
    }

    public int size() {
        int size = 0;
        for (long word : words) {
            size += Long.bitCount(word);
        }
        return size;
    }

    /// The least number not below `from`; -1 if there is none.
    public int next(int from) {
        int word = from >>> 6;
        if (word >= words.length) {
            return -1;
        }
        long rest = words[word] & -1L << from;
        while (rest == 0) {
            if (++word == words.length) {
                return -1;
            }
            rest = words[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(rest);
    }
}
