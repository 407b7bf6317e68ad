package dev.muster.head.index;

import java.util.Arrays;

/// Numbers of the series that have one label with one value, ascending.
final class Postings {
    private int[] numbers = new int[2];
    private int size;

    int size() {
        return size;
    }

    /// Memory of this object, roughly.
    long sizeBytes() {
        return 24 + HeapSize.arrayBytes(numbers.length * 4L);
    }

    void add(int number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size + Math.max(2, size >> 1));
        }
        int at = size;
        if (size > 0 && numbers[size - 1] > number) {
            at = -1 - Arrays.binarySearch(numbers, 0, size, number);
            System.arraycopy(numbers, at, numbers, at + 1, size - at);
        }
        numbers[at] = number;
        size++;
    }

    void remove(int number) {
        int at = Arrays.binarySearch(numbers, 0, size, number);
        System.arraycopy(numbers, at + 1, numbers, at, size - at - 1);
        size--;
        if (size < numbers.length / 4) {
            numbers = Arrays.copyOf(numbers, Math.max(2, size * 2));
        }
    }

    /// Takes out all that are in `gone`, at the cost of one pass.
    void removeAll(Numbers gone) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (!gone.contains(numbers[i])) {
                numbers[kept++] = numbers[i];
            }
        }
        size = kept;
        if (size < numbers.length / 4) {
            numbers = Arrays.copyOf(numbers, Math.max(2, size * 2));
        }
    }

    void addTo(Numbers into) {
        for (int i = 0; i < size; i++) {
            into.set(numbers[i]);
        }
    }

    void removeFrom(Numbers from) {
        for (int i = 0; i < size; i++) {
            from.clear(numbers[i]);
        }
    }

    boolean meets(Numbers other) {
        for (int i = 0; i < size; i++) {
            if (other.contains(numbers[i])) {
                return true;
            }
        }
        return false;
    }
}
