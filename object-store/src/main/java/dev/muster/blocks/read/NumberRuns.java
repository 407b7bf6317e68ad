package dev.muster.blocks.read;

import dev.muster.model.frame.ByteSink;
import dev.muster.model.frame.ByteSource;
import dev.muster.model.frame.FrameFormatException;
import java.util.Arrays;
import java.util.function.IntToLongFunction;

/// Numbers most of which are as the one before: of each run what it differs from the run before,
/// and its length.
final class NumberRuns {
    private NumberRuns() {}

    static void write(ByteSink into, int count, IntToLongFunction numbers) {
        long before = 0;
        for (int start = 0, end; start < count; start = end) {
            long number = numbers.applyAsLong(start);
            end = start + 1;
            while (end < count && numbers.applyAsLong(end) == number) {
                end++;
            }
            into.writeZigzag(number - before);
            into.writeVarint(end - start);
            before = number;
        }
    }

    static long[] read(ByteSource from, int count) throws FrameFormatException {
        long[] numbers = new long[count];
        long number = 0;
        for (int start = 0, end; start < count; start = end) {
            number += from.readZigzag();
            end = start + run(from, count - start);
            Arrays.fill(numbers, start, end, number);
        }
        return numbers;
    }

    static int[] readInts(ByteSource from, int count) throws FrameFormatException {
        int[] numbers = new int[count];
        long number = 0;
        for (int start = 0, end; start < count; start = end) {
            number += from.readZigzag();
            end = start + run(from, count - start);
            Arrays.fill(numbers, start, end, Math.toIntExact(number));
        }
        return numbers;
    }

    private static int run(ByteSource from, int most) throws FrameFormatException {
        int length = from.readCount("length of a run", most);
        if (length == 0) {
            throw new FrameFormatException("a run must not be empty");
        }
        return length;
    }
}
