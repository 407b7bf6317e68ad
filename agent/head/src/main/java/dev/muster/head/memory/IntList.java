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
