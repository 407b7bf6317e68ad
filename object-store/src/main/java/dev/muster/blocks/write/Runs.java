package dev.muster.blocks.write;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;

/// The small numbers of one page, as runs of equal ones. Confined to the thread of its file.
final class Runs {
    /*
     * Parquet's RLE / bit-packing hybrid [1] with RLE runs alone: columns that go through here change with the series
     * and not with the sample.
     *
     * [1] https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
     */
    private int[] numbers = new int[16];
    private int[] lengths = new int[16];
    private int count;

    void add(int number, int length) {
        if (count > 0 && numbers[count - 1] == number) {
            lengths[count - 1] += length;
            return;
        }
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        numbers[count] = number;
        lengths[count] = length;
        count++;
    }

    void clear() {
        count = 0;
    }

    int count() {
        return count;
    }

    int number(int run) {
        return numbers[run];
    }

    int length(int run) {
        return lengths[run];
    }

    /// As the values of a dictionary page: the bit width, then the runs.
    BytesInput dictionaryIndexes(int bitWidth) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(8 * count + 1);
        out.write(bitWidth);
        write(out, bitWidth);
        return BytesInput.from(out.toByteArray());
    }

    /// As levels of 0 and 1.
    BytesInput levels() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(4 * count);
        write(out, 1);
        return BytesInput.from(out.toByteArray());
    }

    private void write(ByteArrayOutputStream out, int bitWidth) {
        int bytes = (bitWidth + 7) / 8;
        for (int run = 0; run < count; run++) {
            long header = (long) lengths[run] << 1;
            while (header >= 0x80) {
                out.write((int) (header & 0x7f) | 0x80);
                header >>>= 7;
            }
            out.write((int) header);
            for (int i = 0; i < bytes; i++) {
                out.write(numbers[run] >>> (8 * i));
            }
        }
    }
}
