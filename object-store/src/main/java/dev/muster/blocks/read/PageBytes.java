package dev.muster.blocks.read;

import java.util.Arrays;

/// The bytes of a page as they lie in the file, perhaps among others that came with them. Who has
/// it changes nothing in the array.
final class PageBytes {
    private final byte[] array;
    private final int start;
    private final int size;

    /// @param start where the page begins in the array
    PageBytes(byte[] array, int start, int size) {
        this.array = array;
        this.start = start;
        this.size = size;
    }

    static PageBytes of(byte[] page) {
        return new PageBytes(page, 0, page.length);
    }

    byte[] array() {
        return array;
    }

    int start() {
        return start;
    }

    int end() {
        return start + size;
    }

    int size() {
        return size;
    }

    /// An array that is the page alone: a copy where it lies among others.
    byte[] alone() {
        return size == array.length ? array : Arrays.copyOfRange(array, start, start + size);
    }
}
