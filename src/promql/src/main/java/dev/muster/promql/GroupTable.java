package dev.muster.promql;

import dev.muster.model.labels.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of each group of series, in the order in which groups came first. A group that is
/// known is found without making its labels. Confined to one thread.
///
/// @param <G> what is known of a group
final class GroupTable<G> {
    private final Grouping grouping;
    private final String[] names;
    private final List<Labels> keys = new ArrayList<>();
    private final List<G> groups = new ArrayList<>();
    private int[] hashes = new int[16];

    /// Numbers of groups, plus 1, by hash; 0 for none. Its length is a power of two.
    private int[] table = new int[32];

    GroupTable(Grouping grouping) {
        this.grouping = grouping;
        names = grouping.names().toArray(String[]::new);
    }

    int size() {
        return groups.size();
    }

    Labels key(int index) {
        return keys.get(index);
    }

    G group(int index) {
        return groups.get(index);
    }

    List<G> groups() {
        return groups;
    }

    /// The group of a series; null if it is new.
    @Nullable G find(Labels labels) {
        int hash = hash(labels);
        int mask = table.length - 1;
        for (int at = spread(hash) & mask; table[at] != 0; at = (at + 1) & mask) {
            int index = table[at] - 1;
            if (hashes[index] == hash && belongs(labels, keys.get(index))) {
                return groups.get(index);
            }
        }
        return null;
    }

    /// Adds the group of a series, which must be new.
    ///
    /// @return its labels
    Labels add(Labels labels, G group) {
        Labels key = grouping.of(labels);
        int index = groups.size();
        if (index == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * index);
        }
        hashes[index] = hash(labels);
        keys.add(key);
        groups.add(group);
        if (4 * groups.size() > 3 * table.length) {
            grow();
        } else {
            enter(index);
        }
        return key;
    }

    private void grow() {
        table = new int[2 * table.length];
        for (int i = 0; i < groups.size(); i++) {
            enter(i);
        }
    }

    private void enter(int index) {
        int mask = table.length - 1;
        int at = spread(hashes[index]) & mask;
        while (table[at] != 0) {
            at = (at + 1) & mask;
        }
        table[at] = index + 1;
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9e3779b9;
        return mixed ^ (mixed >>> 16);
    }

    private int hash(Labels labels) {
        int hash = 0;
        if (grouping.by()) {
            for (String name : names) {
                hash = 31 * hash + labels.valueOf(name).hashCode();
            }
            return hash;
        }
        for (int i = 0; i < labels.size(); i++) {
            if (!isNamed(labels.name(i))) {
                hash = 31 * (31 * hash + labels.name(i).hashCode()) + labels.value(i).hashCode();
            }
        }
        return hash;
    }

    private boolean isNamed(String name) {
        for (String each : names) {
            if (each.equals(name)) {
                return true;
            }
        }
        return false;
    }

    /// Is that the key of these labels?
    private boolean belongs(Labels labels, Labels key) {
        if (grouping.by()) {
            for (String name : names) {
                if (!labels.valueOf(name).equals(key.valueOf(name))) {
                    return false;
                }
            }
            return true;
        }
        int at = 0;
        for (int i = 0; i < labels.size(); i++) {
            if (isNamed(labels.name(i))) {
                continue;
            }
            if (at == key.size()
                    || !key.value(at).equals(labels.value(i))
                    || !key.name(at).equals(labels.name(i))) {
                return false;
            }
            at++;
        }
        return at == key.size();
    }
}
