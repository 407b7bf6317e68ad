package dev.muster.query.template;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A map from text to text; what it does not hold is the empty text.
public record Words(SortedMap<String, String> entries) {
    public static final Words EMPTY = new Words(Map.of());

    public Words {
        entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    }

    public Words(Map<String, String> entries) {
        this(new TreeMap<>(entries));
    }

    /// The value of a key; empty where there is none.
    public String get(String key) {
        return entries.getOrDefault(key, "");
    }
}
