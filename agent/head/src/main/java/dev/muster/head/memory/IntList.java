package dev.muster.head.memory;

import java.util.Arrays;

/// A growing list of numbers. Confined as its owner says.
final class IntList {
    private int[] numbers = new int[4];
    private int size;

    void add(int number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size * 2);
        }
        numbers[size++] = number;
    }

    int removeLast() {
        return numbers[--size];
    }

    int at(int index) {
        return numbers[index];
    }

    int size() {
        return size;
    }

    /// Takes the number out, where it is there.
    void remove(int number) {
        for (int i = 0; i < size; i++) {
            if (numbers[i] == number) {
                numbers[i] = numbers[--size];
                return;
            }
        }
    }

    /// These numbers, but those of another list.
    IntList without(IntList others) {
        int[] sorted = Arrays.copyOf(others.numbers, others.size);
        Arrays.sort(sorted);
        IntList rest = new IntList();
        for (int i = 0; i < size; i++) {
            if (Arrays.binarySearch(sorted, numbers[i]) < 0) {
                rest.add(numbers[i]);
            }
        }
        return rest;
    }

    /// The numbers from one index to another.
    IntList slice(int from, int to) {
        IntList some = new IntList();
        for (int i = from; i < to; i++) {
            some.add(numbers[i]);
        }
        return some;
    }

    /// Takes out all numbers from `limit` on.
    void keepBelow(int limit) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (numbers[i] < limit) {
                numbers[kept++] = numbers[i];
            }
        }
        size = kept;
    }

    /// These numbers, ascending and each once.
    IntList distinct() {
        int[] sorted = Arrays.copyOf(numbers, size);
        Arrays.sort(sorted);
        IntList rest = new IntList();
        for (int i = 0; i < size; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                rest.add(sorted[i]);
            }
        }
        return rest;
    }

    /// Sorts with the lowest number last.
    void sortDescending() {
        Arrays.sort(numbers, 0, size);
        for (int i = 0, k = size - 1; i < k; i++, k--) {
            int number = numbers[i];
            numbers[i] = numbers[k];
            numbers[k] = number;
        }
    }

    boolean contains(int number) {
        for (int i = 0; i < size; i++) {
            if (numbers[i] == number) {
                return true;
            }
        }
        return false;
    }

    void clear() {
        size = 0;
    }
}
