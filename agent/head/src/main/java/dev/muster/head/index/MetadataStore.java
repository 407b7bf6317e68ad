package dev.muster.head.index;

import dev.muster.model.sample.MetricMetadata;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Metadata by number, each held once and counted: the series of a family share it.
final class MetadataStore {
    private final Map<MetricMetadata, Integer> numbers = new HashMap<>();
    private final List<MetricMetadata> held = new ArrayList<>();
    private final List<Integer> uses = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private long textBytes;

    int add(MetricMetadata metadata) {
        Integer known = numbers.get(metadata);
        if (known != null) {
            uses.set(known, uses.get(known) + 1);
            return known;
        }
        Integer reused = free.poll();
        int number = reused == null ? held.size() : reused;
        if (reused == null) {
            held.add(metadata);
            uses.add(1);
        } else {
            held.set(number, metadata);
            uses.set(number, 1);
        }
        numbers.put(metadata, number);
        textBytes += sizeOf(metadata);
        return number;
    }

    void remove(int number) {
        int left = uses.get(number) - 1;
        uses.set(number, left);
        if (left == 0) {
            numbers.remove(held.get(number));
            textBytes -= sizeOf(held.get(number));
            held.set(number, MetricMetadata.NONE);
            free.add(number);
        }
    }

    /// Memory of this object, roughly.
    long sizeBytes() {
        return HeapSize.mapBytes(numbers.size()) + held.size() * 24L + textBytes;
    }

    /// The record, its number and its texts.
    private static long sizeOf(MetricMetadata metadata) {
        return 24
                + HeapSize.INTEGER
                + HeapSize.textBytes(metadata.unit())
                + HeapSize.textBytes(metadata.help());
    }

    MetricMetadata of(int number) {
        return held.get(number);
    }
}
