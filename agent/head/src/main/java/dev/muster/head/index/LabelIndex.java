package dev.muster.head.index;

import dev.muster.model.labels.LabelMatcher;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Label name and value, as symbols, to the series that have them.
final class LabelIndex {
    /// A name's entry and the map of its values.
    private static final long NAME_BYTES =
            HeapSize.INTEGER + HeapSize.mapEntryBytes() + HeapSize.mapBytes(0);

    /// A value's entry, without its postings.
    private static final long VALUE_BYTES = HeapSize.INTEGER + HeapSize.mapEntryBytes();

    /// Postings up to this length are changed one by one.
    private static final int CHEAP = 64;

    private final Symbols symbols;
    private final Map<Integer, Map<Integer, Postings>> names = new HashMap<>();
    private long sizeBytes;

    LabelIndex(Symbols symbols) {
        this.symbols = symbols;
    }

    void add(int name, int value, int number) {
        Map<Integer, Postings> values = names.computeIfAbsent(name, key -> newValues());
        Postings postings = values.computeIfAbsent(value, key -> newPostings());
        long before = postings.sizeBytes();
        postings.add(number);
        sizeBytes += postings.sizeBytes() - before;
    }

    private Map<Integer, Postings> newValues() {
        sizeBytes += NAME_BYTES;
        return new HashMap<>();
    }

    private Postings newPostings() {
        Postings postings = new Postings();
        sizeBytes += VALUE_BYTES + postings.sizeBytes();
        return postings;
    }

    /// Takes a series out of one label's postings, unless they are long: then it returns false, and
    /// they are left to [#removeAll].
    boolean removeIfCheap(int name, int value, int number) {
        Postings postings = valuesOf(name).get(value);
        if (postings != null && postings.size() > CHEAP) {
            return false;
        }
        remove(name, value, number);
        return true;
    }

    /// Takes several series out of one label's postings.
    void removeAll(int name, int value, Numbers gone) {
        Map<Integer, Postings> values = valuesOf(name);
        Postings postings = values.get(value);
        if (postings == null) {
            return;
        }
        long before = postings.sizeBytes();
        postings.removeAll(gone);
        sizeBytes += postings.sizeBytes() - before;
        dropIfEmpty(name, value, values, postings);
    }

    void remove(int name, int value, int number) {
        Map<Integer, Postings> values = valuesOf(name);
        Postings postings = values.get(value);
        if (postings == null) {
            return;
        }
        long before = postings.sizeBytes();
        postings.remove(number);
        sizeBytes += postings.sizeBytes() - before;
        dropIfEmpty(name, value, values, postings);
    }

    private void dropIfEmpty(
            int name, int value, Map<Integer, Postings> values, Postings postings) {
        if (postings.size() == 0) {
            values.remove(value);
            sizeBytes -= VALUE_BYTES + postings.sizeBytes();
            if (values.isEmpty()) {
                names.remove(name);
                sizeBytes -= NAME_BYTES;
            }
        }
    }

    /// Memory of this object, roughly.
    long sizeBytes() {
        return sizeBytes;
    }

    /// Takes out of `result` the series for which the matcher does not hold.
    void restrict(Numbers result, LabelMatcher matcher, int capacity) {
        Map<Integer, Postings> values = valuesOf(symbols.find(matcher.name()));
        if (matcher instanceof LabelMatcher.NotEqual(_, var value) && !value.isEmpty()) {
            Postings postings = values.get(symbols.find(value));
            if (postings != null) {
                postings.removeFrom(result);
            }
            return;
        }
        if (matcher.matchesEmpty()) {
            values.forEach((symbol, postings) -> {
                if (!matcher.matches(symbols.text(symbol))) {
                    postings.removeFrom(result);
                }
            });
            return;
        }
        Numbers matching = new Numbers(capacity);
        Set<String> literals = literals(matcher);
        if (literals != null) {
            for (String literal : literals) {
                Postings postings = values.get(symbols.find(literal));
                if (postings != null) {
                    postings.addTo(matching);
                }
            }
        } else {
            values.forEach((value, postings) -> {
                if (matcher.matches(symbols.text(value))) {
                    postings.addTo(matching);
                }
            });
        }
        result.retain(matching);
    }

    /// The values that match, where they are few and known.
    private static @Nullable Set<String> literals(LabelMatcher matcher) {
        return switch (matcher) {
            case LabelMatcher.Equal(_, var value) -> Set.of(value);
            case LabelMatcher.Regex(_, var pattern) -> pattern.literals();
            case LabelMatcher.NotEqual _, LabelMatcher.NotRegex _ -> null;
        };
    }

    SortedSet<String> names(Numbers among, boolean everything) {
        SortedSet<String> found = new TreeSet<>();
        names.forEach((name, values) -> {
            if (everything || meets(values, among)) {
                found.add(symbols.text(name));
            }
        });
        return found;
    }

    SortedSet<String> values(String name, Numbers among, boolean everything) {
        SortedSet<String> found = new TreeSet<>();
        valuesOf(symbols.find(name))
                .forEach((value, postings) -> {
                    if (everything || postings.meets(among)) {
                        found.add(symbols.text(value));
                    }
                });
        return found;
    }

    private static boolean meets(Map<Integer, Postings> values, Numbers among) {
        for (Postings postings : values.values()) {
            if (postings.meets(among)) {
                return true;
            }
        }
        return false;
    }

    private Map<Integer, Postings> valuesOf(int name) {
        Map<Integer, Postings> values = names.get(name);
        return values == null ? Map.of() : values;
    }
}
