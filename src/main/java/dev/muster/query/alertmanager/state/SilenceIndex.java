package dev.muster.query.alertmanager.state;

import dev.muster.model.labels.Labels;
import dev.muster.query.alertmanager.match.Matcher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Silences by one pair of label and value that each wants, so that of thousands only those are
/// looked at that may match. Changed by one thread at a time, asked by any.
final class SilenceIndex {
    /*
     * A silence with a matcher such as host="web-1" stands under that pair, under the rarest one if there are several; others stand
     * under no pair and are looked at each time.
     */
    private static final Pair NONE = new Pair("", "");

    private final Map<Pair, Map<String, Silence>> byPair = new ConcurrentHashMap<>();

    private record Pair(String name, String value) {}

    void replace(@Nullable Silence before, Silence now) {
        Pair pair =
                before != null && before.matchers().equals(now.matchers())
                        ? place(before)
                        : rarest(now);
        if (before != null) {
            remove(before);
        }
        byPair.computeIfAbsent(pair, _ -> new ConcurrentHashMap<>()).put(now.id(), now);
    }

    void remove(Silence silence) {
        Pair pair = place(silence);
        byPair.computeIfPresent(
                pair,
                (key, all) -> {
                    all.remove(silence.id());
                    return all.isEmpty() ? null : all;
                });
    }

    private static List<Pair> pairs(Silence silence) {
        return silence.matchers().stream()
                .filter(matcher -> matcher.op() == Matcher.Op.EQUAL && !matcher.value().isEmpty())
                .map(matcher -> new Pair(matcher.name(), matcher.value()))
                .toList();
    }

    private Pair rarest(Silence silence) {
        Pair best = NONE;
        int least = Integer.MAX_VALUE;
        for (Pair pair : pairs(silence)) {
            Map<String, Silence> there = byPair.get(pair);
            int size = there == null ? 0 : there.size();
            if (size < least) {
                best = pair;
                least = size;
            }
        }
        return best;
    }

    /// Where a silence stands.
    private Pair place(Silence silence) {
        for (Pair pair : pairs(silence)) {
            Map<String, Silence> there = byPair.get(pair);
            if (there != null && there.containsKey(silence.id())) {
                return pair;
            }
        }
        return NONE;
    }

    /// All that may match, and some that do not.
    Collection<Silence> candidates(Labels labels) {
        if (byPair.isEmpty()) {
            return List.of();
        }
        List<Silence> found = new ArrayList<>();
        add(NONE, found);
        labels.forEach((name, value) -> add(new Pair(name, value), found));
        return found;
    }

    private void add(Pair pair, List<Silence> to) {
        Map<String, Silence> there = byPair.get(pair);
        if (there != null) {
            to.addAll(there.values());
        }
    }
}
