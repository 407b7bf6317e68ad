package dev.muster.launcher.demo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The body of one target of a benchmark, rendered once: at every scrape half of its values move,
/// by patching digits in place, so that the generator costs next to nothing beside what is
/// measured. Confined to one thread at a time.
final class BenchTarget {
    private static final int DIGITS = 9;
    private static final int SERIES_PER_FAMILY = 20;
    private static final int FIRST_VALUE = 100_000_000;

    private final byte[] body;
    private final int[] movingOffsets;

    BenchTarget(int index, int series) {
        var text = new StringBuilder(series * 90);
        List<Integer> moving = new ArrayList<>();
        for (var number = 0; number < series; number++) {
            var family = number / SERIES_PER_FAMILY;
            if (number % SERIES_PER_FAMILY == 0) {
                text.append("# HELP bench_metric_" + family + "_total One family of many.\n");
                text.append("# TYPE bench_metric_" + family + "_total counter\n");
            }
            text.append("bench_metric_" + family + "_total{device=\"dev" + number % 20);
            text.append("\",zone=\"zone-" + index % 5 + "\",path=\"/api/v1/resource\"} ");
            if (number % 2 == 0) {
                moving.add(text.length());
            }
            text.append(FIRST_VALUE + number * 7919 + index * 104_729).append('\n');
        }
        body = text.toString().getBytes(StandardCharsets.US_ASCII);
        movingOffsets = moving.stream().mapToInt(Integer::intValue).toArray();
    }

    /// The body of the next scrape. Valid until the next call.
    byte[] next() {
        for (var position = 0; position < movingOffsets.length; position++) {
            add(movingOffsets[position], 1 + position % 7);
        }
        return body;
    }

    private void add(int offset, int amount) {
        var carry = amount;
        for (var digit = offset + DIGITS - 1; digit >= offset && carry > 0; digit--) {
            var sum = body[digit] - '0' + carry;
            body[digit] = (byte) ('0' + sum % 10);
            carry = sum / 10;
        }
    }
}
