package dev.muster.head.index;

import dev.muster.model.labels.Labels;
import java.util.Arrays;

/// The labels of all series in one byte array: for each series the count of its labels and the
/// symbol numbers of names and values, as varints.
final class LabelStore {
    /// Smaller stores are not worth packing.
    private static final int PACK_BYTES = 64 << 10;

    private final Symbols symbols;
    private byte[] bytes = new byte[1024];
    private int size;
    private int deadBytes;
    private int cursor;

    LabelStore(Symbols symbols) {
        this.symbols = symbols;
    }

    /// What is done with the symbols of a label.
    @FunctionalInterface
    interface LabelAction {
        void accept(int name, int value);
    }

    /// @return where the labels start
    int add(Labels labels) {
        int offset = size;
        write(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            write(symbols.add(labels.name(i)));
            write(symbols.add(labels.value(i)));
        }
        return offset;
    }

    void remove(int offset) {
        cursor = offset;
        int symbolsLeft = 2 * read();
        while (symbolsLeft-- > 0) {
            symbols.remove(read());
        }
        deadBytes += cursor - offset;
    }

    Labels labels(int offset) {
        int[] at = {offset};
        String[] pairs = new String[2 * read(at)];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = symbols.text(read(at));
        }
        return Labels.of(pairs);
    }

    boolean equal(int offset, Labels labels) {
        int[] at = {offset};
        int count = read(at);
        if (count != labels.size()) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (!symbols.text(read(at)).equals(labels.name(i))
                    || !symbols.text(read(at)).equals(labels.value(i))) {
                return false;
            }
        }
        return true;
    }

    void forEach(int offset, LabelAction action) {
        int[] at = {offset};
        int count = read(at);
        for (int i = 0; i < count; i++) {
            int name = read(at);
            action.accept(name, read(at));
        }
    }

    /// Memory of this object, roughly.
    long sizeBytes() {
        return bytes.length;
    }

    boolean wasteful() {
        return size > PACK_BYTES && deadBytes > size / 2;
    }

    /// Moves the labels of the live series together and updates their offsets.
    void compact(Numbers live, int[] offsets) {
        byte[] packed = new byte[size - deadBytes];
        int at = 0;
        for (int number = live.next(0); number >= 0; number = live.next(number + 1)) {
            int start = offsets[number];
            cursor = start;
            int symbolsLeft = 2 * read();
            while (symbolsLeft-- > 0) {
                read();
            }
            System.arraycopy(bytes, start, packed, at, cursor - start);
            offsets[number] = at;
            at += cursor - start;
        }
        bytes = packed;
        size = at;
        deadBytes = 0;
    }

    private void write(int value) {
        if (size + 5 > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.addExact(bytes.length, (bytes.length >> 2) + 64));
        }
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private int read() {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes[cursor++];
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    /// As [#read()] for readers that run beside each other.
    private int read(int[] at) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes[at[0]++];
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
