package dev.muster.agent.scrape.append;

import java.util.Arrays;

/// A growing list of numbers. Confined to one thread.
final class IntList {
    private int[] items = new int[16];
    private int size;

    int size() {
        return size;
    }

    int at(int index) {
        return items[index];
    }

    void add(int item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, Math.multiplyExact(2, size));
        }
        items[size++] = item;
    }

    void addAll(IntList other) {
        for (int i = 0; i < other.size; i++) {
            add(other.items[i]);
        }
    }

    int removeLast() {
        return items[--size];
    }

    void clear() {
        size = 0;
    }
}
