package dev.muster.model.labels;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The identity of a series: label names with their values, sorted by name, no name twice, no value
/// empty.
///
/// The metric name is the label [#METRIC]. A label with an empty value is the same as no label, as
/// in PromQL. Names and values are any Unicode. The order of label sets is Prometheus': pair by
/// pair, names before values, by UTF-8 bytes. Immutable and thread-safe.
public final class Labels implements Comparable<Labels> {
    /// Name of the label that holds the metric name.
    public static final String METRIC = "__name__";

    public static final Labels EMPTY = new Labels(new String[0]);

    /// name, value, name, value, …
    private final String[] pairs;

    /// Computed on first use; 0 until then, as in [String#hashCode].
    private int hash;

    private Labels(String[] pairs) {
        this.pairs = pairs;
    }

    /// @param namesAndValues name, value, name, value, … in any order; cheapest ascending by name
    /// @throws IllegalArgumentException if a name is empty or stands there twice, or a value is
    ///   missing
    public static Labels of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "every label name must have a value: " + Arrays.toString(namesAndValues));
        }
        if (isCanonical(namesAndValues)) {
            return namesAndValues.length == 0 ? EMPTY : new Labels(namesAndValues.clone());
        }
        Builder builder = new Builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (builder.get(namesAndValues[i]) != null) {
                throw new IllegalArgumentException(
                        "label name must be unique: name=" + namesAndValues[i]);
            }
            builder.set(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /// Are names and values already as [#pairs] holds them? The common case where labels are read
    /// back.
    private static boolean isCanonical(String[] pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            boolean ascends =
                    i == 0 ? !pairs[0].isEmpty() : Utf8Order.compare(pairs[i - 2], pairs[i]) < 0;
            if (!ascends || pairs[i + 1].isEmpty()) {
                return false;
            }
        }
        return true;
    }

    public static Labels of(Map<String, String> labels) {
        Builder builder = new Builder();
        labels.forEach(builder::set);
        return builder.build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /// A builder that starts with these labels.
    public Builder toBuilder() {
        Builder builder = new Builder();
        forEach(builder::set);
        return builder;
    }

    public int size() {
        return pairs.length / 2;
    }

    public String name(int index) {
        return pairs[2 * index];
    }

    public String value(int index) {
        return pairs[2 * index + 1];
    }

    /// The value of label `name`; null where there is none.
    public @Nullable String get(String name) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equals(name)) {
                return pairs[i + 1];
            }
        }
        return null;
    }

    /// The value of label `name`; empty where there is none, which is how matchers see it.
    public String valueOf(String name) {
        String value = get(name);
        return value == null ? "" : value;
    }

    /// The metric name; empty where there is none.
    public String metric() {
        return valueOf(METRIC);
    }

    /// These labels without those named.
    public Labels without(Collection<String> names) {
        return kept(names, false);
    }

    /// Only those of these labels that are named.
    public Labels only(Collection<String> names) {
        return kept(names, true);
    }

    private Labels kept(Collection<String> names, boolean named) {
        int size = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            size += names.contains(pairs[i]) == named ? 2 : 0;
        }
        if (size == pairs.length) {
            return this;
        }
        if (size == 0) {
            return EMPTY;
        }
        String[] kept = new String[size];
        int at = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            if (names.contains(pairs[i]) == named) {
                kept[at++] = pairs[i];
                kept[at++] = pairs[i + 1];
            }
        }
        return new Labels(kept);
    }

    public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < pairs.length; i += 2) {
            action.accept(pairs[i], pairs[i + 1]);
        }
    }

    /// The canonical bytes: for each label in order its name in UTF-8, 0xFF, its value in UTF-8,
    /// 0xFF. Two label sets have the same bytes only if they are equal, because 0xFF does not occur
    /// in UTF-8.
    public byte[] canonicalBytes() {
        byte[][] parts = new byte[pairs.length][];
        int sizeBytes = pairs.length;
        for (int i = 0; i < pairs.length; i++) {
            parts[i] = pairs[i].getBytes(StandardCharsets.UTF_8);
            sizeBytes = Math.addExact(sizeBytes, parts[i].length);
        }
        byte[] bytes = new byte[sizeBytes];
        int offset = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, bytes, offset, part.length);
            offset += part.length;
            bytes[offset++] = (byte) 0xff;
        }
        return bytes;
    }

    /// The number of this series in blocks: XXH3-64 of [#canonicalBytes()]. The same everywhere and
    /// for good.
    public long seriesId() {
        byte[] bytes = canonicalBytes();
        return Xxh3.hash(bytes, bytes.length);
    }

    @Override
    public int compareTo(Labels other) {
        int shared = Math.min(pairs.length, other.pairs.length);
        for (int i = 0; i < shared; i++) {
            int order = Utf8Order.compare(pairs[i], other.pairs[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(pairs.length, other.pairs.length);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Labels labels && Arrays.equals(pairs, labels.pairs));
    }

    @Override
    public int hashCode() {
        int result = hash;
        if (result == 0) {
            result = Arrays.hashCode(pairs);
            hash = result;
        }
        return result;
    }

    /// As PromQL writes a selector of exactly this series: `name{a="b"}`, or `{a="b"}` without a
    /// metric name.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        String metric = metric();
        boolean plainMetric = LabelText.isLegacyMetricName(metric);
        if (plainMetric) {
            text.append(metric);
        }
        String separator = "{";
        if (!plainMetric && !metric.isEmpty()) {
            text.append(separator).append(LabelText.quoted(metric));
            separator = ", ";
        }
        for (int i = 0; i < pairs.length; i += 2) {
            if (!pairs[i].equals(METRIC)) {
                text.append(separator)
                        .append(LabelText.name(pairs[i]))
                        .append('=')
                        .append(LabelText.quoted(pairs[i + 1]));
                separator = ", ";
            }
        }
        if (!separator.equals("{")) {
            text.append('}');
        } else if (text.isEmpty()) {
            text.append("{}");
        }
        return text.toString();
    }

    /// Collects labels. Setting a name again replaces its value; an empty value removes the label.
    /// Not thread-safe.
    public static final class Builder {
        private final TreeMap<String, String> labels = new TreeMap<>(Utf8Order::compare);

        private Builder() {}

        public Builder set(String name, String value) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("label name must not be empty: value=" + value);
            }
            if (value.isEmpty()) {
                labels.remove(name);
            } else {
                labels.put(name, value);
            }
            return this;
        }

        public Builder remove(String name) {
            labels.remove(name);
            return this;
        }

        public @Nullable String get(String name) {
            return labels.get(name);
        }

        public Labels build() {
            if (labels.isEmpty()) {
                return EMPTY;
            }
            String[] pairs = new String[2 * labels.size()];
            int i = 0;
            for (Map.Entry<String, String> label : labels.entrySet()) {
                pairs[i++] = label.getKey();
                pairs[i++] = label.getValue();
            }
            return new Labels(pairs);
        }
    }
}
